"""What the reproduction `pruning-emergence` trains and counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

COUNTS = {
    "paths": "hidden, mask-aware",
    "paths_closed_form": "hidden, closed form",
    "paths_from_input": "pixels too, mask-aware",
    "paths_from_input_closed_form": "pixels too, closed form",
}
SHARES = (0.0, 0.3, 0.5, 0.7)
RATES = (0.01, 0.05)
WHEN = ("initialisation", "after", "iterative")
SMALL_WEIGHTS = 0.408
"""Scale at which initial weights are as torch draws them, √(1/3) of a unit instead of √2."""
THRESHOLDS = (0.01, 0.02, 0.05, 0.1, 0.2)


@dataclass(frozen=True)
class Kind:
    """One kind of network: data, model, training steps, and whether its landscape is measured."""

    data: str
    model: str
    steps: int
    landscape: bool = True

    @property
    def name(self) -> str:
        """Return how it is called."""
        return f"{self.data}, {self.model}"

    def changes(self) -> dict[str, Any]:
        """Return the fields of the scenario that make it."""
        widths = [256, 128] if self.model == "dense" else [8, 16]
        return {"task.images": self.data, "task.model": self.model, "task.widths": widths}


@dataclass(frozen=True)
class Size:
    """How much is trained.

    Attributes
    ----------
    kinds, seeds
        Kinds of networks, and networks of each.
    samples, lines, points, plane, probes
        The grid of the landscape: training images, random lines, points on a line and along a plane, and probes of the
        Hessian.
    alphas, early_steps
        α of the initial weights, and the steps in which early learning is measured.
    widths
        Hidden layers of the dense networks whose paths are counted by size.
    """

    kinds: tuple[Kind, ...]
    seeds: int
    samples: int
    lines: int
    points: int
    plane: int
    probes: int
    alphas: tuple[float, ...] = (0.67, 1.0, 1.1, 1.25, 1.5, 2.0)
    early_steps: int = 100
    widths: tuple[tuple[int, int], ...] = ((32, 16), (64, 32), (128, 64), (256, 128), (512, 256))


SMALL = Size(
    (
        Kind("mnist", "dense", 1000),
        Kind("mnist", "convolution", 400, landscape=False),
        Kind("digits", "dense", 600),
        Kind("digits", "convolution", 600),
    ),
    seeds=5,
    samples=300,
    lines=3,
    points=31,
    plane=9,
    probes=10,
)
FULL = Size(
    (
        Kind("mnist", "dense", 3750),
        Kind("mnist", "convolution", 3750),
        Kind("digits", "dense", 1500),
        Kind("digits", "convolution", 1500),
    ),
    seeds=10,
    samples=500,
    lines=10,
    points=81,
    plane=31,
    probes=50,
)
