"""Cafiso & Paradisi: an exponential memory is critical in an interval of noise, not at a point."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from hubbub.scenarios.reproductions.catalogue import Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.sedam.claims import claims
from hubbub.scenarios.reproductions.sedam.figures import figures
from hubbub.scenarios.reproductions.sedam.measures import copy_rows

SCENARIOS = {"MNIST": "sedam", "random": "sedam-random-patterns"}
STEPS = 100_000


def _levels(first: float, last: float, step: float) -> tuple[float, ...]:
    return tuple(round(first + step * k, 3) for k in range(round((last - first) / step) + 1))


SMALL = {"MNIST": (0.1, 0.2, *_levels(0.22, 0.5, 0.02)), "random": (0.1, 0.2, 0.3, *_levels(0.34, 0.48, 0.01), 0.5)}
FULL = dict.fromkeys(SCENARIOS, _levels(0.0, 0.5, 0.01))
"""Noise levels by kind of patterns."""


@reproduction("sedam")
@sizes(
    small={"noise": SMALL, "loads": (2, 10, 100, 1000), "seeds": 5},
    full={"noise": FULL, "loads": (2, 5, 10, 20, 50, 100, 200, 500, 1000), "seeds": 10},
)
def sedam(*, noise: Mapping[str, tuple[float, ...]], loads: tuple[int, ...], seeds: int) -> Reproduction:
    """Noise × load of an exponential memory of MNIST digits and of random patterns: where is it critical?"""
    designs = [
        Design(
            scenario,
            patterns.lower() + "-k{load:04d}-s{seed}",
            copy_rows,
            seeds=seeds,
            common={"copies.noise": list(noise[patterns]), "dynamics.steps": STEPS},
            factors={"load": {load: {"copies.load": [load]} for load in loads}},
            labels={"patterns": patterns},
            is_slow=True,
        )
        for patterns, scenario in SCENARIOS.items()
    ]
    remarks = [
        f"T = {STEPS:,} steps for every load, because the noise at which a pattern is lost falls with log T. "
        f"D = 784; loads {', '.join(map(str, loads))}; {seeds} seeds, each with patterns of its own.",
        "H is the slope of DFA of the overlap over windows of 10 … T/10 steps, unless a segment is named. The "
        "critical interval is where the mean H over seeds, minus its bootstrap error, is above 0.6; intervals of "
        "its ends come from leaving out one seed at a time. A digit with a near twin is lost in much weaker noise "
        "than others, so the lower end for digits rests on few seeds, and the interval of the mean is wider than "
        "that of one seed.",
        "The source's 1.25 (MNIST) and 1.5 (random) come without a fitted range; the segments are given beside the "
        "one slope for that reason.",
    ]
    return Reproduction(
        "Exponential memories: critical in an interval of noise?",
        "Cafiso & Paradisi, arXiv 2509.17152 and 2601.11478, abstracts",
        designs,
        partial(claims, steps=STEPS),
        partial(figures, steps=STEPS),
        remarks,
    )
