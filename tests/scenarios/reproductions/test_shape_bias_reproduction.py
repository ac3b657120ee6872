"""Shape bias from end to end in small: the run, its resumption, and claims that follow from rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from hubbub.analysis.trainings import network_metric
from hubbub.scenarios import resume, run
from hubbub.scenarios.loading import load
from hubbub.scenarios.reproductions import RunSet, Table, reproduction
from hubbub.scenarios.reproductions.shape_bias import claims
from hubbub.scenarios.reproductions.writing import write_outcome
from hubbub.scenarios.running import load_system
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import open_run
from hubbub.simulator.training.tasks import shapes_and_textures

TINY = {
    "task.shares": [1.0, 0.1],
    "task.channels": [2, 3],
    "task.pictures": 40,
    "task.conflicts": 24,
    "networks.seeds": 2,
    "training.steps": 6,
    "engine.record_every": 2,
    "engine.checkpoint_every": 4,
}
SHARES = (1.0, 0.3, 0.1, 0.05)
SIZE = {"runs": 2, "seeds": 1, "shares": SHARES, "channels": (2, 2), "pictures": 40, "conflicts": 12, "batch": 4}


@pytest.fixture(autouse=True)
def _few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes_and_textures, "HELD_OUT", 41)


def test_a_run_in_two_parts_is_a_run_in_one(tmp_path: Path) -> None:
    whole = run("shape-bias", TINY, out=tmp_path / "whole")
    run("shape-bias", {**TINY, "training.steps": 4}, out=tmp_path / "parts")
    parts = resume(tmp_path / "parts", {"training.steps": 6})
    assert parts.metric_rows().equals(whole.metric_rows())
    own, others = load_system(whole.path).state().tensors, load_system(parts.path).state().tensors
    assert own["parameters.top_k1.kept"].tolist() == [256, 256, 25, 25]
    for name, values in own.items():
        assert torch.equal(values, others[name]), name


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"task.kind": "shapes-and-texture"}, "did you mean 'shapes-and-textures'"),
        ({"task.share": [0.3]}, "did you mean 'shares'"),
        ({"task.shares": [0]}, "task.shares"),
        ({"task.conflicts": 8}, "task.conflicts"),
        ({"task.channels": [1, 2, 3, 4, 5]}, "task.channels"),
    ],
)
def test_bad_settings_are_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load("shape-bias", change)


def test_from_end_to_end(here: Callable[..., RunSet], tmp_path: Path) -> None:
    outcome = reproduction["shape-bias"]("small", **SIZE, steps=6, records=1).reproduce(here())
    asked = {(row["trained"], row["kept"]) for row in outcome.table}
    assert asked == {(1.0, kept) for kept in SHARES} | {(share, share) for share in SHARES}
    assert len(outcome.table) == 2 * len(asked)
    assert sorted({row["seed"] for row in outcome.table}) == [0, 1]
    made = open_run(tmp_path / "runs" / "run-1")
    networks = load_system(made.path)
    biases = network_metric(made, "shape_bias")[1][-1]
    seen = {(row["trained"], row["kept"]): row for row in outcome.table if row["seed"] == 1}
    for network, bias in zip(networks.networks, biases, strict=True):
        share = network.of_task["share"]
        assert seen[share, share]["value"] == pytest.approx(bias, abs=1e-5)
    sparse = {name: values[:1].detach() for name, values in networks.parameters.items()}
    sparse |= {name: values[None] for name, values in networks.task.kept(0.05).items()}
    applied = networks.task.observe(sparse, networks.networks[:1], closely=False)
    assert seen[1.0, 0.05]["accuracy"] == pytest.approx(float(applied["accuracy"][0]), abs=1e-5)
    assert seen[1.0, 0.05]["accuracy"] != seen[1.0, 1.0]["accuracy"]
    assert set(outcome.figures) == {"shares", "training", "pictures"}
    files = write_outcome(outcome, tmp_path / "out", command="hubbub …")
    assert all(file.stat().st_size > 0 for file in files)


def test_claims_follow_from_rows() -> None:
    biases = {(1.0, 1.0): 0.1, (0.3, 0.3): 0.3, (0.1, 0.1): 0.05, (0.05, 0.05): 0.1}
    biases |= {(1.0, 0.3): 0.12, (1.0, 0.1): 0.4, (1.0, 0.05): 0.5}
    rows = [
        {"seed": seed, "trained": trained, "kept": kept, "value": bias + seed / 100, "accuracy": 0.9 + seed / 100}
        | {"shape_fraction": 0.2, "texture_fraction": 0.5, "shape_seen": 0.1 + (bias - 0.1) / 10 * (trained < 1)}
        for seed in range(4)
        for (trained, kept), bias in biases.items()
    ]
    found = {claim.name: claim for claim in claims(Table(rows))}
    values = {name: claim.value.value for name, claim in found.items()}
    verdicts = {name: claim.verdict for name, claim in found.items()}
    assert values["control: they learn"] == pytest.approx(0.915)
    assert values["dense networks go by texture"] == pytest.approx(0.115)
    assert values["fewer reverses it"] == pytest.approx(0.25)
    assert values["30 % in training, bias"] == pytest.approx(0.2)
    assert values["30 % in training, shape seen"] == pytest.approx(0.02)
    assert values["10 % in training, bias"] == pytest.approx(-0.05)
    assert values["10 % after training, bias"] == pytest.approx(0.3)
    assert values["10 % after training, shape seen"] == pytest.approx(0)
    assert verdicts["30 % in training, bias"] == "holds"
    assert verdicts["10 % in training, bias"] == "does not hold"
    assert "above 0 in 4 of 4 seeds" in found["30 % in training, bias"].note
