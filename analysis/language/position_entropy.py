"""Position entropy: how much the symbol at each position of the messages varies."""

from __future__ import annotations

import numpy as np
from jaxtyping import Integer

from hubbub.analysis.language.information import as_codes, entropies_bits
from hubbub.analysis.language.messages import checked, cut
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated

ESTIMATOR = "entropy of the symbol at position {} over equally likely referents"


@validated()
def position_entropy(
    messages: Integer[np.ndarray, "*N R L"],
    *,
    lengths: Integer[np.ndarray, "*N R"] | None = None,
    end_symbol: int | None = 0,
) -> tuple[Measure, ...]:
    """Return, for each of the L positions, the entropy in bits of its symbol over equally likely referents.

    After the end of a message, a position holds one further value, "no symbol". Permuting the referents does not
    change the entropy, so it has no null.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then each value is the mean over agents and `each` holds the measure of every agent.
    lengths, end_symbol
        As in `topographic_similarity`.

    O(N L R log R).

    Raises
    ------
    ConfigurationError
        Malformed messages or lengths.
    """
    symbols = checked(messages, ndim=(2, 3))
    kept = cut(symbols, lengths=lengths, end_symbol=end_symbol).reshape(-1, *symbols.shape[-2:])
    bits = entropies_bits(np.moveaxis(as_codes(kept), 2, 0))  # [L, N]
    return tuple(
        measure_with_null(
            row[None],
            unit="bits",
            estimator=ESTIMATOR.format(position),
            n=symbols.shape[-2],
            reason="",
            single_agent=symbols.ndim == 2,
        )
        for position, row in enumerate(bits)
    )
