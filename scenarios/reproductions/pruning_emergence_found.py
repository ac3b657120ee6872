"""What was found by `pruning-emergence`, and how numbers are picked from it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.ranks import rank_correlation
from hubbub.scenarios.reproductions.pruning_emergence_plan import COUNTS, SHARES
from hubbub.scenarios.reproductions.rows import Rows, column


@dataclass(frozen=True)
class Found:
    """All rows, and how numbers are picked from them."""

    rows: Rows
    kinds: Sequence[str]

    def ratio(self, name: str, one: Mapping[str, Any], other: Mapping[str, Any], where: Mapping[str, Any]) -> Measure:
        """Return the geometric mean over seeds of `name` in `one` setting over that in the `other`."""
        pairs = zip(column(self.rows, name, **where, **one), column(self.rows, name, **where, **other), strict=True)
        return geometric([mine / theirs if theirs else math.nan for mine, theirs in pairs])

    def fall(self, kind: str, name: str = "paths", *, case: str = "initialisation") -> Measure:
        """Return E of whole networks at the end of training over that at the start."""
        where = {"part": "training", "case": case, "kind": kind, "pruning": 0.0}
        return self.ratio(name, {"last": True}, {"step": 0}, where)

    def pruned(self, kind: str, name: str, share: float = SHARES[-1], *, case: str = "initialisation") -> Measure:
        """Return E or Ẽ of networks pruned at the start, or otherwise at the end, over that of whole ones."""
        part = "start" if case == "layer" else "training"
        at = {"last": True} if case in ("after", "iterative") else {"step": 0}
        where = {"part": part, "case": case, "kind": kind, **at}
        return self.ratio(name, {"pruning": share}, {"pruning": 0.0}, where)

    def threshold_fall(self, kind: str, threshold: float) -> Measure:
        """Return E of whole networks at the end of training over that at the start, at a threshold of activity."""
        where = {"part": "threshold", "kind": kind, "pruning": 0.0, "threshold": threshold}
        return self.ratio("paths", {"last": True}, {"last": False}, where)

    def along_alpha(self, kind: str, one: str, other: str, learning_rate: float) -> Measure:
        """Return the mean over seeds of the rank correlation over α of two columns, E taken at the start."""
        found = []
        where = {"part": "early", "case": "alpha", "kind": kind, "learning_rate": learning_rate}
        for seed in sorted(set(column(self.rows, "seed", **where))):
            values = [
                column(self.rows, name, seed=seed, **where, **({"step": 0} if name in COUNTS else {"last": True}))
                for name in (one, other)
            ]
            found.append(rank_correlation(np.array(values[0]), np.array(values[1]), permutations=0).value)
        return over_seeds(found)


def geometric(ratios: Sequence[float]) -> Measure:
    """Return the geometric mean of one ratio per seed with the interval of the mean of its logarithm."""
    logarithms = over_seeds([math.log(ratio) if ratio > 0 else math.nan for ratio in ratios])
    low, high = logarithms.interval or (math.nan, math.nan)
    return replace(
        logarithms,
        value=math.exp(logarithms.value),
        interval=(math.exp(low), math.exp(high)),
        each=tuple(replace(each, value=math.exp(each.value)) for each in logarithms.each),
        estimator="geometric mean over seeds, Student's t interval of the logarithm",
    )
