"""Mutual information of two layers at a finite resolution, by counting."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.information import as_codes, entropies_bits


def quantised_information(inputs: np.ndarray, outputs: np.ndarray, *, resolution: float) -> float:
    """Return the mutual information in bits of `inputs [M, D]` and `outputs [M, H]`, each cut into cells.

    A cell has the side `resolution` in every direction, in root mean squares over the features of a layer about their
    means. Exact for the cells where the M samples are all that can occur, each as likely; for a part of them it is at
    most log2 M and says more about M than about the layers. O(M (D + H) log M).
    """
    left, right = cells(inputs, resolution), cells(outputs, resolution)
    joint = np.unique(np.column_stack([left, right]), axis=0, return_inverse=True)[1].reshape(-1)
    return float(entropies_bits(left) + entropies_bits(right) - entropies_bits(joint))


def cells(features: np.ndarray, resolution: float) -> np.ndarray:
    """Return the number of the cell `[M]` that each of the features `[M, D]` lies in."""
    centred = features - features.mean(axis=0)
    side = resolution * np.sqrt(np.square(centred).mean())
    corners = np.rint(centred / side).astype(np.int64) if side > 0 else np.zeros(centred.shape, np.int64)
    return as_codes(np.unique(corners, axis=0, return_inverse=True)[1].reshape(-1))
