"""Pictures of a shape filled with a texture, where the two agree (congruent) or not (cue conflict)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Int
from numpy.typing import NDArray

SIDE = 32
SHAPES = ("disc", "square", "triangle", "cross")
TEXTURES = ("horizontal stripes", "vertical stripes", "diagonal stripes", "checks")
SIZES = 8.0, 11.0
"""Radius of a disc in pixels; the other shapes have about the area of a disc."""
SHIFT = 4.0
"""Largest distance of a centre from that of the picture along each axis, in pixels."""
PERIOD = 4.0
"""Pixels of a stripe and the gap beside it."""
DARK, BRIGHT = 0.2, 1.0
"""Brightness of the gaps and of the stripes of a texture; the background is 0."""


def textured_shapes(
    shapes: Int[np.ndarray, " n"], textures: Int[np.ndarray, " n"], *, noise: float, generator: np.random.Generator
) -> Float32[np.ndarray, "n 1 32 32"]:
    """Return pictures `[n, 1, 32, 32]`, each of one of the `shapes [n]` filled with one of the `textures [n]`.

    Position, size and the phase of the texture are random, and Gaussian noise with standard deviation `noise` is added.
    """
    n = len(shapes)
    middle = (SIDE - 1) / 2 + generator.uniform(-SHIFT, SHIFT, size=(2, n, 1, 1))
    size = generator.uniform(*SIZES, size=(n, 1, 1))
    phase = generator.uniform(0, PERIOD, size=(2, n, 1, 1))
    y, x = np.mgrid[:SIDE, :SIDE][:, None].astype(float)
    inside = _inside((y - middle[0]) / size, (x - middle[1]) / size)[shapes, np.arange(n)]
    bright = _bright(y + phase[0], x + phase[1])[textures, np.arange(n)]
    pixels = np.where(inside, np.where(bright, BRIGHT, DARK), 0)
    pixels += noise * generator.standard_normal(pixels.shape)
    return pixels[:, None].astype(np.float32)


def _inside(y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which pixels belong to each shape `[shapes, n, 32, 32]`; 1 is the radius of the disc, y points down."""
    furthest, nearest = np.maximum(np.abs(x), np.abs(y)), np.minimum(np.abs(x), np.abs(y))
    triangle = (y <= 0.75) & (np.abs(x) <= (y + 1.35) * 0.65)
    return np.stack([x**2 + y**2 <= 1, furthest <= 0.886, triangle, (furthest <= 1.1) & (nearest <= 0.47)])


def _bright(y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which pixels are bright in each texture `[textures, n, 32, 32]`."""
    across, down = x % PERIOD < PERIOD / 2, y % PERIOD < PERIOD / 2
    diagonal = (x + y) % (PERIOD * np.sqrt(2)) < PERIOD / np.sqrt(2)
    return np.stack([np.broadcast_to(each, diagonal.shape) for each in (down, across, diagonal, across ^ down)])
