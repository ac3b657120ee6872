"""The figures of the reproduction `pruning-emergence`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.figures import Trajectories, Varied, agent_scatter, interval_curves, phase_plane
from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.reproductions.pruning_emergence_found import Found
from hubbub.scenarios.reproductions.pruning_emergence_plan import COUNTS, RATES, SHARES, THRESHOLDS, WHEN, Size
from hubbub.scenarios.reproductions.rows import column, mean

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figures(found: Found, size: Size) -> dict[str, tuple[Figure, str]]:
    """Draw E and Ẽ over training and pruning, early learning against E, accuracy, thresholds, and the landscape."""
    drawn: dict[str, tuple[Figure, str]] = {}
    course = {"part": "training", "case": "initialisation"}

    def over_training(kind: str, name: str) -> dict[str, Varied]:
        where = {**course, "kind": kind}
        steps = sorted(set(column(found.rows, "step", **where)))
        whole = mean(found.rows, name, **where, step=0, pruning=0.0).value
        return {
            f"{share:.0%}": Varied(
                steps,
                [
                    over_seeds([v / whole for v in column(found.rows, name, **where, step=s, pruning=share)])
                    for s in steps
                ],
            )
            for share in SHARES
        }

    for name, figure, said in (
        ("paths", "paths", "from hidden units"),
        ("paths_from_input", "paths-from-input", "from hidden units and pixels"),
    ):
        drawn[figure] = (
            interval_curves({kind: over_training(kind, name) for kind in found.kinds}, along="step", limits=None),
            f"E over training by share pruned at initialisation, {said}, mask-aware, as a share of E of "
            "whole networks at the start; lines: means over seeds, bands: 95 % intervals, dots: seeds.",
        )
    relative = {
        f"{kind}: {where}": {
            said: Varied(SHARES, [found.pruned(kind, f"relative_{count}", share, case=case) for share in SHARES])
            for count, said in COUNTS.items()
        }
        for kind in found.kinds
        for case, where in (("initialisation", "smallest of all"), ("layer", "smallest of every layer"))
    }
    drawn["relative"] = (
        interval_curves(relative, along="share pruned at initialisation", limits=None),
        "Ẽ at the start over that of whole networks, in the four ways of counting, where the smallest weights of the "
        "whole network were pruned and where every layer lost the same share.",
    )
    for kind in found.kinds:
        lines = {}
        for share in SHARES:
            where = {**course, "kind": kind, "pruning": share}
            steps = sorted(set(column(found.rows, "step", **where)))
            x, y = (
                np.array([column(found.rows, name, **where, step=step) for step in steps]).T
                for name in ("accuracy", "relative_paths")
            )
            lines[f"{share:.0%}"] = Trajectories(x, y)
        drawn[f"phase-{kind.replace(', ', '-')}"] = (
            phase_plane(lines, x_label="accuracy on held-out images", y_label="Ẽ, paths per parameter"),
            f"Accuracy and Ẽ over training by share pruned at initialisation; {kind}; hollow: start, full: end.",
        )
    for kind in found.kinds:
        where = {"part": "early", "case": "alpha", "kind": kind, "learning_rate": RATES[-1]}
        begun = [row for row in found.rows if all(row.get(k) == v for k, v in where.items()) and row["step"] == 0]
        against = {
            "log10 E at the start": np.log10([max(row["paths"], 1.0) for row in begun]),
            "log10 E at the start, pixels too": np.log10([row["paths_from_input"] for row in begun]),
        }
        groups = np.array([size.alphas.index(row["alpha"]) for row in begun])
        speed = np.array(column(found.rows, "early_accuracy", **where, last=True))
        drawn[f"early-{kind.replace(', ', '-')}"] = (
            agent_scatter(speed, against, label=f"training accuracy, first {size.early_steps} steps", groups=groups),
            f"Early learning against E at the start, {kind}, learning rate {RATES[-1]:g}; a point is a network, a "
            f"colour an α of {', '.join(f'{alpha:g}' for alpha in size.alphas)} in this order.",
        )
    final = {"part": "training", "last": True}
    drawn["accuracy"] = (
        interval_curves(
            {
                kind: {
                    case: Varied(
                        SHARES, [mean(found.rows, "accuracy", **final, kind=kind, case=case, pruning=s) for s in SHARES]
                    )
                    for case in WHEN
                }
                for kind in found.kinds
            },
            along="share pruned",
            limits=None,
        ),
        "Accuracy on held-out images at the end, by when weights were taken away.",
    )
    drawn["thresholds"] = (
        interval_curves(
            {
                "E at the end over E at the start": {
                    kind: Varied(THRESHOLDS, [found.threshold_fall(kind, threshold) for threshold in THRESHOLDS])
                    for kind in found.kinds
                }
            },
            along="threshold of activity",
            logarithmic=True,
            limits=None,
        ),
        "How far E falls in training at every threshold of activity; whole networks, from hidden units.",
    )
    panels = {}
    for name, said in (("minima_on_lines", "minima on a random line"), ("hessian_trace", "trace of the Hessian")):
        for last in (False, True):
            panels[f"{said}, {'end' if last else 'start'}"] = {
                kind: Varied(
                    SHARES,
                    [mean(found.rows, name, part="landscape", kind=kind, last=last, pruning=s) for s in SHARES],
                )
                for kind in found.kinds
                if column(found.rows, "seed", part="landscape", kind=kind)
            }
    drawn["landscape"] = (
        interval_curves(panels, along="share pruned at initialisation", limits=None),
        "Local minima on random lines and the trace of the Hessian, at the start and at the end of training.",
    )
    return drawn
