"""Speaker synchrony: do speakers say the same for the same referent?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Integer

from hubbub.analysis.language.similarity import similarity
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated


@validated()
def speaker_synchrony(
    messages: Integer[np.ndarray, "N R L"],
    *,
    lengths: Integer[np.ndarray, "N R"] | None = None,
    end_symbol: int | None = 0,
    generator: np.random.Generator | None = None,
    permutations: int = 100,
) -> Measure:
    """Return the mean, over pairs of agents and referents, of 1 − edit distance / longer length of two messages.

    The mean of `similarity`, with its null; `each` holds the mean of every agent with the others, without a null.
    (Some authors report the distance: 1 − this.)

    Parameters
    ----------
    messages
        `[N, R, L]`.
    lengths, end_symbol
        As in `topographic_similarity`.
    generator
        Draws the permutations; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, in which the messages of each agent are permuted over the referents; 0 for no null.

    NaN with the reason for fewer than two agents. O(R N² L) at worst.

    Raises
    ------
    ConfigurationError
        Malformed messages or lengths.
    """
    found = similarity(messages, lengths=lengths, end_symbol=end_symbol, generator=generator, permutations=permutations)
    n_others = len(found.matrix) - 1
    if not n_others:
        return found.mean
    own = (found.matrix.sum(axis=1) - 1) / n_others
    return replace(
        found.mean,
        each=tuple(Measure(float(value), "1", found.mean.estimator, n_others) for value in own),
    )
