"""What every estimator says of the information between pairs of layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hubbub.analysis.layers import copula_information, neural_information, quantised_information
from hubbub.analysis.measure import Measure
from hubbub.scenarios.reproductions.table import Table, minus

FINE, COARSE = 1e-3, 2.0
FEW, MANY = 4, 16
"""Principal components of the Gaussian copula."""
COUNTED: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "exact": lambda below, above: quantised_information(below, above, resolution=FINE),
    "resolved": lambda below, above: quantised_information(below, above, resolution=COARSE),
    "copula": lambda below, above: copula_information(below, above, components=FEW),
    "copula_many": lambda below, above: copula_information(below, above, components=MANY),
}
NEURAL = ("maximum", "last", "held_out")
ESTIMATORS = {
    "exact": f"exact, cells of {FINE:g}",
    "resolved": f"exact, cells of {COARSE:g}",
    "copula": f"Gaussian copula, {FEW} components",
    "copula_many": f"Gaussian copula, {MANY} components",
    "maximum": "MINE, maximum over steps",
    "last": "MINE, no maximum",
    "held_out": "MINE, held out",
}
DRAWN = tuple(name for name in ESTIMATORS if name != "copula_many")
ENTITIES_OF_TOKENS = 0.5
"""Share of the tokens of a sequence that are entities; a comma fed alone carries nothing."""


@dataclass(frozen=True)
class Fit:
    """How MINE is fitted: steps, learning rate."""

    steps: int
    rate: float


def about_sequences(
    below: np.ndarray, above: np.ndarray, fit: Fit, generator: np.random.Generator, *, pairs: int
) -> dict[str, np.ndarray]:
    """Return `macro_…` by estimator `[P]`, for layers `[P, M, H]` at the last place of sequences; MINE sees `pairs`."""
    chosen = generator.permutation(below.shape[1])[:pairs]
    found = _counted(below, above) | _fitted(below[:, chosen], above[:, chosen], fit, generator)
    return {f"macro_{name}": values for name, values in found.items()}


def about_tokens(
    below: np.ndarray, above: np.ndarray, fit: Fit, generator: np.random.Generator, *, pairs: int
) -> dict[str, np.ndarray]:
    """Return `micro_…` by estimator `[P]`, for layers `[P, n, H]` of entities fed alone: mean over all tokens.

    So few values have no density, so that a copula has no value; its place takes the exact one.
    """
    drawn = generator.integers(below.shape[1], size=pairs)
    found = _counted(below, above) | _fitted(below[:, drawn], above[:, drawn], fit, generator)
    found |= {"copula": found["exact"], "copula_many": found["exact"]}
    return {f"micro_{name}": ENTITIES_OF_TOKENS * values for name, values in found.items()}


def about_nothing(
    below: np.ndarray, above: np.ndarray, fit: Fit, generator: np.random.Generator, *, pairs: int
) -> dict[str, np.ndarray]:
    """Return `macro_…` of MINE `[P]` between layers `[P, M, H]` of different sequences, where the truth is 0."""
    chosen = generator.permutation(below.shape[1])[:pairs]
    others = generator.permutation(chosen)
    found = _fitted(below[:, chosen], above[:, others], fit, generator)
    return {f"macro_{name}": values for name, values in found.items()}


def _counted(below: np.ndarray, above: np.ndarray) -> dict[str, np.ndarray]:
    return {
        name: np.array([information(*pair) for pair in zip(below, above, strict=True)])
        for name, information in COUNTED.items()
    }


def _fitted(below: np.ndarray, above: np.ndarray, fit: Fit, generator: np.random.Generator) -> dict[str, np.ndarray]:
    found = neural_information(below, above, steps=fit.steps, generator=generator, learning_rate=fit.rate)
    return {name: getattr(found, name) for name in NEURAL}


class Information:
    """Information between layers, picked from a table: one number a seed, the mean over blocks where none is named.

    `usual` settings hold where no others are given; pairs are those that belong together.
    """

    def __init__(self, table: Table, *, seed: str = "seed", **usual: Any) -> None:
        self.table, self.seed, self.usual = table, seed, {"shuffled": False, **usual}

    def mean(self, name: str, **where: Any) -> Measure:
        """Return the mean of a column."""
        rows = self.table.where(**{**self.usual, **where})
        return rows.each(lambda mine: float(np.mean(mine.column(name))), seed=self.seed)

    def emergence(self, name: str, **where: Any) -> Measure:
        """Return E by an estimator: macro minus micro."""
        return minus(self.mean(f"macro_{name}", **where), self.mean(f"micro_{name}", **where))
