"""When networks that paint discs learn a concept, and how their pictures move in concept space."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import TypeAlias

import numpy as np

from hubbub.analysis.concepts import bend, reached
from hubbub.analysis.figures import Varied
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions.table import Table, slope

SHOWN_KINDS = ("red_big", "blue_big", "red_small")
UNSEEN = "blue_small"
CONCEPTS = ("colour", "size")
WAYS = ("prompted", "retried", "over_prompted")
METRICS = (
    "loss",
    *WAYS,
    *(f"{way}_residue" for way in WAYS),
    *(f"{kind}_{concept}" for kind in (*SHOWN_KINDS, UNSEEN) for concept in CONCEPTS),
)
LEARNT, CAPABLE = 0.8, 0.5
GAP, PLAIN = (0.2, 0.3), 0.05
"""Signals of colour and size at which the source over-prompts, and what plain prompting has then."""
ALONE = "over-prompting"
"""The run of fresh networks at those signals."""
Setting: TypeAlias = tuple[float, float]
"""Signals of colour and size."""


def painters(table: Table) -> tuple[Painters, Painters]:
    """Return the networks of the grid of signals, and those on which over-prompting is judged."""
    return Painters(table.filter(lambda row: row["run"] != ALONE)), Painters(table.where(run=ALONE))


class Painters:
    """Networks that paint discs, over training, by the signals of both concepts."""

    def __init__(self, table: Table) -> None:
        self.steps: list[int] = table.levels("step")
        self.seeds: list[int] = table.levels("seed")
        self.signals = {concept: tuple(table.levels(f"{concept}_signal")) for concept in CONCEPTS}
        self.settings: list[Setting] = list(product(*self.signals.values()))
        self._networks = {
            (colour, size, seed): mine
            for colour, part in table.by("colour_signal").items()
            for size, of in part.by("size_signal").items()
            for seed, mine in of.by("seed").items()
        }

    def series(self, name: str, setting: Setting, seed: int) -> np.ndarray:
        """Return a metric `[T]` of one network."""
        return np.array(self._networks[*setting, seed].column(name))

    def over_steps(self, name: str, setting: Setting) -> Varied:
        """Return the mean of a metric over seeds at every record."""
        values = np.stack([self.series(name, setting, seed) for seed in self.seeds], axis=1)
        return Varied(self.steps, [over_seeds(each) for each in values.tolist()])

    def path(self, kind: str, setting: Setting, seed: int) -> np.ndarray:
        """Return the way `[T, 2]` of a kind's pictures: probability of blue, probability of small."""
        return np.stack([self.series(f"{kind}_{concept}", setting, seed) for concept in CONCEPTS], axis=1)

    def right(self, concept: str, setting: Setting, seed: int) -> np.ndarray:
        """Return how far a concept is right in the kinds that are shown `[T]`: ½ by chance, both its values alike."""
        red_big, blue_big, red_small = (self.series(f"{kind}_{concept}", setting, seed) for kind in SHOWN_KINDS)
        has, without = (blue_big, (red_big, red_small)) if concept == "colour" else (red_small, (red_big, blue_big))
        return np.asarray((has + 1 - np.mean(without, axis=0)) / 2)

    def learnt(self, concept: str, setting: Setting, seed: int) -> tuple[float, bool]:
        """Return the step at which a concept is right with `LEARNT`, and whether it is."""
        return reached(self.steps, self.right(concept, setting, seed).tolist(), level=LEARNT)

    def capable(self, way: str, setting: Setting, seed: int) -> tuple[float, bool]:
        """Return the step at which one of the `WAYS` paints the unseen kind with `CAPABLE`, and whether it does."""
        return reached(self.steps, self.series(way, setting, seed).tolist(), level=CAPABLE)

    def each(self, of: Callable[[int], float]) -> Measure:
        """Return the mean over seeds of a number of each."""
        return over_seeds([of(seed) for seed in self.seeds])

    def along(self, concept: str) -> list[list[Setting]]:
        """Return the settings in rows in which only the signal of one concept grows."""
        by_colour = [[(colour, size) for size in self.signals["size"]] for colour in self.signals["colour"]]
        return by_colour if concept == "size" else [list(row) for row in zip(*by_colour, strict=True)]

    def slope(self, concept: str) -> Measure:
        """Return the slope of ln step against ln signal, in the mean over signals of the other concept."""
        signals = np.log(self.signals[concept]).tolist()

        def of(seed: int) -> float:
            steps = [[self.learnt(concept, setting, seed)[0] for setting in row] for row in self.along(concept)]
            return float(np.mean([slope(signals, np.log(each).tolist()) for each in steps]))

        return self.each(of)

    def lead(self, later: str, setting: Setting) -> Measure:
        """Return ln of the step at which one way paints the unseen kind over that at which over-prompting does."""
        return self.each(
            lambda seed: math.log(
                self.capable(later, setting, seed)[0] / self.capable("over_prompted", setting, seed)[0]
            )
        )

    def meanwhile(self, way: str, setting: Setting) -> Measure:
        """Return what one way has reached when over-prompting reaches `CAPABLE`."""
        return self.each(
            lambda seed: float(
                np.interp(self.capable("over_prompted", setting, seed)[0], self.steps, self.series(way, setting, seed))
            )
        )

    def bend(self, setting: Setting) -> Measure:
        """Return the bend of the way of the unseen kind's pictures."""
        return self.each(lambda seed: bend(self.path(UNSEEN, setting, seed)))

    def typical_seed(self) -> int:
        """Return the seed whose over-prompting reaches `CAPABLE` when half of them do."""
        seeds = sorted(self.seeds, key=lambda seed: self.capable("over_prompted", GAP, seed)[0])
        return seeds[(len(seeds) - 1) // 2]

    def unreached(self) -> str:
        """Return how many networks do not paint the unseen kind by the end, in every way, or learn a concept."""
        networks = list(product(self.settings, self.seeds))
        counts = {way: sum(not self.capable(way, *network)[1] for network in networks) for way in WAYS}
        for concept in CONCEPTS:
            counts[concept] = sum(not self.learnt(concept, *network)[1] for network in networks)
        return ", ".join(f"{way.replace('_', '-')} {count} of {len(networks)}" for way, count in counts.items())
