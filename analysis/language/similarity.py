"""Message similarity: how similar the messages of two agents are for the same referents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Integer, Shaped

from hubbub.analysis.language.messages import as_texts, checked, edit_distances
from hubbub.analysis.measure import Measure, against_null, undefined
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

NULL = "each agent's messages permuted over referents"
NULL_AGENTS = 64
MOST_KNOWN = 1000
"""Up to so many distinct messages, all are compared once, for all permutations."""
AT_ONCE = 64
"""Rows of a matrix that are added at once."""


@dataclass(frozen=True)
class Similarity:
    """How similar the languages of N agents are.

    Attributes
    ----------
    matrix
        `[N, N]`, symmetric, 1 on the diagonal: mean over referents of the similarity of two messages.
    mean
        Mean over all pairs of different agents, with its null.
    kind
        "edit", "exact" or "positional".
    """

    matrix: Float[np.ndarray, "N N"]
    mean: Measure
    kind: str


@validated()
def similarity(
    messages: Integer[np.ndarray, "N R L"],
    *,
    lengths: Integer[np.ndarray, "N R"] | None = None,
    end_symbol: int | None = 0,
    kind: str = "edit",
    generator: np.random.Generator | None = None,
    permutations: int = 100,
) -> Similarity:
    """Return the similarity matrix of messages `[N, R, L]`, and its mean with a null.

    Chance is far above 0 for "edit" and "positional": short messages over a small vocabulary share symbols by chance.
    The null permutes every agent's own messages over the referents: each agent keeps its set of messages, but they no
    longer name the same referents. With more than 64 agents each permutation uses 64 random ones.

    Parameters
    ----------
    lengths, end_symbol
        Number of symbols of each message, end symbol included. Without it a message ends at its
        first `end_symbol`; with `end_symbol=None` all have length L.
    kind
        As in `similarity_matrix`.
    generator
        Draws the permutations; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, 0 for none.

    The mean is NaN with the reason for fewer than two agents. O(R N² L) at worst, for the matrix and for each
    permutation.

    Raises
    ------
    ConfigurationError
        Malformed messages or lengths, or an unknown kind.
    """
    symbols = checked(messages, ndim=(3,))
    texts = as_texts(symbols, lengths=lengths, end_symbol=end_symbol)
    n_agents = len(texts)
    matrix = _matrix(texts, kind)
    estimator = f"mean over referents and pairs of agents, {kind} similarity"
    if n_agents < 2:
        return Similarity(matrix, undefined("fewer than 2 agents", unit="1", estimator=estimator), kind)
    rng = generator or np.random.default_rng(0)
    null = np.empty(permutations)
    distinct, index = np.unique(texts, return_inverse=True)
    known = KINDS[kind](distinct) if len(distinct) <= MOST_KNOWN else None
    said = texts if known is None else index.reshape(texts.shape)
    for p in range(permutations):
        sample = said if n_agents <= NULL_AGENTS else said[rng.choice(n_agents, NULL_AGENTS, replace=False)]
        permuted = rng.permuted(sample, axis=1)
        null[p] = _mean_over_pairs(_matrix(permuted, kind) if known is None else _looked_up(permuted, known))
    mean = against_null(
        _mean_over_pairs(matrix), null, unit="1", estimator=estimator, n=n_agents * (n_agents - 1) // 2, model=NULL
    )
    return Similarity(matrix, mean, kind)


@validated()
def similarity_matrix(
    messages: Integer[np.ndarray, "N R L"],
    *,
    lengths: Integer[np.ndarray, "N R"] | None = None,
    end_symbol: int | None = 0,
    kind: str = "edit",
) -> Float[np.ndarray, "N N"]:
    """Return the similarity matrix `[N, N]` of messages `[N, R, L]`, without a null.

    The mean over referents of, for two agents' messages for the same referent,

    - "edit": 1 − Levenshtein distance / longer length;
    - "exact": 1 when they are the same, 0 when not;
    - "positional": number of positions with the same symbol / longer length.

    `lengths` and `end_symbol` are as in `similarity`. O(R N² L) at worst: only the distinct messages of each referent
    are compared.

    Raises
    ------
    ConfigurationError
        Malformed messages or lengths, or an unknown kind.
    """
    return _matrix(as_texts(checked(messages, ndim=(3,)), lengths=lengths, end_symbol=end_symbol), kind)


def _matrix(texts: Shaped[np.ndarray, "N R"], kind: str) -> Float[np.ndarray, "N N"]:
    if kind not in KINDS:
        raise ConfigurationError(complaint("kind", expected=f"one of {', '.join(KINDS)}", got=kind, valid=KINDS))
    n_agents, n_referents = texts.shape
    total = np.zeros((n_agents, n_agents))
    for messages in texts.T:
        distinct, index = np.unique(messages, return_inverse=True)
        wide = KINDS[kind](distinct).take(index, axis=1)
        for start in range(0, n_agents, AT_ONCE):
            total[start : start + AT_ONCE] += wide[index[start : start + AT_ONCE]]  # whole rows, within the caches
    total /= n_referents
    return total


def _looked_up(index: Int[np.ndarray, "N R"], known: Float[np.ndarray, "D D"]) -> Float[np.ndarray, "N N"]:
    """Return what `_matrix` returns, of messages whose similarities are known."""
    total = np.zeros((len(index), len(index)))
    for messages in index.T:
        total += known[messages[:, None], messages]
    return np.asarray(total / index.shape[1])


def _mean_over_pairs(matrix: Float[np.ndarray, "N N"]) -> float:
    n = len(matrix)
    return float((matrix.sum() - np.trace(matrix)) / (n * (n - 1)))


def _edit(distinct: Shaped[np.ndarray, " D"]) -> Float[np.ndarray, "D D"]:
    return 1 - edit_distances(distinct)


def _exact(distinct: Shaped[np.ndarray, " D"]) -> Float[np.ndarray, "D D"]:
    return np.eye(len(distinct))


def _positional(distinct: Shaped[np.ndarray, " D"]) -> Float[np.ndarray, "D D"]:
    symbols = distinct[:, None].view(np.uint32)  # 0 beyond the end of a message
    longer = np.maximum.outer(*[np.count_nonzero(symbols, axis=1)] * 2)
    equal = sum((np.equal.outer(column, column) & (column != 0)).astype(float) for column in symbols.T)
    return np.where(longer > 0, equal / np.maximum(longer, 1), 1.0)


KINDS: dict[str, Callable[[Shaped[np.ndarray, " D"]], Float[np.ndarray, "D D"]]] = {
    "edit": _edit,
    "exact": _exact,
    "positional": _positional,
}
