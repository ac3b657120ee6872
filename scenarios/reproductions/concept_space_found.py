"""What networks that paint discs were seen to do, and how numbers are picked from it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from hubbub.analysis.concepts import bend, reached
from hubbub.analysis.figures import Varied
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions.rows import Rows, column

SHOWN_KINDS = ("red_big", "blue_big", "red_small")
UNSEEN = "blue_small"
WAYS = ("prompted", "retried", "over_prompted")
METRICS = (
    "loss",
    *WAYS,
    *(f"{way}_residue" for way in WAYS),
    *(f"{kind}_{concept}" for kind in (*SHOWN_KINDS, UNSEEN) for concept in ("colour", "size")),
)
LEARNT, CAPABLE = 0.8, 0.5
GAP, PLAIN = (0.2, 0.3), 0.05
"""Signals of colour and size at which the source over-prompts, and what plain prompting has then."""


@dataclass(frozen=True)
class Size:
    """How much is trained; seeds of every setting, and of the one that is over-prompted."""

    seeds: int
    over_prompted_seeds: int
    colours: tuple[float, ...]
    sizes: tuple[float, ...]
    side: int
    channels: tuple[int, ...]
    batch: int
    steps: int
    looks: int


@dataclass(frozen=True)
class Found:
    """All rows, and how numbers are picked from them."""

    rows: Rows
    size: Size

    @property
    def settings(self) -> list[tuple[float, float]]:
        """Return all signals of colour and size."""
        return list(product(self.size.colours, self.size.sizes))

    @property
    def steps(self) -> list[int]:
        """Return the steps `[T]` of the records."""
        return sorted({int(step) for step in column(self.rows, "step")})

    def series(self, name: str, setting: tuple[float, float], seed: int) -> np.ndarray:
        """Return a metric `[T]` of one network."""
        where = {"colour_signal": setting[0], "size_signal": setting[1], "seed": seed}
        return np.array(column(self.rows, name, **where))

    def over_steps(self, name: str, setting: tuple[float, float]) -> Varied:
        """Return the mean of a metric over seeds at every record."""
        values = np.stack([self.series(name, setting, seed) for seed in range(self.size.seeds)], axis=1)
        return Varied(self.steps, [over_seeds(each) for each in values.tolist()])

    def path(self, kind: str, setting: tuple[float, float], seed: int) -> np.ndarray:
        """Return the way `[T, 2]` of a kind's pictures: probability of blue, probability of small."""
        return np.stack([self.series(f"{kind}_{concept}", setting, seed) for concept in ("colour", "size")], axis=1)

    def right(self, concept: str, setting: tuple[float, float], seed: int) -> np.ndarray:
        """Return how far a concept is right in the kinds that are shown `[T]`: ½ by chance, both its values alike."""
        red_big, blue_big, red_small = (self.series(f"{kind}_{concept}", setting, seed) for kind in SHOWN_KINDS)
        has, without = (blue_big, (red_big, red_small)) if concept == "colour" else (red_small, (red_big, blue_big))
        return np.asarray((has + 1 - np.mean(without, axis=0)) / 2)

    def learnt(self, concept: str, setting: tuple[float, float], seed: int) -> tuple[float, bool]:
        """Return the step at which a concept is right with `LEARNT`."""
        return reached(self.steps, self.right(concept, setting, seed).tolist(), level=LEARNT)

    def capable(self, way: str, setting: tuple[float, float], seed: int) -> tuple[float, bool]:
        """Return the step at which the unseen kind is painted with `CAPABLE` in one of the `WAYS`."""
        return reached(self.steps, self.series(way, setting, seed).tolist(), level=CAPABLE)

    def each(self, of: Callable[[int], float]) -> Measure:
        """Return the mean over seeds of a number of each."""
        return over_seeds([of(seed) for seed in range(self.size.seeds)])

    def along(self, concept: str) -> list[list[tuple[float, float]]]:
        """Return the settings in rows in which only the signal of one concept grows."""
        by_colour = [[(colour, size) for size in self.size.sizes] for colour in self.size.colours]
        return by_colour if concept == "size" else [list(row) for row in zip(*by_colour, strict=True)]

    def slope(self, concept: str) -> Measure:
        """Return the slope of ln step against ln signal, in the mean over signals of the other concept."""
        signals = self.signals(concept)

        def of(seed: int) -> float:
            steps = [[self.learnt(concept, setting, seed)[0] for setting in row] for row in self.along(concept)]
            return float(np.mean([np.polyfit(np.log(signals), np.log(each), 1)[0] for each in steps]))

        return self.each(of)

    def signals(self, concept: str) -> tuple[float, ...]:
        """Return the signals of a concept."""
        return self.size.colours if concept == "colour" else self.size.sizes

    def lead(self, later: str, setting: tuple[float, float]) -> Measure:
        """Return ln of the step at which one way paints the unseen kind over that at which over-prompting does."""
        return self.each(
            lambda seed: math.log(
                self.capable(later, setting, seed)[0] / self.capable("over_prompted", setting, seed)[0]
            )
        )

    def meanwhile(self, way: str, setting: tuple[float, float]) -> Measure:
        """Return what one way has reached when over-prompting reaches `CAPABLE`."""
        return self.each(
            lambda seed: float(
                np.interp(self.capable("over_prompted", setting, seed)[0], self.steps, self.series(way, setting, seed))
            )
        )

    def bend(self, setting: tuple[float, float]) -> Measure:
        """Return the bend of the way of the unseen kind's pictures."""
        return self.each(lambda seed: bend(self.path(UNSEEN, setting, seed)))

    def typical_seed(self) -> int:
        """Return the seed whose over-prompting reaches `CAPABLE` when half of them do."""
        seeds = sorted(range(self.size.seeds), key=lambda seed: self.capable("over_prompted", GAP, seed)[0])
        return seeds[(len(seeds) - 1) // 2]

    def unreached(self) -> str:
        """Return how many networks do not paint the unseen kind by the end, in every way, or learn a concept."""
        networks = list(product(self.settings, range(self.size.seeds)))
        counts = {way: sum(not self.capable(way, *network)[1] for network in networks) for way in WAYS}
        for concept in ("colour", "size"):
            counts[concept] = sum(not self.learnt(concept, *network)[1] for network in networks)
        return ", ".join(f"{way.replace('_', '-')} {count} of {len(networks)}" for way, count in counts.items())
