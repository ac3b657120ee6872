"""The numbers of a report on memories, for programs."""

from __future__ import annotations

from hubbub.analysis.views.memory.findings import MemoryFindings


def memory_summary(found: MemoryFindings) -> dict[str, object]:
    """Return the statistics of every copy, and the critical interval of every load."""
    critical = found.phases.critical if found.has_series and len(found.phases.noise) > 1 else None
    return {
        "copies": found.phases.rows,
        "critical_interval": critical
        and {
            "load": found.phases.loads,
            **{
                name: getattr(critical, name) for name in ("lower", "upper", "width", "peak", "h_peak", "error", "open")
            },
        },
    }
