"""Dialects: groups of agents whose messages are similar, or who understand each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped

from hubbub.analysis.arrays import square
from hubbub.analysis.validation import AT_LEAST_1, real_number, validated, whole_number
from hubbub.simulator.errors import ConfigurationError, complaint

MAX_DIALECTS = 10


@dataclass(frozen=True)
class Dialects:
    """A partition of N agents into dialects.

    Attributes
    ----------
    labels
        Dialect of each agent `[N]`: 0 is the largest; equally large ones are ordered by their first agent.
    silhouette
        Mean silhouette of the partition, −1 … 1: how much nearer agents are to their own dialect than to the next
        one; NaN for one dialect. Near 0 the borders are arbitrary.
    silhouettes
        Mean silhouette for every number of dialects that was tried.
    merges
        The average-linkage tree `[N − 1, 4]` in SciPy's form, for dendrograms and other cuts.
    """

    labels: Int[np.ndarray, " N"]
    silhouette: float
    silhouettes: dict[int, float]
    merges: Float[np.ndarray, "merges 4"]

    @property
    def n_clusters(self) -> int:
        """Number of dialects."""
        return int(self.labels.max()) + 1

    def cut(self, n_clusters: int) -> Int[np.ndarray, " N"]:
        """Return the labels of the same tree cut into `n_clusters` dialects (at most N).

        Raises
        ------
        ConfigurationError
            A number of dialects that is not a whole number ≥ 1.
        """
        whole_number(n_clusters, name="n_clusters", limits=AT_LEAST_1)
        return _cut(self.merges, min(n_clusters, len(self.labels)))

    def at(self, threshold: float) -> Int[np.ndarray, " N"]:
        """Return the labels of the same tree when groups with a mean similarity of at least `threshold` are joined."""
        real_number(threshold, name="threshold")
        return _cut(self.merges, _groups_at(self.merges, threshold))


@validated()
def cluster(
    similarity: Shaped[np.ndarray, "N N"],
    *,
    n_clusters: int | None = None,
    threshold: float | None = None,
    max_clusters: int = MAX_DIALECTS,
) -> Dialects:
    """Return the dialects in a similarity matrix `[N, N]`, by average linkage on 1 − similarity.

    A success matrix may be given instead: it groups agents by who understands whom, whatever their messages. The two
    directions of an asymmetric matrix are averaged, and the diagonal is not used.

    Parameters
    ----------
    similarity
        Similarity or success of ordered pairs, bool, int or float.
    n_clusters
        Number of dialects.
    threshold
        Instead of `n_clusters`: join groups while their mean similarity is at least this, so that dialects of
        different runs are delimited by the same rule. `Dialects.at` cuts the same tree at another threshold.
    max_clusters
        With neither, the number of dialects is that between 2 and `max_clusters` with the highest mean silhouette
        (Rousseeuw 1987), or one where no silhouette is above 0. (A silhouette is undefined for one dialect, so it
        cannot compare one with two: look at its height, and at the similarity between dialects.)

    Deterministic. O(N²) memory, O(N² log N) time.

    Raises
    ------
    ConfigurationError
        A matrix that is not `[N, N]` or not finite, both `n_clusters` and `threshold`, or a number of dialects outside
        1 … N.
    """
    distances = 1 - square(similarity, name="similarity")
    distances = (distances + distances.T) / 2
    np.fill_diagonal(distances, 0)
    distances = np.round(distances, 12)  # means over referents that are equal differ by rounding; ties are ties
    n_agents = len(distances)
    if n_clusters is not None and threshold is not None:
        raise ConfigurationError("n_clusters and threshold: expected one of them, got both")
    if n_clusters is not None and not 1 <= n_clusters <= n_agents:
        raise ConfigurationError(complaint("n_clusters", expected=f"1 … {n_agents}", got=n_clusters))
    merges = _average_linkage(distances)
    if threshold is not None:
        n_clusters = _groups_at(merges, threshold)
    tried = range(2, min(max_clusters, n_agents - 1) + 1) if n_clusters is None else [n_clusters]
    silhouettes = {n: _silhouette(distances, _cut(merges, n)) for n in tried}
    if n_clusters is None:
        n_clusters = max(silhouettes, key=lambda n: silhouettes[n], default=1)
        if silhouettes.get(n_clusters, 0) <= 1e-12:
            n_clusters = 1
    return Dialects(_cut(merges, n_clusters), silhouettes.get(n_clusters, np.nan), silhouettes, merges)


def by_size(labels: Shaped[np.ndarray, " N"]) -> Int[np.ndarray, " N"]:
    """Return labels of any type renumbered from 0 by the size of the group, largest first, ties by the first agent."""
    _, first, index, counts = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    return np.argsort(np.lexsort((first, -counts)))[index]


def _average_linkage(distances: Float[np.ndarray, "N N"]) -> Float[np.ndarray, "merges 4"]:
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    if len(distances) < 2:
        return np.empty((0, 4))
    return np.asarray(linkage(squareform(distances, checks=False), "average"))


def _cut(merges: Float[np.ndarray, "merges 4"], n_clusters: int) -> Int[np.ndarray, " N"]:
    """Return the labels after all but the last `n_clusters − 1` merges."""
    n_agents = len(merges) + 1
    groups = {agent: [agent] for agent in range(n_agents)}
    for step, (left, right) in enumerate(merges[: n_agents - n_clusters, :2].astype(int).tolist()):
        groups[n_agents + step] = groups.pop(left) + groups.pop(right)
    labels = np.empty(n_agents, dtype=np.int64)
    for label, members in enumerate(groups.values()):
        labels[members] = label
    return by_size(labels)


def _groups_at(merges: Float[np.ndarray, "merges 4"], threshold: float) -> int:
    return 1 + int(np.count_nonzero(merges[:, 2] > 1 - threshold + 1e-12))


def _silhouette(distances: Float[np.ndarray, "N N"], labels: Int[np.ndarray, " N"]) -> float:
    """Return the mean silhouette; an agent alone in its dialect counts as 0 (Rousseeuw 1987)."""
    n_agents, n_clusters = len(labels), int(labels.max()) + 1
    if n_clusters < 2:
        return float("nan")
    member = labels[:, None] == np.arange(n_clusters)
    sizes = member.sum(axis=0)
    totals = distances @ member
    agents, own = np.arange(n_agents), sizes[labels]
    within = totals[agents, labels] / np.maximum(own - 1, 1)
    means = totals / sizes
    means[agents, labels] = np.inf
    nearest = means.min(axis=1)
    longer = np.maximum(within, nearest)
    scores = np.where((own > 1) & (longer > 0), (nearest - within) / np.where(longer > 0, longer, 1), 0.0)
    return float(scores.mean())
