"""Pictures of a shape filled with a texture, in which the two agree or are in conflict."""

from __future__ import annotations

import numpy as np

SIDE = 32
SHAPES = ("disc", "square", "triangle", "cross")
TEXTURES = ("horizontal stripes", "vertical stripes", "diagonal stripes", "checks")
SIZES = 8.0, 11.0
"""Radius of a disc in pixels; the other shapes have about the area of a disc."""
SHIFT = 4.0
"""How far a centre lies from that of the picture at most, in pixels of either axis."""
PERIOD = 4.0
"""Pixels of a stripe and the gap beside it."""
DARK, BRIGHT = 0.2, 1.0
"""Ink of a texture's gaps and stripes; the ground is 0."""


def textured_shapes(
    shapes: np.ndarray, textures: np.ndarray, *, noise: float, generator: np.random.Generator
) -> np.ndarray:
    """Return pictures `[n, 1, 32, 32]`, each of one of the `shapes [n]` filled with one of the `textures [n]`.

    Place, size and the phase of a texture are drawn, and Gaussian noise of a standard deviation `noise` is added.
    """
    n = len(shapes)
    middle = (SIDE - 1) / 2 + generator.uniform(-SHIFT, SHIFT, size=(2, n, 1, 1))
    size = generator.uniform(*SIZES, size=(n, 1, 1))
    phase = generator.uniform(0, PERIOD, size=(2, n, 1, 1))
    y, x = np.mgrid[:SIDE, :SIDE][:, None].astype(float)
    inside = _inside((y - middle[0]) / size, (x - middle[1]) / size)[shapes, np.arange(n)]
    bright = _bright(y + phase[0], x + phase[1])[textures, np.arange(n)]
    ink = np.where(inside, np.where(bright, BRIGHT, DARK), 0)
    ink += noise * generator.standard_normal(ink.shape)
    return ink[:, None].astype(np.float32)


def _inside(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return which places belong to each shape `[shapes, n, 32, 32]`; 1 is the radius of the disc, y points down."""
    furthest, nearest = np.maximum(np.abs(x), np.abs(y)), np.minimum(np.abs(x), np.abs(y))
    triangle = (y <= 0.75) & (np.abs(x) <= (y + 1.35) * 0.65)
    return np.stack([x**2 + y**2 <= 1, furthest <= 0.886, triangle, (furthest <= 1.1) & (nearest <= 0.47)])


def _bright(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return which places are bright in each texture `[textures, n, 32, 32]`."""
    across, down = x % PERIOD < PERIOD / 2, y % PERIOD < PERIOD / 2
    diagonal = (x + y) % (PERIOD * np.sqrt(2)) < PERIOD / np.sqrt(2)
    return np.stack([np.broadcast_to(each, diagonal.shape) for each in (down, across, diagonal, across ^ down)])
