"""The numbers of a report from metrics alone, for programs."""

from __future__ import annotations

from hubbub.analysis.views.default.findings import MetricFindings


def metric_summary(found: MetricFindings) -> dict[str, object]:
    """Return the last record of every metric."""
    return {
        "metrics": [
            {
                "name": course.name,
                "split": course.split or None,
                "step": course.steps[-1],
                "rows": course.rows[-1],
                "mean": course.mean[-1],
                "lowest": course.lowest[-1],
                "highest": course.highest[-1],
            }
            for course in found.courses
        ]
    }
