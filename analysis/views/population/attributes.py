"""Which attributes of the agents are compared with the dialects, and what the comparisons say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from hubbub.analysis.comparison import holm
from hubbub.analysis.dialects import (
    Agreement,
    AgreementOverTime,
    DialectsOverTime,
    agreement,
    agreement_over_time,
    pair_means,
)
from hubbub.analysis.dialects.agreement import group_numbers
from hubbub.analysis.hubs import graph_communities

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


LEAST_PERMUTATIONS, FOR_EACH_ATTRIBUTE = 1000, 200
"""Permutations: so many that the smallest p-value is below 0.01 after the correction for many attributes."""


@dataclass(frozen=True)
class KnownPartition:
    """A node attribute of the source graph that groups the agents, and how well the dialects agree with it.

    Attributes
    ----------
    name, values, groups
        Name of the attribute, its G different values, and the group of each agent `[N]` (−1: unknown).
    over_time
        Agreement of the division into G dialects at every recorded lexicon.
    at_end
        Agreement of the last lexicon's dialects, with the number of dialects that has the largest silhouette.
    graph_alone
        Adjusted Rand index of G communities of the graph, without any messages.
    success_at_peak, success_at_end
        Success over links at the step with the best agreement, and at the last lexicon.
    n_attributes
        Number of attributes that were compared; this is the one with the smallest p-value.
    """

    name: str
    values: tuple[object, ...]
    groups: NDArray[np.int64]
    over_time: AgreementOverTime
    at_end: Agreement
    graph_alone: float
    success_at_peak: float
    success_at_end: float
    n_attributes: int = 1

    @property
    def p_value(self) -> float:
        """The p-value of the best agreement, corrected for the recorded steps and for all compared attributes."""
        return min(self.n_attributes * self.over_time.peak_p_value, 1.0)


@dataclass(frozen=True)
class Compared:
    """The comparison of the dialects with one attribute: see `AgreementOverTime`, and the p-value for all together."""

    over_time: AgreementOverTime
    p_value: float


@dataclass(frozen=True)
class Attributes:
    """The attributes of the agents.

    Attributes
    ----------
    compared
        Comparisons with the dialects by the name of the attribute, the clearest first.
    left_out
        Why others were not compared, by name.
    partition
        The clearest of the compared ones; None where there are none.
    """

    compared: dict[str, Compared]
    left_out: dict[str, str]
    partition: KnownPartition | None


def compare_attributes(
    run: Run, history: DialectsOverTime, generator: np.random.Generator, *, attribute: str | None = None
) -> Attributes:
    """Return how well the dialects agree with the attributes of the agents.

    Attributes with 2 … N / 2 different values are compared, or only `attribute`. The p-value of each is corrected for
    the recorded steps (`agreement_over_time`), then for the number of attributes (Holm 1979). The clearest is the one
    with the smallest p-value, of these the one with the highest index.

    Raises
    ------
    ConfigurationError
        No such attribute, or one with fewer than two different values.
    """
    agents = run.agents()
    names, left_out = comparable(agents.attributes, len(agents.names)) if attribute is None else ([attribute], {})
    permutations = max(LEAST_PERMUTATIONS, len(names) * FOR_EACH_ATTRIBUTE)
    found = [
        agreement_over_time(run, name, history=history, generator=generator, permutations=permutations)
        for name in names
    ]
    p_values = holm(np.array([one.peak_p_value for one in found]))
    compared = {name: Compared(one, float(p)) for name, one, p in zip(names, found, p_values, strict=True)}
    order = sorted(names, key=lambda name: (compared[name].p_value, -compared[name].over_time.values.max()))
    compared = {name: compared[name] for name in order}
    partition = _partition(run, order[0], found[names.index(order[0])], history, generator) if order else None
    if partition is not None:
        partition = replace(partition, n_attributes=len(names))
    return Attributes(compared, left_out, partition)


def comparable(attributes: Mapping[str, Sequence[object]], n_agents: int) -> tuple[list[str], dict[str, str]]:
    """Return the names of the attributes with 2 … N / 2 different values, and why the others are left out, by name."""
    numbers = {name: group_numbers(values, n_agents=n_agents) for name, values in attributes.items()}
    sizes = {name: int(groups.max(initial=-1)) + 1 for name, groups in numbers.items()}
    left_out = {
        name: "1 value" if n == 1 else f"{n} different values"
        for name, n in sizes.items()
        if not 2 <= n <= n_agents / 2
    }
    return [name for name in attributes if name not in left_out], left_out


def _partition(
    run: Run, name: str, over_time: AgreementOverTime, history: DialectsOverTime, generator: np.random.Generator
) -> KnownPartition:
    values = run.agents().attributes[name]
    n_agents = len(values)
    groups = group_numbers(values, n_agents=n_agents)
    edges: Int[np.ndarray, "E 2"] = run.edges(run.lexicon_steps()[-1])
    of_graph = graph_communities(edges, n_agents, int(groups.max()) + 1)
    return KnownPartition(
        name,
        tuple(values[int(np.flatnonzero(groups == group)[0])] for group in range(int(groups.max()) + 1)),
        groups,
        over_time,
        agreement(history.labels[-1], values, generator=generator),
        agreement(of_graph, values, permutations=0).rand.value,
        _success_over_links(run, int(over_time.steps[over_time.peak])),
        _success_over_links(run, int(over_time.steps[-1])),
    )


def _success_over_links(run: Run, step: int) -> float:
    return pair_means(run.lexicon(step).splits["train"].success, run.edges(step))["over_links"]
