"""Mutual information between two layers at a finite resolution, from counts of cells."""

from __future__ import annotations

import numpy as np
from jaxtyping import Integer, Real

from hubbub.analysis.language.information import as_codes, entropies_bits
from hubbub.analysis.validation import POSITIVE, validated
from hubbub.simulator.errors import ConfigurationError, complaint


@validated(stated_shapes=True, resolution=POSITIVE)
def quantised_information(
    inputs: Real[np.ndarray, "M D"], outputs: Real[np.ndarray, "M H"], *, resolution: float
) -> float:
    """Return the mutual information in bits between two layers whose activations are rounded to cells (binning).

    The value is exact for the cells if the M samples are all possible inputs, with equal probabilities. If they are
    only a part, the value is at most log2 M and depends more on M than on the layers. Source: the binning estimator of
    Shwartz-Ziv & Tishby (2017).

    Parameters
    ----------
    inputs, outputs
        Activations of the two layers for M samples, `[M, D]` and `[M, H]`.
    resolution
        Side of a cell in every direction, in units of the root mean square of the centred activations of a layer.

    Raises
    ------
    ConfigurationError
        Shapes that do not fit, an axis of length 0, or values that are not finite.

    Notes
    -----
    Deterministic; O(M (D + H) log M).
    """
    if 0 in (*inputs.shape, *outputs.shape):
        raise ConfigurationError(complaint("inputs", expected="shape [M, D], none of them 0", got=inputs.shape))
    left, right = cells(inputs, resolution), cells(outputs, resolution)
    joint = np.unique(np.column_stack([left, right]), axis=0, return_inverse=True)[1].reshape(-1)
    return float(entropies_bits(left) + entropies_bits(right) - entropies_bits(joint))


def cells(features: Real[np.ndarray, "M D"], resolution: float) -> Integer[np.ndarray, " M"]:
    """Return the number of the cell of each sample, `[M]`, of features `[M, D]`."""
    centred = features - features.mean(axis=0)
    side = resolution * np.sqrt(np.square(centred).mean())
    corners = np.rint(centred / side).astype(np.int64) if side > 0 else np.zeros(centred.shape, np.int64)
    return as_codes(np.unique(corners, axis=0, return_inverse=True)[1].reshape(-1))
