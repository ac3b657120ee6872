"""All that a report says about a run, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.dialects import (
    Agreement,
    AgreementOverTime,
    ByDistance,
    Dialects,
    DialectsOverTime,
    Similarity,
    agreement,
    agreement_over_time,
    by_distance,
    dialects_over_time,
    pair_means,
    similarity,
)
from analysis.dialects.agreement import group_numbers
from analysis.hubs import degree_table, gini, graph_communities, top_share
from analysis.language import message_entropy, topographic_similarity
from analysis.measure import Measure
from analysis.ranks import rank_correlation

if TYPE_CHECKING:
    from simulator.store import Agents, Lexicon, LexiconSplit, Run


@dataclass(frozen=True)
class KnownPartition:
    """A node attribute of the source graph that groups the agents, and how the dialects sit beside it.

    Attributes
    ----------
    name, values, groups
        Name of the attribute, its G different values, and the group of each agent `[N]` (−1: unknown).
    over_time
        Agreement of the cut into G dialects at every recorded lexicon.
    at_end
        Agreement of the last lexicon's dialects, in the number that the silhouette chose.
    graph_alone
        Adjusted Rand index of the cut of the graph into G communities, without any language.
    """

    name: str
    values: tuple[object, ...]
    groups: np.ndarray
    over_time: AgreementOverTime
    at_end: Agreement
    graph_alone: float


@dataclass(frozen=True)
class Findings:
    """What a report says about the last lexicon of a run, and about the way there; see the functions behind each."""

    run: Run
    agents: Agents
    edges: np.ndarray
    lexicon: Lexicon
    success: dict[str, dict[str, float]]
    similarity: Similarity
    similarity_means: dict[str, float]
    dialects: Dialects
    history: DialectsOverTime
    within_dialects: float
    between_dialects: float
    partition: KnownPartition | None
    success_by_distance: ByDistance
    similarity_by_distance: ByDistance
    degrees: dict[str, np.ndarray]
    gini: Measure
    top_share: Measure
    degree_and_success: Measure
    topographic: Measure
    entropy: Measure

    @property
    def trained(self) -> LexiconSplit:
        """The lexicon on the referents trained on."""
        return self.lexicon.splits["train"]

    @property
    def n_agents(self) -> int:
        """Number of agents N."""
        return len(self.agents.names)


def find(run: Run, *, generator: np.random.Generator | None = None) -> Findings:
    """Return the findings of a population run that has at least one lexicon.

    `generator` draws all permutations, `np.random.default_rng(0)` when not given, so that a report of the
    same run always says the same.
    """
    luck = generator or np.random.default_rng(0)
    agents, lexicon = run.agents(), run.lexicon()
    edges, n_agents = run.edges(lexicon.step), len(agents.names)
    trained = lexicon.splits["train"]
    _, attributes, _ = run.referents("train")
    alike = similarity(trained.messages, lengths=trained.lengths, generator=luck)
    history = dialects_over_time(run)
    dialects = history.dialects[-1]
    degrees = degree_table(edges, n_agents, agents.names, success=trained.success)
    same = dialects.labels[:, None] == dialects.labels
    others = ~np.eye(n_agents, dtype=bool)
    return Findings(
        run=run,
        agents=agents,
        edges=edges,
        lexicon=lexicon,
        success={name: pair_means(split.success, edges) for name, split in lexicon.splits.items()},
        similarity=alike,
        similarity_means=pair_means(alike.matrix, edges),
        dialects=dialects,
        history=history,
        within_dialects=_mean(trained.success[same & others]),
        between_dialects=_mean(trained.success[~same]),
        partition=_known_partition(run, agents, edges, history, luck),
        success_by_distance=by_distance(trained.success, edges, n_agents),
        similarity_by_distance=by_distance(alike.matrix, edges, n_agents),
        degrees=degrees,
        gini=gini(degrees["out_degree"]),
        top_share=top_share(degrees["out_degree"]),
        degree_and_success=rank_correlation(degrees["out_degree"], degrees["success_as_speaker"], generator=luck),
        topographic=topographic_similarity(trained.messages, attributes, lengths=trained.lengths, generator=luck),
        entropy=message_entropy(trained.messages, lengths=trained.lengths),
    )


def partition_attribute(attributes: dict[str, tuple[object, ...]], n_agents: int) -> str | None:
    """Return the first attribute with 2 … N / 2 different values, such as the karate club's "club"."""
    for name, values in attributes.items():
        if 2 <= group_numbers(values, n_agents=n_agents).max(initial=-1) + 1 <= n_agents / 2:
            return name
    return None


def _known_partition(
    run: Run, agents: Agents, edges: np.ndarray, history: DialectsOverTime, luck: np.random.Generator
) -> KnownPartition | None:
    n_agents = len(agents.names)
    name = partition_attribute(agents.attributes, n_agents)
    if name is None:
        return None
    values = agents.attributes[name]
    groups = group_numbers(values, n_agents=n_agents)
    n_groups = int(groups.max()) + 1
    of_graph = graph_communities(edges, n_agents, n_groups)
    return KnownPartition(
        name,
        tuple(values[int(np.flatnonzero(groups == group)[0])] for group in range(n_groups)),
        groups,
        agreement_over_time(run, name, history=history, generator=luck),
        agreement(history.labels[-1], values, generator=luck),
        agreement(of_graph, values, permutations=0).rand.value,
    )


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")
