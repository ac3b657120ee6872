"""The reproduction of percolation: that it runs from end to end in small, and claims follow from its rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from hubbub.scenarios import resume, run
from hubbub.scenarios.reproductions import RunSet, Table, reproduction
from hubbub.scenarios.reproductions.percolation.claims import claims as claims_of
from hubbub.scenarios.reproductions.percolation.measures import FLOORS, Learning
from hubbub.scenarios.reproductions.writing import write_outcome
from hubbub.scenarios.running import load_system


def test_percolation_from_end_to_end(here: Callable[..., RunSet], tmp_path: Path) -> None:
    tiny = {"entities": 40, "steps": {100: 4, 200: 8}, "seeds": 2, "width": 4, "batch": 8, "record_every": 4}
    outcome = reproduction["percolation"]("small", **tiny, source_values=(900, 1800)).reproduce(here())
    rows = outcome.table.having("loss").rows
    assert [(row["values"], row["step"]) for row in rows if row["seed"] == 1] == [
        (100, 0),
        (100, 4),
        (200, 0),
        (200, 4),
        (200, 8),
    ]
    claims = {claim.name: claim for claim in outcome.claims}
    assert claims["control: giant component"].verdict == "holds"
    assert claims["control: descriptive"].verdict == "does not hold"  # nothing is learnt in 8 steps
    assert claims["exponent, descriptive"].verdict == "not decided"
    assert math.isnan(claims["exponent, descriptive"].value.value)
    assert all(row["transition_said"] >= 1 for row in outcome.table.having("transition_said"))
    assert {row["entities"] for row in outcome.table.having("said_step")} == {40, 900}
    files = write_outcome(outcome, tmp_path / "out", command="hubbub …")
    assert all(file.stat().st_size > 0 for file in files)


def table(at: dict[str, float], *, power: float) -> Table:
    """Return what was found where each measure rises at a step of its own that grows as a power of n_K."""
    rows = [
        {"values": values, "seed": seed, "step": step}
        | {
            name: floor
            + (1 - floor) / (1 + math.exp(-(step - at[name] * (1 + 0.1 * seed) * (values / 400) ** power) / 40))
            for name, floor in FLOORS.items()
        }
        for values, steps in ((400, 2000), (1600, 4000))
        for seed in range(2)
        for step in range(0, steps + 1, 20)
    ]
    said = [
        {
            "entities": 40,
            "batch": 8,
            "values": values,
            "seed": seed,
            "joined": joined,
            "said_step": (3.0 + seed) * times,
        }
        for values, times in ((400, 1), (1600, 2))
        for joined in (False, True)
        for seed in range(2)
    ]
    return Table([*rows, *said])


def made(at: dict[str, float], *, power: float) -> Learning:
    return Learning(table(at, power=power))


def test_transitions_are_found_seed_by_seed_and_so_are_exponents() -> None:
    at = dict.fromkeys(FLOORS, 300.0) | {"descriptive": 600.0, "unscrambled": 900.0}
    found = made(at, power=0.5)
    np.testing.assert_allclose(found.steps("descriptive"), [[600, 1200], [660, 1320]], rtol=0.01)
    assert found.exponent("reachable").value == pytest.approx(0.5, abs=0.01)
    assert made(at, power=0.2).exponent("descriptive").value == pytest.approx(0.2, abs=0.01)
    quarter = np.array(found.steps("descriptive", way=0.25))
    np.testing.assert_allclose(found.steps("descriptive") - quarter, 40 * math.log(3), rtol=0.1)
    assert found.exponent("said").value == pytest.approx(0.5)
    assert found.at_relative("unscrambled").value < 0.001
    assert found.at_relative("completed").value == pytest.approx(0.5, abs=0.02)
    claims = {claim.name: claim for claim in claims_of(table(at, power=0.5))}
    assert claims["relative first (n_K = 400)"].value.value == pytest.approx(2, rel=0.01)
    assert claims["tasks, completed"].verdict == "does not hold"
    assert found.transitions()[0]["transition_descriptive"] == pytest.approx(600, rel=0.01)


def test_a_seed_without_a_transition_has_no_exponent() -> None:
    found = made(dict.fromkeys(FLOORS, 300.0) | {"descriptive": 1500.0}, power=0.9)
    assert np.isnan(found.steps("descriptive")[:, 1]).all()
    exponent = found.exponent("descriptive")
    assert math.isnan(exponent.value)
    assert exponent.reason == "2 of 2 seeds left out"


def test_types_of_a_single_sentence_are_not_judged() -> None:
    found = made(dict.fromkeys(FLOORS, 300.0) | {"grammaticality": -500.0}, power=0.0)
    seen = Learning(
        Table({**row, "descriptive": 1.0, "grammaticality": 0.04} if row["step"] == 20 else row for row in found.table)
    )
    assert seen.curves("descriptive", 400).values[:, 1].tolist() == [0, 0]
    assert seen.curves("descriptive", 400).values[:, 2].tolist() == pytest.approx([0.1, 0.1], abs=0.01)
    assert seen.curves("reachable", 400).values[0, 1] == found.curves("reachable", 400).values[0, 1] > 0


def test_a_run_in_two_parts_is_a_run_in_one(tmp_path: Path) -> None:
    tiny = {
        "task.entities": 40,
        "task.values": 100,
        "task.width": 4,
        "task.batch": 8,
        "networks.seeds": 2,
        "training.steps": 4,
        "engine.record_every": 2,
        "engine.checkpoint_every": 2,
    }
    whole = run("percolation", tiny, out=tmp_path / "whole")
    run("percolation", {**tiny, "training.steps": 2}, out=tmp_path / "parts")
    parts = resume(tmp_path / "parts", {"training.steps": 4})
    assert parts.metric_rows().equals(whole.metric_rows())
    one, other = (load_system(made.path).state().tensors for made in (whole, parts))
    assert one.keys() == other.keys() and all(torch.equal(values, other[name]) for name, values in one.items())
