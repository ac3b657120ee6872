"""Reproductions about memories: that they run from end to end in small, and that claims follow from their rows."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from hubbub.scenarios.reproductions import (
    RunSet,
    Table,
    Within,
    hopfield_graphs,
    memory_retrieval,
    reproduction,
    sedam,
)
from hubbub.scenarios.reproductions.sedam.claims import claims
from hubbub.scenarios.reproductions.sedam.figures import figures
from hubbub.scenarios.reproductions.sedam.measures import edge_by_seed


def test_sedam_from_end_to_end(here: Callable[..., RunSet]) -> None:
    noise = dict.fromkeys(sedam.SCENARIOS, (0.2, 0.4, 0.48))
    small = reproduction["sedam"]("small", noise=noise, loads=(2, 10), seeds=2)
    small = dataclasses.replace(small, figures=partial(figures, steps=2000, load=10))
    runs = here({"dynamics.steps": 2000, "patterns": {"kind": "random", "n_spins": 100}})
    outcome = small.reproduce(runs)
    assert len(outcome.table) == 2 * 3 * 2 * 2
    claims = {claim.name: claim for claim in outcome.claims}
    assert claims["H below (random)"].value.value == pytest.approx(0.5, abs=0.1)
    assert abs(claims["ordering of noise"].value.value) < 0.2  # both are random here
    assert {"phase-mnist", "raster-random", "scaling-mnist", "births-random"} <= outcome.figures.keys()


def test_hopfield_graphs_from_end_to_end(here: Callable[..., RunSet]) -> None:
    small = {"steps": 1500, "levels_per_decade": 4, "seeds": 2}
    outcome = reproduction["hopfield-graphs"]("small", **small).reproduce(here())
    claims = {claim.name: claim for claim in outcome.claims}
    assert claims["scale-free needs less noise"].value.value < -0.5
    assert claims["because of its hubs"].value.value > 0.5


def test_noise_needed_lies_between_two_levels() -> None:
    rows = [
        {"graph": "g", "neurons": "whole", "seed": 0, "noise": noise, "driven": driven}
        for noise, driven in ((0.001, 1.0), (0.01, 4.0), (0.1, 1.5))
    ]
    assert hopfield_graphs.log_noise_needed(Table(rows)) == pytest.approx(-2.5)
    for row in rows:
        row["driven"] = 1.0
    assert math.isnan(hopfield_graphs.log_noise_needed(Table(rows)))


def test_half_load_lies_between_two_loads() -> None:
    rows = [
        {"memory": "m", "size": 8, "seed": 0, "load": load, "restored": restored}
        for load, restored in ((2, 1.0), (4, 0.75), (8, 0.25))
    ]
    assert memory_retrieval.log_half_load(Table(rows)) == pytest.approx(math.log(4 * 2**0.5))
    assert math.isnan(memory_retrieval.log_half_load(Table(rows[:2])))


def test_loads_without_errors_are_those_of_the_formula() -> None:
    assert memory_retrieval.no_errors(2, 100) == pytest.approx(100 / (2 * math.log(100)))
    assert memory_retrieval.no_errors(4, 10) == pytest.approx(1000 / (2 * 15 * math.log(10)))


def test_edges_left_out_average_to_a_value_for_each_seed() -> None:
    def rows(h: float, seed: int) -> list[dict[str, Any]]:
        peaks = ((0.1, 0.5), (0.2, h), (0.3, 0.5))
        return [{"noise": p, "load": 2, "seed": seed, "h": of, "h_error": 0.0} for p, of in peaks]

    alike = [row for seed in range(3) for row in rows(0.7, seed)]
    edge = edge_by_seed(Table(alike), "lower")
    assert [one.value for one in edge.each] == pytest.approx([0.15] * 3)
    higher = edge_by_seed(Table([*alike[:6], *rows(1.1, 2)]), "lower")
    assert higher.each[2].value < higher.each[0].value  # the seed with the higher peak widens the interval


def copies(patterns: str, *, onset: float) -> list[dict[str, Any]]:
    """Return rows of two loads and three seeds, critical between noise 0.2 and 0.4; at noise 0 nothing happens."""
    h = {0.0: math.nan, 0.1: 0.5, 0.2: 0.5, 0.3: 1.2, 0.4: 0.5, 0.48: 0.5}
    statistics = ("h_error", "mu_births", "births_against_exponential")
    ratios = ("coincidences_against_exponential", "coincidences_against_exponential_all")
    return [
        {
            "patterns": patterns,
            "seed": seed,
            "load": load,
            "noise": noise,
            "onset": onset,
            "mean_overlap": 1 - 2 * noise if noise < 0.3 else 0.0,
            "h": of,
            "h_segment": of,
            "h_segment_low": 10.0,
            "h_segment_high": 100.0,
            **dict.fromkeys((*statistics, *ratios), 0.0 if noise else math.nan),
        }
        for load in (2, 10)
        for seed in range(3)
        for noise, of in h.items()
    ]


def test_records_without_an_estimate_are_left_out_and_named() -> None:
    rows = copies("MNIST", onset=0.25) + copies("random", onset=0.25)
    judged = {claim.name: claim for claim in claims(Table(rows), steps=100)}
    below = judged["H below (MNIST)"]
    assert (below.value.value, below.verdict) == (0.5, "holds")
    assert below.value.reason == "6 of 18 values left out, undefined at p = 0"
    assert "undefined at p = 0" in judged["births inside (random)"].note
    assert judged["H above (random)"].value.reason == ""
    assert judged["onset (random)"].value.value == pytest.approx(0.3 - 0.04 - 0.25)
    assert judged["interval (random)"].verdict == "holds"


def test_a_load_without_an_interval_speaks_against_one_at_every_load() -> None:
    rows = [
        {**row, "h": 0.5 if row["load"] == 10 and row["noise"] else row["h"]}
        for patterns in ("MNIST", "random")
        for row in copies(patterns, onset=0.25)
    ]
    judged = {claim.name: claim for claim in claims(Table(rows), steps=100)}
    assert "(K = 10)" in judged["interval (random)"].measured
    assert judged["interval (random)"].verdict == "does not hold"
    assert judged["ordering of noise"].value.value == 0
    assert judged["ordering of noise"].value.reason == "3 of 6 values left out, undefined at K = 10"


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [((0.46, 0.54), "holds"), ((0.56, 0.6), "does not hold"), ((0.5, 0.6), "not decided"), (None, "not decided")],
)
def test_verdicts_within_two_bounds(interval: tuple[float, float] | None, verdict: str) -> None:
    assert Within(0.45, 0.55).verdict(interval) == verdict
