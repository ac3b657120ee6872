"""Dialects over time, and how they agree with a known partition on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.dialects.agreement import adjusted_rand, contingency, group_numbers
from hubbub.analysis.dialects.clusters import Dialects, cluster
from hubbub.analysis.language.similarity import similarity_matrix
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


@dataclass(frozen=True)
class DialectsOverTime:
    """The dialects at every recorded lexicon of a run (T lexicons).

    Attributes
    ----------
    steps
        Training step of each lexicon `[T]`.
    labels
        Dialect of each agent `[T, N]`; a number stands for the same dialect at all times, as far as its
        members stay together, and the last row is numbered by size.
    dialects
        The T cuts with their silhouettes and trees.
    """

    steps: np.ndarray
    labels: np.ndarray
    dialects: tuple[Dialects, ...]

    @property
    def n_clusters(self) -> np.ndarray:
        """Number of dialects at each time `[T]`."""
        return np.array([dialects.n_clusters for dialects in self.dialects])


@dataclass(frozen=True)
class AgreementOverTime:
    """Adjusted Rand index of the dialects with a known partition at T times, beside its permutation null.

    Attributes
    ----------
    steps, values
        Training steps and adjusted Rand indices `[T]`.
    null_mean, null_high
        Mean and 95 % quantile of the null at each time `[T]`.
    p_values
        Of each time alone `[T]`.
    peak
        Index of the highest value.
    peak_p_value
        Of the highest value, corrected for having looked at all times: the share of permutations whose own
        highest value is at least as large (Westfall & Young 1993).
    n_clusters
        Number of dialects in the cut.
    attribute
        Name of the known partition.
    """

    steps: np.ndarray
    values: np.ndarray
    null_mean: np.ndarray
    null_high: np.ndarray
    p_values: np.ndarray
    peak: int
    peak_p_value: float
    n_clusters: int
    attribute: str


def dialects_over_time(run: Run, *, n_clusters: int | None = None, split: str = "train") -> DialectsOverTime:
    """Return the dialects at every recorded lexicon, numbered alike from one time to the next.

    Each lexicon is cut as `cluster` does; then dialects take the number of that dialect of the time before
    with which they share most members (maximal overlap in all, Kuhn 1955), and new ones a free number.
    """
    steps = run.lexicon_steps()
    recorded = (run.lexicon(step).splits[split] for step in steps)
    found = tuple(
        cluster(similarity_matrix(lexicon.messages, lengths=lexicon.lengths), n_clusters=n_clusters)
        for lexicon in recorded
    )
    return DialectsOverTime(np.array(steps), consistent_labels([dialects.labels for dialects in found]), found)


def agreement_over_time(
    run: Run,
    attribute: str,
    *,
    n_clusters: int | None = None,
    history: DialectsOverTime | None = None,
    generator: np.random.Generator | None = None,
    permutations: int = 1000,
) -> AgreementOverTime:
    """Return how well the dialects agree with a node attribute of the source graph at every recorded lexicon.

    Parameters
    ----------
    attribute
        Such as the karate club's "club"; agents without a value are left out.
    n_clusters
        Number of dialects in the cut; as many as the attribute has values when not given.
    history
        What `dialects_over_time(run)` returned, if it is at hand: saves time.
    generator
        Draws the permutations of the attribute over agents, the same ones at all times;
        `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, at least 1.
    """
    known = run.agents().attributes
    if attribute not in known:
        listed = ", ".join(known) or "none in this run"
        raise ConfigurationError(complaint("attribute", expected=f"one of: {listed}", got=attribute, valid=known))
    groups = group_numbers(known[attribute], n_agents=len(run.agents().names))
    if groups.max() < 1:
        raise ConfigurationError(
            f"attribute {attribute!r}: expected at least 2 different values, got {groups.max() + 1}"
        )
    n_clusters = n_clusters or int(groups.max()) + 1
    history = history or dialects_over_time(run)

    named = groups >= 0
    shuffled = np.tile(groups[named], (permutations, 1))
    shuffled = (generator or np.random.default_rng(0)).permuted(shuffled, axis=1)
    partitions = np.concatenate([groups[named][None], shuffled])
    cuts = [dialects.cut(n_clusters)[named] for dialects in history.dialects]
    rand = np.array([adjusted_rand(contingency(labels, partitions)) for labels in cuts])
    values, null = rand[:, 0], rand[:, 1:]
    peak = int(values.argmax())
    return AgreementOverTime(
        history.steps,
        values,
        null.mean(axis=1),
        np.quantile(null, 0.95, axis=1),
        (1 + (null >= values[:, None] - 1e-12).sum(axis=1)) / (1 + permutations),
        peak,
        float((1 + (null.max(axis=0) >= values[peak] - 1e-12).sum()) / (1 + permutations)),
        n_clusters,
        attribute,
    )


def consistent_labels(labels: list[np.ndarray]) -> np.ndarray:
    """Return cuts `[T, N]` in which a group keeps its number; those of the last time are kept as they are."""
    named = [labels[0]]
    for current in labels[1:]:
        named.append(_relabelled(current, like=named[-1]))
    last = dict(zip(named[-1].tolist(), labels[-1].tolist(), strict=True))
    for number in np.unique(named).tolist():
        last.setdefault(number, len(last))
    return np.vectorize(last.__getitem__, otypes=[np.int64])(np.array(named))


def _relabelled(current: np.ndarray, *, like: np.ndarray) -> np.ndarray:
    from scipy.optimize import linear_sum_assignment

    shared = contingency(like, current[None])[0]
    names = {new: old for old, new in zip(*linear_sum_assignment(-shared), strict=True) if shared[old, new]}
    taken = {*names.values(), *like.tolist()}  # a dialect that has just gone leaves its number free later
    free = iter(sorted(set(range(len(taken) + shared.shape[1])) - taken))
    return np.array([names[new] if new in names else names.setdefault(new, next(free)) for new in current.tolist()])
