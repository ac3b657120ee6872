"""What the source says of concepts that are learnt and hidden, judged by what networks paint."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from hubbub.analysis.concepts import bend
from hubbub.analysis.measure import Measure
from hubbub.scenarios.reproductions.claim import Claim, control
from hubbub.scenarios.reproductions.concept_space.measures import (
    CAPABLE,
    CONCEPTS,
    GAP,
    LEARNT,
    PLAIN,
    SHOWN_KINDS,
    UNSEEN,
    Painters,
    Setting,
    painters,
)
from hubbub.scenarios.reproductions.criteria import Above, Below
from hubbub.scenarios.reproductions.table import Table


def claims(table: Table) -> list[Claim]:
    """Judge speed and paths on the grid of signals, and over-prompting on fresh networks."""
    grid, alone = painters(table)
    return [*_of_grid(grid), *of_over_prompting(alone, grid)]


def _in_all(grid: Painters, of: Callable[[Setting], Measure | float], form: str = ".2f") -> str:
    """Return a number at all signals of colour and size, in words."""
    return "; ".join(f"{colour:g}, {size:g}: {float(of((colour, size))):{form}}" for colour, size in grid.settings)


def _of_grid(grid: Painters) -> list[Claim]:
    weak, strong = grid.signals["colour"][0], grid.signals["colour"][-1]
    small, large = grid.signals["size"][0], grid.signals["size"][-1]

    def end(setting: Setting, seed: int) -> float:
        return min(float(grid.right(concept, setting, seed)[-1]) for concept in CONCEPTS)

    def bends(seed: int) -> float:
        """Return the size of the bend of the unseen kind minus that of the shown ones, mean over settings."""
        apart = [
            abs(bend(grid.path(UNSEEN, setting, seed)))
            - np.mean([abs(bend(grid.path(kind, setting, seed))) for kind in SHOWN_KINDS[1:]])
            for setting in grid.settings
        ]
        return float(np.mean(apart))

    sides = grid.each(
        lambda seed: bend(grid.path(UNSEEN, (strong, small), seed)) - bend(grid.path(UNSEEN, (weak, large), seed))
    )
    return [
        control(
            "shown kinds",
            "the kinds that are shown are painted as asked",
            "how far colour or size is right at the end, worst setting",
            grid.each(lambda seed: min(end(setting, seed) for setting in grid.settings)),
            Above(LEARNT),
            "chance is .5; by signals of colour, size: "
            + _in_all(grid, lambda setting: grid.each(lambda seed: end(setting, seed))),
        ),
        *(
            Claim(
                f"speed of {concept}",
                f"the stronger the signal of {concept}, the sooner it is learnt",
                f"slope of ln step against ln signal; step at which {concept} is {LEARNT} right in shown kinds",
                grid.slope(concept),
                Below(0),
                _learnt_by_signal(grid, concept),
            )
            for concept in CONCEPTS
        ),
        Claim(
            "the path bends",
            "pictures of the unseen kind turn on their way through concept space",
            "size of the bend of blue-small minus that of blue-big and red-small, mean over settings",
            grid.each(bends),
            Above(0),
            "bend: greatest distance from the straight line between the ends, over its length",
        ),
        Claim(
            "towards the stronger concept",
            "they first go towards the shown kind that has the concept with the stronger signal",
            f"bend at signals {strong:g}, {small:g} (colour, size) minus at {weak:g}, {large:g}; above 0: colour first",
            sides,
            Above(0),
            f"by signals of colour, size: {_in_all(grid, grid.bend, '+.2f')}",
        ),
    ]


def of_over_prompting(alone: Painters, grid: Painters) -> list[Claim]:
    """Judge over-prompting on fresh networks, and tell what it does in all settings."""
    plain, again = alone.meanwhile("prompted", GAP), alone.meanwhile("retried", GAP)
    first = alone.each(lambda seed: alone.capable("over_prompted", GAP, seed)[0])
    ahead = alone.lead("prompted", GAP)
    at = f"signals {GAP[0]:g}, {GAP[1]:g}"
    low, high = plain.interval or (math.nan, math.nan)
    return [
        Claim(
            "hidden capability",
            f"when over-prompting first paints the unseen kind with {CAPABLE}, plain prompting is far from it",
            f"probability of blue-small by the plain prompt at that step, {at}",
            plain,
            Below(CAPABLE / 2, f"half of {CAPABLE}: our choice"),
            f"the source's {PLAIN:g} itself lies {'in' if low <= PLAIN <= high else 'outside'} the interval; a grey "
            f"disc would count for about a half; over-prompting is there at step {first.value:.0f}, and five tries "
            f"at the plain prompt then have {again.value:.2f}; by signals of colour, size: "
            + _in_all(grid, lambda setting: grid.meanwhile("prompted", setting)),
        ),
        Claim(
            "over-prompting leads",
            "over-prompting finds the capability before plain prompting does, and not by trying five times",
            f"ln of the step at which the best of five tries at the plain prompt reaches {CAPABLE} over that of the "
            f"best of five prompts, {at}",
            alone.lead("retried", GAP),
            Above(0),
            f"one try: {ahead.value:.2f}, so {math.exp(ahead.value):.2f} times the steps; by signals of colour, size: "
            + _in_all(grid, lambda setting: grid.lead("retried", setting)),
        ),
    ]


def _learnt_by_signal(grid: Painters, concept: str) -> str:
    parts = []
    for signal, alike in zip(grid.signals[concept], zip(*grid.along(concept), strict=True), strict=True):
        steps = [grid.learnt(concept, setting, seed)[0] for setting in alike for seed in grid.seeds]
        parts.append(f"signal {signal:g}: step {math.exp(np.mean(np.log(steps))):.0f}")
    return "; ".join(parts)
