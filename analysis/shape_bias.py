"""Shape bias: what a classifier goes by where shape and texture are in conflict."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ShapeBias:
    """What a classifier named pictures of a shape with a texture, some of which agree in class and some do not.

    A bias alone tells little: who guesses has one of ½. Look at the fractions, at chance and at the accuracy.

    Attributes
    ----------
    value
        n_shape / (n_shape + n_texture) over the conflicts (Geirhos et al. 2019); NaN where none was named by either.
    shape_fraction, texture_fraction
        Share of the conflicts that were named by shape, and by texture; NaN where there are none.
    accuracy
        Share of the pictures without conflict that were named right; NaN where there are none.
    n_conflicts, n_classes
        Number of pictures in conflict, and of classes.
    """

    value: float
    shape_fraction: float
    texture_fraction: float
    accuracy: float
    n_conflicts: int
    n_classes: int

    @property
    def chance(self) -> float:
        """Either fraction where names are guessed."""
        return 1 / self.n_classes

    @property
    def shape_seen(self) -> float:
        """The shape fraction less that of a classifier that names as many by texture and is blind to shape.

        The names that such a one does not give by texture fall on the other classes alike, where shapes and textures
        are paired evenly: (1 − texture fraction)/(C − 1) of them on the shape's. 0 for who guesses.
        """
        return self.shape_fraction - (1 - self.texture_fraction) / (self.n_classes - 1)


def shape_bias(named: np.ndarray, shapes: np.ndarray, textures: np.ndarray, *, n_classes: int) -> ShapeBias:
    """Return the shape bias of `named [n]` classes for pictures with the `shapes [n]` and `textures [n]` of classes."""
    conflict = shapes != textures
    n_conflicts, n_agreeing = int(conflict.sum()), int((~conflict).sum())
    by_shape = int((named == shapes)[conflict].sum())
    by_texture = int((named == textures)[conflict].sum())
    right = int((named == shapes)[~conflict].sum())
    return ShapeBias(
        by_shape / (by_shape + by_texture) if by_shape + by_texture else math.nan,
        by_shape / n_conflicts if n_conflicts else math.nan,
        by_texture / n_conflicts if n_conflicts else math.nan,
        right / n_agreeing if n_agreeing else math.nan,
        n_conflicts,
        n_classes,
    )
