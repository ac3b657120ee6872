"""Compiled agents compute what plain ones do."""

from __future__ import annotations

import functools

import pytest
import torch

from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble

SMALL = {
    "name": "small",
    "topology": {"kind": "ring", "n_agents": 4},
    "agent": {"kind": "gru", "hidden": 8, "embedding": 4},
    "training": {"games_per_step": 4},
}


@pytest.mark.filterwarnings("ignore:Guards may run slower")  # torch, on Python 3.13.0 alone
@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf")  # torch, while it traces
def test_a_compiled_population_takes_the_steps_of_a_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled_with: list[object] = []
    plain_compile = functools.partial(torch.compile, backend="aot_eager")  # everything but the code generator

    def watched(function: object) -> object:
        compiled_with.append(function)
        return plain_compile(function)  # type: ignore[call-overload]

    monkeypatch.setattr(torch, "compile", watched)
    compiled, plain = (assemble(load(SMALL, {"engine.compile": choice})) for choice in (True, False))
    assert len(compiled_with) == 2
    compiled.step(3)
    plain.step(3)
    for one, other in zip(compiled.blocks, plain.blocks, strict=True):
        torch.testing.assert_close(one.flat, other.flat)
