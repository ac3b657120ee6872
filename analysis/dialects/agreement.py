"""Agreement of dialects with a known partition, such as the factions of a club."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Integer, Shaped

from hubbub.analysis.measure import Measure, against_null, undefined
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

NULL = "partition permuted over agents"


@dataclass(frozen=True)
class Agreement:
    """Agreement of two partitions of the same agents, corrected for chance: 1 for equal partitions, 0 for chance.

    Attributes
    ----------
    rand
        Adjusted Rand index (Hubert & Arabie 1985).
    mutual_information
        Adjusted mutual information, normalised by the mean of the entropies (Vinh, Epps & Bailey 2010).
    """

    rand: Measure
    mutual_information: Measure


@validated(stated_shapes=True)
def agreement(
    labels: Shaped[np.ndarray, " N"],
    partition: Sequence[object],
    *,
    generator: np.random.Generator | None = None,
    permutations: int = 1000,
) -> Agreement:
    """Return how well dialect labels `[N]` agree with a known partition `[N]`, with a permutation null.

    Parameters
    ----------
    labels
        Dialect of each agent, of any type that can be sorted.
    partition
        Group of each agent, of any type; agents with None (or NaN) are left out.
    generator
        Draws the permutations of the partition over agents; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, 0 for none.

    The null hypothesis is that dialects and groups are independent. It does not condition on the graph: dialects that
    only follow the links are rejected as well. O(N · permutations).

    Raises
    ------
    ConfigurationError
        The partition has not one value for each agent.
    """
    groups = group_numbers(partition, n_agents=len(labels))
    known = groups >= 0
    left, right = _numbers(np.asarray(labels)[known]), _numbers(groups[known])
    n = len(left)
    rand_name, information_name = "adjusted Rand index", "adjusted mutual information"
    if n < 2:
        reason = "fewer than 2 agents with a known group"
        return Agreement(
            undefined(reason, unit="1", estimator=rand_name, n=n),
            undefined(reason, unit="1", estimator=information_name, n=n),
        )
    shuffled = (generator or np.random.default_rng(0)).permuted(np.tile(right, (permutations, 1)), axis=1)
    tables = contingency(left, np.concatenate([right[None], shuffled]))
    rand, information = adjusted_rand(tables), _adjusted_mutual_information(tables)
    return Agreement(
        against_null(float(rand[0]), rand[1:], unit="1", estimator=rand_name, n=n, model=NULL),
        against_null(float(information[0]), information[1:], unit="1", estimator=information_name, n=n, model=NULL),
    )


def group_numbers(partition: Sequence[object], *, n_agents: int) -> Int[np.ndarray, " N"]:
    """Return the group of each agent as a number from 0, in order of appearance; −1 where it is None or NaN.

    Raises
    ------
    ConfigurationError
        The partition has not one value for each agent.
    """
    if len(partition) != n_agents:
        raise ConfigurationError(complaint("partition", expected=f"{n_agents} values", got=len(partition)))
    known = dict.fromkeys(value for value in partition if value is not None and value == value)
    numbers = {value: number for number, value in enumerate(known)}
    return np.array([numbers.get(value, -1) for value in partition], dtype=np.int64)


def contingency(left: Integer[np.ndarray, " N"], right: Integer[np.ndarray, "P N"]) -> Int[np.ndarray, "P A B"]:
    """Return P contingency tables: the number of agents in group a of `left` and in group b of each row of `right`."""
    a, b = int(left.max()) + 1, int(right.max()) + 1
    cells = (np.arange(len(right))[:, None] * a + left) * b + right
    return np.bincount(cells.ravel(), minlength=len(right) * a * b).reshape(len(right), a, b)


def adjusted_rand(tables: Int[np.ndarray, "P A B"]) -> Float[np.ndarray, " P"]:
    """Return the adjusted Rand index of each of P contingency tables (Hubert & Arabie 1985, eq. 5)."""
    both = _pairs(tables).sum(axis=(1, 2))
    left, right = _pairs(tables.sum(axis=2)).sum(axis=1), _pairs(tables.sum(axis=1)).sum(axis=1)
    expected = left * right / _pairs(tables.sum(axis=(1, 2)))
    most = (left + right) / 2
    # Both partitions have one group, or every agent alone: they are equal.
    return np.where(most > expected, (both - expected) / np.where(most > expected, most - expected, 1), 1.0)


def _adjusted_mutual_information(tables: Int[np.ndarray, "P A B"]) -> Float[np.ndarray, " P"]:
    """Return the adjusted mutual information of each of P contingency tables with the same margins."""
    rows, columns, n = tables[0].sum(axis=1), tables[0].sum(axis=0), int(tables[0].sum())
    shares = tables / n
    ratio = np.where(tables > 0, tables * n / np.maximum(np.outer(rows, columns), 1), 1.0)
    information = (shares * np.log(ratio)).sum(axis=(1, 2))
    most = (_entropy_nats(rows) + _entropy_nats(columns)) / 2
    expected = _expected_information_nats(rows, columns, n)
    if abs(most - expected) < 1e-12:  # one group, or every agent alone, in both partitions: they are equal
        return np.ones(len(tables))
    return (information - expected) / (most - expected)


def _expected_information_nats(rows: Int[np.ndarray, " A"], columns: Int[np.ndarray, " B"], n: int) -> float:
    """Return the mean mutual information of random tables with these margins (Vinh, Epps & Bailey 2010, eq. 24a)."""
    from scipy.special import gammaln

    total = 0.0
    for a in rows.tolist():
        for b in columns.tolist():
            shared = np.arange(max(1, a + b - n), min(a, b) + 1)
            log_probability = (
                gammaln([a + 1, b + 1, n - a + 1, n - b + 1]).sum()
                - gammaln(n + 1)
                - gammaln(shared + 1)
                - gammaln(a - shared + 1)
                - gammaln(b - shared + 1)
                - gammaln(n - a - b + shared + 1)
            )
            total += float((shared / n * np.log(n * shared / (a * b)) * np.exp(log_probability)).sum())
    return total


def _entropy_nats(sizes: Int[np.ndarray, " A"]) -> float:
    shares = sizes[sizes > 0] / sizes.sum()
    return float(-(shares * np.log(shares)).sum())


def _pairs(counts: Int[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    return counts * (counts - 1) / 2


def _numbers(labels: Shaped[np.ndarray, " N"]) -> Int[np.ndarray, " N"]:
    """Return labels as 0, 1, 2 … without gaps."""
    return np.unique(labels, return_inverse=True)[1]
