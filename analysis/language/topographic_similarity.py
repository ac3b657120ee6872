"""Topographic similarity: do similar referents get similar messages?"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Integer, Shaped

from hubbub.analysis.language.messages import as_texts, attributes, checked, counts_padding, edit_distances
from hubbub.analysis.language.permutation_null import NULL
from hubbub.analysis.measure import Measure, against_null, mean_over_agents, undefined
from hubbub.analysis.ranks import standard_ranks
from hubbub.analysis.validation import validated

ESTIMATOR = "Spearman correlation of attribute Hamming distance and edit distance / longer length"


@validated()
def topographic_similarity(
    messages: Integer[np.ndarray, "*N R L"],
    referents: Shaped[np.ndarray, "R A"],
    *,
    lengths: Integer[np.ndarray, "*N R"] | None = None,
    end_symbol: int | None = 0,
    convention: str = "hubbub",
    generator: np.random.Generator | None = None,
    permutations: int = 1000,
) -> Measure:
    """Return the rank correlation between the distances of referents and the distances of their messages.

    Spearman correlation, over all pairs of referents, of the Hamming distance between their attributes with
    the edit distance between their messages divided by the longer length (Brighton & Kirby 2006). Messages
    are cut at the end symbol, which counts as their last symbol.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]` for the languages of N agents: then the value is the mean over agents and
        `each` holds the measure of every agent.
    referents
        Attributes of what the messages name, of any type; values are compared for equality only.
    lengths, end_symbol
        Number of symbols of each message, `[R]` or `[N, R]`, end symbol included. Without it a message ends
        at its first `end_symbol`; with `end_symbol=None` all have length L.
    convention
        With "egg" padding counts as part of the message, and `lengths` and `end_symbol` are not used. EGG's
        division by the mean length changes nothing then, because its messages all have length L.
    generator
        Draws the permutations; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, in which the referents are permuted, alike for all agents; 0 for no null.

    Undefined for an agent whose messages are all equal or equally far apart: NaN with the reason, and left out of the
    mean. Undefined for all agents where all referents are equally far apart, or fewer than three.
    Time O(N R² (L + permutations)), memory 4 N R² bytes.

    Raises
    ------
    ConfigurationError
        Malformed messages, lengths or referents, or an unknown convention.
    """
    symbols = checked(messages, ndim=(2, 3))
    meanings = attributes(referents, n_referents=symbols.shape[-2])
    n_referents = len(meanings)
    first, second = np.triu_indices(n_referents, 1)
    hamming = np.count_nonzero(meanings[first] != meanings[second], axis=1)
    if n_referents < 3 or np.ptp(hamming) == 0:
        reason = "all referents are equally far apart" if n_referents > 2 else "fewer than 3 referents"
        return undefined(reason, unit="1", estimator=ESTIMATOR, n=len(first))

    if counts_padding(convention):
        lengths = end_symbol = None
    texts = as_texts(symbols, lengths=lengths, end_symbol=end_symbol).reshape(-1, n_referents)
    form = np.stack([standard_ranks(_message_distances(row)[first, second]) for row in texts])
    meaning = np.zeros((n_referents, n_referents))
    meaning[first, second] = meaning[second, first] = standard_ranks(hamming)

    orders = np.tile(np.arange(n_referents), (permutations, 1))
    orders = (generator or np.random.default_rng(0)).permuted(orders, axis=1)
    at_once = max(1, 2**20 // len(first))
    blocks = [orders[i : i + at_once] for i in range(0, permutations, at_once)]
    null = np.concatenate(
        [np.empty((0, len(texts)))] + [meaning[block[:, first], block[:, second]] @ form.T for block in blocks]
    )
    each = tuple(_measure(value, null[:, i], len(first)) for i, value in enumerate(form @ meaning[first, second]))
    return each[0] if symbols.ndim == 2 else mean_over_agents(each, null, model=NULL)


def _message_distances(texts: Shaped[np.ndarray, " R"]) -> Float[np.ndarray, "R R"]:
    distinct, index = np.unique(texts, return_inverse=True)
    return edit_distances(distinct)[index[:, None], index]


def _measure(value: float, null: Float[np.ndarray, " P"], n_pairs: int) -> Measure:
    if np.isnan(value):
        return undefined("all messages are alike or equally far apart", unit="1", estimator=ESTIMATOR, n=n_pairs)
    return against_null(float(value), null, unit="1", estimator=ESTIMATOR, n=n_pairs, model=NULL)
