"""Numbers of a status as text."""

from __future__ import annotations

import math
from collections.abc import Mapping

LABELS = {"success_over_links": "success", "success_all_pairs": "all pairs", "loss": "loss"}
"""The metrics that are told first, and by which word."""


def metrics_text(metrics: Mapping[str, float]) -> str:
    """Return success and loss; without these, the first metrics."""
    parts = [f"{word} {metrics[name]:.3f}" for name, word in LABELS.items() if name in metrics]
    first = list(metrics.items())[: len(LABELS)]
    others = [f"{name.removesuffix('_mean').replace('_', ' ')} {value:.4g}" for name, value in first]
    return " · ".join(parts or others)


def steps_text(step: int, steps: int | None) -> str:
    """Return the step that was reached, and of how many."""
    return f"{step:,}" if steps is None else f"{step:,} of {steps:,}"


def speed_text(speed: float) -> str:
    """Return steps per second with three digits; a dash where they are not known."""
    if not math.isfinite(speed):
        return "–"
    return f"{speed:,.0f}" if speed >= 100 else f"{speed:.3g}"
