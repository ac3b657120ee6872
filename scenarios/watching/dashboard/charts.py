"""The charts of the dashboard as options of ECharts: one metric of several runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hubbub.analysis.figures.style import PALETTE
from hubbub.analysis.page.thinning import thinned
from hubbub.analysis.text import printable
from hubbub.simulator.store.curves import Series

MOST_POINTS = 500
MUTED, LINE = "#808892", "#80889255"
"""Colours that can be read on light and on dark pages."""


def chart(metric: str, curves: Mapping[str, Series]) -> dict[str, Any]:
    """Return the chart of a metric: a curve for each run, by its name. Texts of runs are drawn as text."""
    axis = {
        "axisLabel": {"color": MUTED, "hideOverlap": True},
        "axisLine": {"lineStyle": {"color": MUTED}},
        "splitLine": {"lineStyle": {"color": LINE}},
    }
    return {
        "animation": False,
        "color": list(PALETTE),
        "title": {"text": printable(metric.replace("_", " ")), "textStyle": {"color": MUTED, "fontSize": 14}},
        "grid": {"left": 8, "right": 24, "top": 40, "bottom": 44 if len(curves) > 1 else 24, "containLabel": True},
        "legend": {
            "type": "scroll",
            "bottom": 0,
            "show": len(curves) > 1,
            "textStyle": {"color": MUTED},
            "pageTextStyle": {"color": MUTED},
        },
        "tooltip": {"trigger": "axis", "renderMode": "richText", "confine": True},
        "xAxis": {
            **axis,
            "type": "value",
            "name": "step",
            "nameLocation": "middle",
            "nameGap": 26,
            "splitLine": {"show": False},
        },
        "yAxis": {**axis, "type": "value", "scale": True},
        "series": [
            {"type": "line", "name": printable(name), "showSymbol": False, "data": _points(series)}
            for name, series in curves.items()
        ],
    }


def _points(series: Series) -> list[list[float | int | None]]:
    """Return points of a curve; a value that is not finite leaves a gap."""
    steps, values = series
    points = zip(steps.tolist(), values.tolist(), strict=True)
    return thinned([[step, value if math.isfinite(value) else None] for step, value in points], MOST_POINTS)
