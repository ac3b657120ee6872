"""The mutual information between layers that follows from the data alone, without a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Shaped

from hubbub.analysis.language.information import as_codes, entropies_bits
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint


@dataclass(frozen=True)
class Emergence:
    """Information emergence E of Chen, Yang, Zhu & Wang (2024), in bits.

    Attributes
    ----------
    macro
        Mutual information between two layers at the last position of whole sequences.
    micro
        The same for single tokens as inputs, mean over the positions of a sequence.
    """

    macro: float
    micro: float

    @property
    def value(self) -> float:
        """E = macro − micro."""
        return self.macro - self.micro


@validated(stated_shapes=True)
def data_emergence(tokens: Shaped[np.ndarray, "M L"]) -> Emergence:
    """Return the information emergence E of a data set: entropy of sequences minus mean entropy of tokens, in bits.

    A network is a function of its tokens. Where two layers distinguish all sequences, the mutual information between
    them is the entropy of the sequences, whatever the weights are, and E (Chen et al. 2024) has this value.

    Parameters
    ----------
    tokens
        M sequences of L tokens, `[M, L]`, of any element type; their frequencies are used as probabilities.

    Raises
    ------
    ConfigurationError
        Another number of axes, or an axis of length 0.

    Notes
    -----
    O(M L log M).
    """
    if not tokens.size:
        raise ConfigurationError(complaint("tokens", expected="shape [M, L], none of them 0", got=tokens.shape))
    sequences = np.unique(tokens, axis=0, return_inverse=True)[1].reshape(-1)
    return Emergence(float(entropies_bits(sequences)), float(entropies_bits(as_codes(tokens).T).mean()))
