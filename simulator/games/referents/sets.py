"""A set of referents: objects that a speaker sees and attributes that a listener names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from hubbub.simulator.registry import Registry

SPLITS = ("train", "held_out")

referents = Registry("referents", package="hubbub.simulator.games.referents", supplied=("generator",))
"""Decorator and catalogue of functions that return `Referents`; `generator` draws the held-out part."""


@dataclass(frozen=True, eq=False)
class Referents:
    """R referents, some of them held out of training.

    Attributes
    ----------
    features
        What the speaker sees, `[R, F]` float32.
    attributes
        What a referent means: one value 0 … `n_values` − 1 per attribute, `[R, A]` int64.
    n_values
        Number of values per attribute.
    attribute_names
        A names.
    train, held_out
        Indices of the referents trained on and of those kept for the test of generalisation, int64.
    """

    features: Float[np.ndarray, "R F"]
    attributes: Int[np.ndarray, "R A"]
    n_values: int
    attribute_names: tuple[str, ...]
    train: Int[np.ndarray, " T"]
    held_out: Int[np.ndarray, " H"]

    @property
    def n_attributes(self) -> int:
        """Number of attributes A."""
        return self.attributes.shape[1]

    @property
    def n_features(self) -> int:
        """Number of features F."""
        return self.features.shape[1]

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that hold at least one referent."""
        return tuple(split for split in SPLITS if len(self.of(split)))

    @cached_property
    def meanings(self) -> NDArray[np.int64]:
        """Number of each referent's combination of attribute values, `[R]`: equal for equal attributes."""
        return np.unique(self.attributes, axis=0, return_inverse=True)[1].reshape(-1)

    def of(self, split: str) -> NDArray[np.int64]:
        """Return the indices of the referents of a split, "train" or "held_out"."""
        return self.train if split == "train" else self.held_out


def balanced(indices: NDArray[np.int64], meanings: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most `most` of `indices`, every meaning as often as possible, in order of index."""
    if len(indices) <= most:
        return indices
    order = np.argsort(meanings[indices], kind="stable")
    ordered = meanings[indices][order]
    first = np.r_[True, ordered[1:] != ordered[:-1]]
    starts = np.maximum.accumulate(np.where(first, np.arange(len(ordered)), 0))
    rank = np.empty(len(indices), dtype=np.int64)
    rank[order] = np.arange(len(ordered)) - starts
    return np.sort(indices[np.argsort(rank, kind="stable")[:most]])
