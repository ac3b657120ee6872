"""How many processes can run at the same time."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")


def cores() -> int:
    """Return how many cores this process may use, at least 1; the limit of a container is rounded up."""
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, math.ceil(min(own, _limit())))


def _limit() -> float:
    """Return how many cores' time a container may use (cgroup version 2, then 1), `inf` without a limit."""
    for files in (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        with suppress(OSError, ValueError):
            quota, period = (float(word) for file in files for word in (CGROUPS / file).read_text().split())
            if quota > 0 and period > 0:  # -1 is no limit in version 1, "max" in version 2
                return quota / period
    return math.inf
