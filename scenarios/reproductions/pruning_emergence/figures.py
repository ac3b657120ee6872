"""The figures of the reproduction `pruning-emergence`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.figures import Trajectories, Varied, agent_scatter, interval_curves, phase_plane
from hubbub.scenarios.reproductions.catalogue import Figures
from hubbub.scenarios.reproductions.pruning_emergence.measures import (
    COUNTS,
    FAST,
    SHARES,
    THRESHOLDS,
    pruned,
    threshold_fall,
)
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOURCES = {"paths": "from hidden units", "paths_from_input": "from hidden units and pixels"}


def figures(table: Table, _: MadeRuns, *, early_steps: int) -> Figures:
    """Draw E and Ẽ over training and pruning, early learning against E, accuracy, thresholds, and the landscape."""
    kinds = list(table.by("kind"))
    course = table.where(part="training", case="initialisation").by("kind")
    drawn = {
        name.replace("_", "-"): (
            interval_curves(
                {kind: _over_training(part, name) for kind, part in course.items()}, along="step", limits=None
            ),
            f"E over training by share pruned at initialisation, {said}, mask-aware, as a share of E of "
            "whole networks at the start; lines: means over seeds, bands: 95 % intervals, dots: seeds.",
        )
        for name, said in SOURCES.items()
    }
    relative = {
        f"{kind}: {where}": {
            said: Varied(SHARES, [pruned(table, kind, f"relative_{count}", share, case=case) for share in SHARES])
            for count, said in COUNTS.items()
        }
        for kind in kinds
        for case, where in (("initialisation", "smallest of all"), ("layer", "smallest of every layer"))
    }
    drawn["relative"] = (
        interval_curves(relative, along="share pruned at initialisation", limits=None),
        "Ẽ at the start over that of whole networks, in the four ways of counting, where the smallest weights of the "
        "whole network were pruned and where every layer lost the same share.",
    )
    early = table.where(part="early", case="alpha", learning_rate=FAST).by("kind")
    for kind in kinds:
        drawn[f"phase-{kind.replace(', ', '-')}"] = (
            _phase_plane(course[kind]),
            f"Accuracy and Ẽ over training by share pruned at initialisation; {kind}; hollow: start, full: end.",
        )
    for kind in kinds:
        alphas = ", ".join(f"{alpha:g}" for alpha in early[kind].levels("alpha"))
        drawn[f"early-{kind.replace(', ', '-')}"] = (
            _early(early[kind], early_steps),
            f"Early learning against E at the start, {kind}, learning rate {FAST:g}; a point is a network, a "
            f"colour an α of {alphas} in this order.",
        )
    final = table.where(part="training", last=True).filter(lambda row: row["case"] != "small-weights").by("kind")
    accuracy = {kind: part.curves("case", "pruning", "accuracy") for kind, part in final.items()}
    drawn["accuracy"] = (
        interval_curves(accuracy, along="share pruned", limits=None),
        "Accuracy on held-out images at the end, by when weights were taken away.",
    )
    falls = {kind: Varied(THRESHOLDS, [threshold_fall(table, kind, level) for level in THRESHOLDS]) for kind in kinds}
    drawn["thresholds"] = (
        interval_curves(
            {"E at the end over E at the start": falls}, along="threshold of activity", logarithmic=True, limits=None
        ),
        "How far E falls in training at every threshold of activity; whole networks, from hidden units.",
    )
    landscape = {
        f"{said}, {when}": table.where(part="landscape", last=last).curves("kind", "pruning", name)
        for name, said in (("minima_on_lines", "minima on a random line"), ("hessian_trace", "trace of the Hessian"))
        for last, when in ((False, "start"), (True, "end"))
    }
    drawn["landscape"] = (
        interval_curves(landscape, along="share pruned at initialisation", limits=None),
        "Local minima on random lines and the trace of the Hessian, at the start and at the end of training.",
    )
    return drawn


def _over_training(course: Table, name: str) -> dict[str, Varied]:
    """Return a count over training by the share pruned, over that of whole networks at the start."""
    whole = course.where(step=0, pruning=0.0).mean(name).value
    return course.added("share", lambda row: row[name] / whole).curves("pruning", "step", "share", "{:.0%}")


def _phase_plane(course: Table) -> Figure:
    lines = {}
    for share, part in course.by("pruning").items():
        steps = part.by("step")
        x, y = (np.array([steps[at].column(name) for at in sorted(steps)]).T for name in ("accuracy", "relative_paths"))
        lines[f"{share:.0%}"] = Trajectories(x, y)
    return phase_plane(lines, x_label="accuracy on held-out images", y_label="Ẽ, paths per parameter")


def _early(table: Table, early_steps: int) -> Figure:
    start, alphas = table.where(step=0), table.levels("alpha")
    against = {
        "log10 E at the start": np.log10([max(row["paths"], 1.0) for row in start]),
        "log10 E at the start, pixels too": np.log10(start.column("paths_from_input")),
    }
    groups = np.array([alphas.index(alpha) for alpha in start.column("alpha")])
    speed = np.array(table.where(last=True).column("early_accuracy"))
    return agent_scatter(speed, against, label=f"training accuracy, first {early_steps} steps", groups=groups)
