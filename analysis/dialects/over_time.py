"""Dialects over time, and their agreement with a known partition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.dialects.agreement import adjusted_rand, contingency, group_numbers
from hubbub.analysis.dialects.clusters import Dialects, cluster
from hubbub.analysis.language.similarity import similarity_matrix
from hubbub.analysis.validation import AT_LEAST_1, validated
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
        Dialect of each agent `[T, N]`; a number means the same dialect at all times, as far as its
        members stay together, and the dialects of the last row are numbered by size.
    dialects
        The T partitions with their silhouettes and trees.
    """

    steps: Int[np.ndarray, " T"]
    labels: Int[np.ndarray, "T N"]
    dialects: tuple[Dialects, ...]

    @property
    def n_clusters(self) -> Int[np.ndarray, " T"]:
        """Number of dialects at each time `[T]`."""
        return np.array([dialects.n_clusters for dialects in self.dialects])


@dataclass(frozen=True)
class AgreementOverTime:
    """Adjusted Rand index of the dialects with a known partition at T times, with its permutation null.

    Attributes
    ----------
    steps, values
        Training steps and adjusted Rand indices `[T]`.
    null_mean, null_high
        Mean and 95 % quantile of the null at each time `[T]`.
    p_values
        p-value of each time alone `[T]`.
    peak
        Index of the highest value.
    peak_p_value
        p-value of the highest value, corrected for multiple testing over all times: the share of permutations whose
        own highest value is at least as large (Westfall & Young 1993).
    n_clusters
        Number of dialects.
    attribute
        Name of the known partition.
    """

    steps: Int[np.ndarray, " T"]
    values: Float[np.ndarray, " T"]
    null_mean: Float[np.ndarray, " T"]
    null_high: Float[np.ndarray, " T"]
    p_values: Float[np.ndarray, " T"]
    peak: int
    peak_p_value: float
    n_clusters: int
    attribute: str


@validated()
def dialects_at(run: Run, step: int, *, n_clusters: int | None = None, split: str = "train") -> Dialects:
    """Return the dialects at the recorded lexicon of a step; arguments as in `dialects_over_time`."""
    lexicon = run.lexicon(step).splits[split]
    return cluster(similarity_matrix(lexicon.messages, lengths=lexicon.lengths), n_clusters=n_clusters)


@validated()
def dialects_over_time(
    run: Run, *, n_clusters: int | None = None, split: str = "train", last: Dialects | None = None
) -> DialectsOverTime:
    """Return the dialects at every recorded lexicon of a run, with numbers that stay the same over time.

    The dialects of each lexicon are those of `cluster` on the similarity of messages. Each takes the number of the
    dialect of the time before with which it shares most members (assignment with the largest total overlap, Kuhn
    1955), and a new one takes a free number. O(T (R N² L + N² log N)).

    Parameters
    ----------
    n_clusters
        Number of dialects; that with the highest silhouette when not given.
    split
        "train", or "held_out" for referents that no agent was trained on.
    last
        The dialects of the last lexicon, where they have been computed already.
    """
    steps = run.lexicon_steps()
    known = {steps[-1]: last} if last is not None else {}
    found = tuple(known.get(step) or dialects_at(run, step, n_clusters=n_clusters, split=split) for step in steps)
    return DialectsOverTime(np.array(steps), consistent_labels([dialects.labels for dialects in found]), found)


@validated(permutations=AT_LEAST_1)
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
        Number of dialects; as many as the attribute has values when not given.
    history
        The result of `dialects_over_time(run)`, where it has been computed already.
    generator
        Draws the permutations of the attribute over agents, the same ones at all times;
        `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, at least 1.

    Raises
    ------
    ConfigurationError
        An unknown attribute, or one with fewer than two different values.
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


def consistent_labels(labels: list[Int[np.ndarray, " N"]]) -> Int[np.ndarray, "T N"]:
    """Return labels at T times, renumbered so that a group keeps its number; those of the last time do not change."""
    named = [labels[0]]
    for current in labels[1:]:
        named.append(_relabelled(current, before=named[-1]))
    last = dict(zip(named[-1].tolist(), labels[-1].tolist(), strict=True))
    for number in np.unique(named).tolist():
        last.setdefault(number, len(last))
    return np.vectorize(last.__getitem__, otypes=[np.int64])(np.array(named))


def _relabelled(current: Int[np.ndarray, " N"], *, before: Int[np.ndarray, " N"]) -> Int[np.ndarray, " N"]:
    from scipy.optimize import linear_sum_assignment

    shared = contingency(before, current[None])[0]
    names = {new: old for old, new in zip(*linear_sum_assignment(-shared), strict=True) if shared[old, new]}
    taken = {
        *names.values(),
        *before.tolist(),
    }  # the number of a dialect that has just disappeared is not reused at once
    free = iter(sorted(set(range(len(taken) + shared.shape[1])) - taken))
    return np.array([names[new] if new in names else names.setdefault(new, next(free)) for new in current.tolist()])
