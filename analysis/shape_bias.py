"""Shape bias: whether a classifier decides by shape or by texture where the two are in conflict."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Integer

from hubbub.analysis.arrays import below
from hubbub.analysis.validation import AT_LEAST_1, validated


@dataclass(frozen=True)
class ShapeBias:
    """The classes that a classifier named for pictures whose shape and texture are of the same or of two classes.

    A bias alone tells little: random guesses have a bias of ½. Look at the fractions, at chance and at the accuracy.

    Attributes
    ----------
    value
        n_shape / (n_shape + n_texture) over the conflicts (Geirhos et al. 2019); NaN where no picture was named by its
        shape or by its texture.
    shape_fraction, texture_fraction
        Share of the conflicts that were named by shape, and by texture; NaN without conflicts.
    accuracy
        Share of the pictures without conflict that were named correctly; NaN without such pictures.
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
        """Expected value of either fraction for random guesses."""
        return 1 / self.n_classes

    @property
    def shape_seen(self) -> float:
        """Shape fraction beyond that of a classifier with the same texture fraction that does not see shape.

        Where shapes and textures are paired evenly, the names which that classifier does not give by texture are spread
        evenly over the other C − 1 classes, so its shape fraction is (1 − texture fraction)/(C − 1). 0 for random
        guesses.
        """
        return self.shape_fraction - (1 - self.texture_fraction) / (self.n_classes - 1)


@validated(stated_shapes=True, n_classes=AT_LEAST_1)
def shape_bias(
    named: Integer[np.ndarray, " n"],
    shapes: Integer[np.ndarray, " n"],
    textures: Integer[np.ndarray, " n"],
    *,
    n_classes: int,
) -> ShapeBias:
    """Return the shape bias of a classifier over n pictures (Geirhos et al. 2019).

    Parameters
    ----------
    named
        Class that the classifier named for each picture, from 0 to C − 1.
    shapes, textures
        Class of the shape and class of the texture of each picture.
    n_classes
        Number of classes C.

    Raises
    ------
    ConfigurationError
        Different numbers of pictures, or a class outside of 0 … C − 1.
    """
    named, shapes, textures = (
        below(of, n_classes, name=name) for name, of in (("named", named), ("shapes", shapes), ("textures", textures))
    )
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
