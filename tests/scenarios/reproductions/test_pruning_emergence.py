"""The reproduction of path emergence: that it runs from end to end in small, and that claims follow from its rows."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from hubbub.scenarios.reproductions import RunSet, Table, pruning_emergence, reproduction
from hubbub.scenarios.reproductions.pruning_emergence import measures


def test_from_end_to_end(here: Callable[..., RunSet]) -> None:
    small = {
        "kinds": (pruning_emergence.Kind("digits", "dense", 10),),
        "seeds": 2,
        "landscape": measures.Landscape(samples=20, lines=1, points=7, plane=4, probes=2),
        "alphas": (1.0, 1.5, 2.0),
        "early_steps": 5,
        "widths": ((8, 4), (32, 16)),
    }
    outcome = reproduction["pruning-emergence"]("small", **small).reproduce(here())
    claims = {claim.name: claim for claim in outcome.claims}
    assert claims["larger networks have more"].value.value > 1
    assert claims["pruning lowers E, mask-aware (digits, dense)"].verdict == "holds"
    assert claims["control: they learn"].value.value < 0.9
    course = outcome.table.where(part="training", case="initialisation").rows
    assert sorted({row["step"] for row in course}) == list(range(11))
    assert len(course) == 11 * 4 * 2
    assert {"paths", "relative", "phase-digits-dense", "early-digits-dense", "landscape"} <= outcome.figures.keys()


def test_ratios_are_taken_by_seed() -> None:
    rows = [
        {"part": "training", "case": "initialisation", "kind": "k", "pruning": 0.0, "seed": seed, "step": step}
        | {"last": step == 5, "paths": paths}
        for seed, at in enumerate(([10.0, 5.0], [4.0, 1.0]))
        for step, paths in zip((0, 5), at, strict=True)
    ]
    fall = measures.fall(Table(rows), "k")
    assert [each.value for each in fall.each] == pytest.approx([0.5, 0.25])
    assert fall.value == pytest.approx(math.sqrt(0.5 * 0.25))


def test_early_learning_is_compared_with_paths_at_the_start_within_each_seed() -> None:
    rows = [
        {"part": "early", "case": "alpha", "kind": "k", "learning_rate": 0.05, "seed": seed, "alpha": alpha}
        | {
            "last": last,
            "step": 100 * last,
            "paths": -alpha if last else alpha,
            "early_accuracy": seed * 10 + sign * alpha,
        }
        for seed, sign in ((0, 1), (1, -1))
        for alpha in (1.0, 1.5, 2.0)
        for last in (False, True)
    ]
    found = measures.along_alpha(Table(rows), "k", "paths", "early_accuracy", 0.05)
    assert [each.value for each in found.each] == pytest.approx([1, -1])
