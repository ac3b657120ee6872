"""Measures of associative memories: means over their copies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.memories import copy_statistics
from hubbub.analysis.run_measures.catalogue import measure

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


@measure("scaling")
def scaling(run: Run) -> Mapping[str, Measure]:
    """Return the exponents H (DFA) and delta (diffusion entropy) of a memory's overlap, means over its copies."""
    if "copies.parquet" not in run.tables():
        reason = "the run has no copies of a memory"
        return {name: undefined(reason, unit="1", estimator="mean over copies") for name in ("h", "delta")}
    rows = [copy.row() for copy in copy_statistics(run)]
    return {name: _mean(np.array([row[name] for row in rows])) for name in ("h", "delta")}


def _mean(values: np.ndarray) -> Measure:
    known = values[np.isfinite(values)]
    left_out = len(values) - len(known)
    reason = f"{left_out} of {len(values)} copies left out" if left_out else ""
    value = float(known.mean()) if len(known) else np.nan
    return Measure(value, "1", "mean over copies", len(known), reason=reason)
