"""The figures of the reproduction `percolation`."""

from __future__ import annotations

import math

import numpy as np

from hubbub.analysis.figures.power_scaling import power_scaling
from hubbub.analysis.figures.seed_curves import SeedCurves, seed_curves
from hubbub.scenarios.reproductions.catalogue import Figures
from hubbub.scenarios.reproductions.percolation.claims import EXPONENT
from hubbub.scenarios.reproductions.percolation.measures import FLOORS, Learning
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Table

TIMED = {
    "relative": "relative types",
    "descriptive": "descriptive types",
    "reachable": "reachable pairs",
    "said": "values said",
}


def figures(table: Table, _: MadeRuns) -> Figures:
    """Draw measures over training, over training scaled by √n_K, and the steps of transitions."""
    learning = Learning(table)
    phases = {f"n_K = {values}": {name: learning.curves(name, values) for name in FLOORS} for values in learning.values}
    scaled: dict[str, dict[str, SeedCurves]] = {}
    along = {}
    for name in ("descriptive", "reachable"):
        for is_scaled in (False, True):
            title = f"{TIMED[name]}, steps over √n_K" if is_scaled else TIMED[name]
            along[title] = "training step / √n_K" if is_scaled else "training step"
            scaled[title] = {}
            for values in learning.values:
                of = learning.curves(name, values)
                scaled[title][f"n_K = {values}"] = SeedCurves(
                    of.at / math.sqrt(values) if is_scaled else of.at, of.values
                )
    return {
        "phases": (
            seed_curves(phases, along=dict.fromkeys(phases, "training step")),
            "Measures over training at every number of values: mean and single seeds.",
        ),
        "scaled": (
            seed_curves(scaled, along=along),
            "Descriptive types and reachable pairs over training, and over training steps divided by √n_K.",
        ),
        "transitions": (
            power_scaling(
                {label: learning.steps(name) for name, label in TIMED.items()},
                np.array(learning.values, dtype=float),
                exponent=EXPONENT,
                x_label="number of values n_K",
                y_label="step of the transition",
            ),
            "Steps of the transitions by number of values: geometric means of the seeds that have one, and single "
            "seeds; dashed: √n_K; values said: where these percolate, each said of one entity.",
        ),
    }
