"""Message similarity: how alike two agents name the same referents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hubbub.analysis.language.messages import as_texts, checked, edit_distances
from hubbub.analysis.measure import Measure, against_null, undefined
from hubbub.simulator.errors import ConfigurationError, complaint

NULL = "each agent's messages permuted over referents"
CHANCE_AGENTS = 64


@dataclass(frozen=True)
class Similarity:
    """How alike the languages of N agents are.

    Attributes
    ----------
    matrix
        `[N, N]` float64, symmetric, 1 on the diagonal: mean over referents of the similarity of two messages.
    mean
        Mean over all pairs of different agents; its null is the chance line.
    kind
        "edit", "exact" or "positional".
    """

    matrix: np.ndarray
    mean: Measure
    kind: str


def similarity(
    messages: np.ndarray,
    *,
    lengths: np.ndarray | None = None,
    end_symbol: int | None = 0,
    kind: str = "edit",
    generator: np.random.Generator | None = None,
    permutations: int = 100,
) -> Similarity:
    """Return the similarity matrix of messages `[N, R, L]` with its chance line.

    Chance is far above 0 for "edit" and "positional": short messages over a small vocabulary share symbols
    by accident. The null permutes every agent's own messages over the referents, which keeps each agent's
    inventory and takes away what is meant. With more than 64 agents each permutation looks at 64 of them.

    Parameters
    ----------
    lengths, end_symbol
        Number of symbols of each message `[N, R]`, end symbol included. Without it a message ends at its
        first `end_symbol`; with `end_symbol=None` all have length L.
    kind
        As in `similarity_matrix`.
    generator
        Draws the permutations; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, 0 for none.
    """
    spoken = checked(messages, ndim=(3,))
    texts = as_texts(spoken, lengths=lengths, end_symbol=end_symbol)
    n_agents = len(texts)
    matrix = _matrix(texts, kind)
    estimator = f"mean over referents and pairs of agents, {kind} similarity"
    if n_agents < 2:
        return Similarity(matrix, undefined("fewer than 2 agents", unit="1", estimator=estimator), kind)
    rng = generator or np.random.default_rng(0)
    chance = np.empty(permutations)
    for p in range(permutations):
        seen = texts if n_agents <= CHANCE_AGENTS else texts[rng.choice(n_agents, CHANCE_AGENTS, replace=False)]
        chance[p] = _mean_over_pairs(_matrix(rng.permuted(seen, axis=1), kind))
    mean = against_null(
        _mean_over_pairs(matrix), chance, unit="1", estimator=estimator, n=n_agents * (n_agents - 1) // 2, model=NULL
    )
    return Similarity(matrix, mean, kind)


def similarity_matrix(
    messages: np.ndarray, *, lengths: np.ndarray | None = None, end_symbol: int | None = 0, kind: str = "edit"
) -> np.ndarray:
    """Return the similarity matrix `[N, N]` of messages `[N, R, L]`, without a chance line.

    The mean over referents of, for two agents' messages for the same referent,

    - "edit": 1 − Levenshtein distance / longer length;
    - "exact": 1 when they are the same, 0 when not;
    - "positional": number of positions with the same symbol / longer length.

    O(R N² L) at worst; only the distinct messages of each referent are compared.
    """
    return _matrix(as_texts(checked(messages, ndim=(3,)), lengths=lengths, end_symbol=end_symbol), kind)


def _matrix(texts: np.ndarray, kind: str) -> np.ndarray:
    if kind not in KINDS:
        raise ConfigurationError(complaint("kind", expected=f"one of {', '.join(KINDS)}", got=kind, valid=KINDS))
    n_agents, n_referents = texts.shape
    total = np.zeros((n_agents, n_agents))
    for messages in texts.T:
        distinct, index = np.unique(messages, return_inverse=True)
        total += KINDS[kind](distinct)[index[:, None], index]
    return total / n_referents


def _mean_over_pairs(matrix: np.ndarray) -> float:
    n = len(matrix)
    return float((matrix.sum() - np.trace(matrix)) / (n * (n - 1)))


def _edit(distinct: np.ndarray) -> np.ndarray:
    return 1 - edit_distances(distinct)


def _exact(distinct: np.ndarray) -> np.ndarray:
    return np.eye(len(distinct))


def _positional(distinct: np.ndarray) -> np.ndarray:
    symbols = distinct[:, None].view(np.uint32)  # 0 beyond the end of a message
    longer = np.maximum.outer(*[np.count_nonzero(symbols, axis=1)] * 2)
    alike = sum((np.equal.outer(at, at) & (at != 0)).astype(float) for at in symbols.T)
    return np.where(longer > 0, alike / np.maximum(longer, 1), 1.0)


KINDS: dict[str, Callable[[np.ndarray], np.ndarray]] = {"edit": _edit, "exact": _exact, "positional": _positional}
