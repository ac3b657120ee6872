"""Reproductions about solvable networks: that they run from end to end in small, and claims follow from their rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from hubbub.scenarios.reproductions import RunSet, Table, neural_collapse, reproduction
from hubbub.scenarios.reproductions.attention_transition import ALPHAS, at_end, transition
from hubbub.scenarios.reproductions.writing import write_outcome


def test_attention_from_end_to_end(here: Callable[..., RunSet], tmp_path: Path) -> None:
    tiny = {"dimension": 20, "seeds": 4, "steps": 60}
    outcome = reproduction["attention-transition"]("small", **tiny).reproduce(here())
    assert len(outcome.table) == 4 * len(ALPHAS) * (2 * 2 + 4 * 3 + 2 * 2)
    claims = {claim.name: claim for claim in outcome.claims}
    assert claims["1000 e_g, linear"].value.value == pytest.approx(2, rel=0.3)
    assert claims["α_c"].value.n <= 4
    files = write_outcome(outcome, tmp_path / "out", command="hubbub …")
    assert all(file.stat().st_size > 0 for file in files)


def test_the_transition_is_where_the_losses_cross_seed_by_seed() -> None:
    rows = [
        {"omega": 0.3, "sample_complexity": alpha, "start": start, "seed": seed, "step": 9, "last": True}
        | {"train_loss": 1.0 if start == "positional" else 1.0 + at - alpha}
        for seed, at in enumerate((1.1, 1.3))
        for alpha in ALPHAS
        for start in ("semantic", "positional")
    ]
    table = Table(rows)
    assert [each.value for each in transition(table).each] == pytest.approx([1.1, 1.3])
    gap = at_end(table, "positional").minus(at_end(table, "semantic"), "train_loss")
    assert gap.value == pytest.approx(0.8)


def test_neural_collapse_from_end_to_end(here: Callable[..., RunSet]) -> None:
    whole = neural_collapse.CLUSTERS
    small = dataclasses.replace(whole, widths=(8,), per_class=3, scales=(0.3, 1.0), steps=240, seeds=2)
    outcome = reproduction["neural-collapse"]("small", kinds=(small,), records=2).reproduce(here())
    assert sorted({row["step"] for row in outcome.table}) == [0, 120, 240]
    assert len(outcome.table) == 3 * 2 * 2
    for row in outcome.table:
        assert row["kappa_lambda_single"] == pytest.approx(row["kappa_sample"] - row["kappa_class"], rel=1e-4)
    claims = {claim.name: claim for claim in outcome.claims}
    [start], [end] = (
        [row["nc1"] for row in outcome.table if (row["seed"], row["weight_scale"], row["step"]) == (1, 0.3, step)]
        for step in (0, 240)
    )
    assert claims[f"NC1 ({whole.name})"].value.each[1].value == pytest.approx(end / start, rel=1e-4)
    assert "clusters-dense" in outcome.figures


def test_sparse_parity_from_end_to_end(here: Callable[..., RunSet]) -> None:
    outcome = reproduction["sparse-parity"]("small", seeds=2, width=8, batch=10, steps=30).reproduce(here())
    assert len(outcome.table) == 2 * 5
    claims = {claim.name: claim for claim in outcome.claims}
    assert claims["times"].verdict == "not decided"  # nothing is learnt in 30 steps
    assert "skills" in outcome.figures
    assert "samples -0.375 (-0.375)" in outcome.remarks[-1]
