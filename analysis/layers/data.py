"""What the data alone says about the information across layers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hubbub.analysis.language.information import as_codes, entropies_bits


@dataclass(frozen=True)
class Emergence:
    """Information emergence E of Chen, Yang, Zhu & Wang (2024), in bits.

    Attributes
    ----------
    macro
        Information between two layers about whole sequences, at their last place.
    micro
        The same for a token fed alone, mean over the tokens of a sequence.
    """

    macro: float
    micro: float

    @property
    def value(self) -> float:
        """Return E = macro − micro."""
        return self.macro - self.micro


def data_emergence(tokens: np.ndarray) -> Emergence:
    """Return E of a set of sequences `[M, L]`, each as likely as its share: entropies of sequences and of tokens.

    A network is a function of its tokens. Where two layers tell all sequences apart, the information between them is
    the entropy of the sequences, whatever the weights are, and E is this. O(M L log M).
    """
    sequences = np.unique(tokens, axis=0, return_inverse=True)[1].reshape(-1)
    return Emergence(float(entropies_bits(sequences)), float(entropies_bits(as_codes(tokens).T).mean()))
