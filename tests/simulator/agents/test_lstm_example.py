"""An LSTM agent that is written from the contract alone meets its demands, trains, resumes and is cross-played."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

import hubbub
from hubbub.simulator.agents import agent
from hubbub.simulator.registry import load_module
from hubbub.simulator.store import load_checkpoint

EXAMPLE = Path(__file__).parents[3] / "examples" / "lstm_agent.py"
SMALL = {
    "modules": [str(EXAMPLE)],
    "topology.kind": "ring",
    "topology.n_agents": 5,
    "topology.neighbours": 1,
    "referents.values": 2,
    "channel.vocabulary": 6,
    "training.games_per_step": 8,
    "training.learning_rate": 0.01,
    "engine.record_every": 25,
    "engine.checkpoint_every": 25,
    "agent.kind": "lstm",
    "agent.hidden": 16,
}


@pytest.fixture
def forget(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example is registered for one test only."""
    assert "gru" in agent
    monkeypatch.setattr(agent, "_entries", dict(agent._entries))
    yield
    for name in [name for name in sys.modules if name.startswith("hubbub_user_")]:
        del sys.modules[name]


@pytest.mark.usefixtures("forget")
def test_it_meets_all_demands() -> None:
    load_module(str(EXAMPLE))
    assert hubbub.check_agent("lstm", hidden=8)


@pytest.mark.usefixtures("forget")
@pytest.mark.parametrize("estimator", ["gumbel", "reinforce"])
@pytest.mark.parametrize("game", ["reconstruction", "discrimination"])
def test_it_trains_resumes_and_is_cross_played(estimator: str, game: str, tmp_path: Path) -> None:
    rules = {"game.kind": game, **({"game.candidates": 2} if game == "discrimination" else {})}
    settings = {**SMALL, **rules, "channel.estimator": estimator}
    whole = hubbub.run("group-size", {**settings, "training.steps": 150}, out=tmp_path / "whole")
    hubbub.run("group-size", {**settings, "training.steps": 75}, out=tmp_path / "parts")
    parts = hubbub.resume(tmp_path / "parts", {"training.steps": 150}, allow_modules=True)
    assert parts.metric_rows().equals(whole.metric_rows())
    left, right = load_checkpoint(whole.path).tensors, load_checkpoint(parts.path).tensors
    assert all(torch.equal(left[name], right[name]) for name in left)
    train = whole.lexicon(150).splits["train"]
    assert train.success.shape == (5, 5)
    assert np.isfinite(train.success).all()
    _, loss = whole.metric("loss")
    assert loss[-2:].mean() < 0.8 * loss[0]
