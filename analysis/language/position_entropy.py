"""Position entropy: how much each position of the messages varies."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.information import as_codes, entropies_bits
from hubbub.analysis.language.messages import checked, cut
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure

ESTIMATOR = "entropy of the symbol at position {} over equally likely referents"


def position_entropy(
    messages: np.ndarray, *, lengths: np.ndarray | None = None, end_symbol: int | None = 0
) -> tuple[Measure, ...]:
    """Return, for each of the L positions, the entropy in bits of its symbol over equally likely referents.

    Where a message has ended, the position holds one further value, "no symbol". Permuted referents leave it
    as it is, so it has no null.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then each value is the mean over agents and `each` holds every agent's own.
    lengths, end_symbol
        As in `topographic_similarity`.
    """
    spoken = checked(messages, ndim=(2, 3))
    said = cut(spoken, lengths=lengths, end_symbol=end_symbol).reshape(-1, *spoken.shape[-2:])
    bits = entropies_bits(np.moveaxis(as_codes(said), 2, 0))  # [L, N]
    n, single_agent = spoken.shape[-2], spoken.ndim == 2
    return tuple(
        measure_with_null(
            row[None], unit="bits", estimator=ESTIMATOR.format(position), n=n, reason="", single_agent=single_agent
        )
        for position, row in enumerate(bits)
    )
