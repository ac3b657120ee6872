"""The systems of the atlas: how each is run, and what its transition is seen in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Place:
    """One system of the atlas.

    Attributes
    ----------
    label
        What it is called in figure and table.
    changes
        Its scenario's overrides.
    length
        Steps.
    order
        The metric in which the transition is seen, or a function that finds it for each network.
    tells
        What the order parameter is, in words.
    along
        What the transition lies along: "step", or a setting of the task; then networks are looked at when trained,
        at each setting the one of lowest loss.
    """

    label: str
    changes: Mapping[str, Any]
    length: int
    order: str | Callable[[Any], list[float]]
    tells: str
    along: str = "step"
    full: Mapping[str, Any] = field(default_factory=dict)


def _scatter(built: Any) -> list[float]:
    """Return log10 of NC1 of every network, on its own samples."""
    import numpy as np

    from analysis.collapse import neural_collapse

    task, found = built.task, []
    for number, network in enumerate(built.networks):
        features = task.features({name: values[number : number + 1] for name, values in built.parameters.items()})
        weights, biases = (built.parameters[f"classes.{part}"][number].numpy() for part in ("weight", "bias"))
        signs = neural_collapse(features[0].detach().numpy(), task.samples(network.seed)[1].numpy(), weights, biases)
        found.append(float(np.log10(signs.variability)))
    return found


PLACES: dict[str, Place] = {
    "sparse-parity": Place(
        "sparse parity",
        {"task.width": 500, "task.batch": 400},
        2400,
        "skill_1",
        "strength of the most frequent skill",
    ),
    "attention-transition": Place(
        "attention",
        {
            "task.dimension": 200,
            "task.sample_complexity": [0.4, 0.6, 0.8, 1.0, 1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2.0],
            "task.starts": ["semantic", "positional"],
        },
        3000,
        "theta",
        "overlap θ of the lower minimum with the teacher",
        along="sample_complexity",
    ),
    "neural-collapse": Place(
        "neural collapse",
        {"task.weight_scales": [0.1]},
        3000,
        _scatter,
        "log10 NC1, scatter within classes",
    ),
}
