"""The measures of the atlas on an associative memory, over noise."""

from __future__ import annotations

import math

from hubbub.analysis.memories import copy_statistics
from hubbub.scenarios.reproductions.emergence_of_talk.memories import measure
from hubbub.scenarios.reproductions.table import Rows
from hubbub.simulator.store import Run


def memory_rows(run: Run) -> Rows:
    """Return a row for each noise: overlap over that of a kept pattern, Ψ and dimensions of the states that follow."""
    seed = int(run.configuration["seed"])
    overlaps = {copy.noise: copy.mean_overlap for copy in copy_statistics(run)}
    return [
        {
            "seed": seed,
            "step": run.step,
            "noise": row["noise"],
            "order": overlaps[row["noise"]] / (1 - 2 * row["noise"]),
            "paths": math.nan,
            "dimensions": row["dimensions"],
            "learning_coefficient": math.nan,
            "psi": row["psi"],
        }
        for row in measure(run)
    ]
