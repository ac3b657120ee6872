"""All that a report says about a population, computed once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.dialects import (
    Agreement,
    AgreementOverTime,
    Asymmetry,
    BorderOrContinuum,
    ByDistance,
    Dialects,
    DialectsOverTime,
    Similarity,
    ZigZag,
    agreement,
    agreement_over_time,
    by_distance,
    chance_success,
    cluster,
    dialect_border,
    dialects_over_time,
    hop_distances,
    intelligibility_asymmetry,
    mantel_test,
    pair_means,
    similarity,
    similarity_matrix,
    zig_zag,
)
from hubbub.analysis.dialects.agreement import group_numbers
from hubbub.analysis.hubs import (
    HubRow,
    HubsOverTime,
    degree_table,
    gini,
    graph_communities,
    hub_table,
    hubs_over_time,
    modularity,
    top_share,
    undirected_links,
)
from hubbub.analysis.language import message_entropy, topographic_similarity
from hubbub.analysis.measure import Measure
from hubbub.analysis.ranks import rank_correlation

if TYPE_CHECKING:
    from hubbub.simulator.store import Agents, Lexicon, LexiconSplit, Run


MOST_AGENTS_COMPARED, MOST_LINKS_COMPARED = 300, 3000
"""The largest graph that is compared with random graphs; at this size it takes about ten seconds."""
MOST_AGENTS_IN_PAIRS = 500
"""Where there are more agents, statistics that need many samples of all pairs come from so many random agents."""
SAME_DIALECT = 0.5
"""Fixed threshold: groups with at least this mean similarity are one dialect."""


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
    """

    name: str
    values: tuple[object, ...]
    groups: NDArray[np.int64]
    over_time: AgreementOverTime
    at_end: Agreement
    graph_alone: float
    success_at_peak: float
    success_at_end: float


@dataclass(frozen=True)
class OtherClusterings:
    """Other clusterings of the agents: by success, and by a fixed similarity.

    Attributes
    ----------
    by_success
        Clusters of the success matrix.
    agreement
        Adjusted Rand index of these with the dialects, which are clusters of the messages.
    at_threshold
        Number of groups of agents with a mean similarity of at least `SAME_DIALECT`.
    """

    by_success: Dialects
    agreement: float
    at_threshold: int


@dataclass(frozen=True)
class PopulationFindings:
    """What a report says about the last lexicon of a run and the steps before it; see the function of each field.

    Where there are more than 500 agents that are heard, `asymmetry`, `mantel` and `border` are those of the pairs of
    `n_sampled` random ones, with their distances on the whole graph; otherwise `n_sampled` is 0.
    """

    run: Run
    agents: Agents
    edges: NDArray[np.int64]
    n_sampled: int
    lexicon: Lexicon
    success: dict[str, dict[str, float]]
    chance: float
    asymmetry: Asymmetry
    similarity: Similarity
    similarity_means: dict[str, float]
    dialects: Dialects
    history: DialectsOverTime
    within_dialects: float
    between_dialects: float
    other_clusterings: OtherClusterings
    mantel: Measure
    border: BorderOrContinuum
    zig_zag: ZigZag
    partition: KnownPartition | None
    success_by_distance: ByDistance
    similarity_by_distance: ByDistance
    degrees: dict[str, NDArray[Any]]
    gini: Measure
    top_share: Measure
    hub_rows: list[HubRow]
    hubs_over_time: HubsOverTime | None
    dialect_modularity: Measure
    degree_and_success: Measure
    topographic: Measure
    entropy: Measure
    heard: NDArray[np.bool_]

    @property
    def trained(self) -> LexiconSplit:
        """The lexicon for the referents of training."""
        return self.lexicon.splits["train"]

    @property
    def n_agents(self) -> int:
        """The number of agents N."""
        return len(self.agents.names)


def find_population(run: Run, *, generator: np.random.Generator | None = None) -> PopulationFindings:
    """Return the findings of a population run that has at least one lexicon.

    `generator` draws all permutations. By default it is `np.random.default_rng(0)`, so that the report of the same run
    is always the same.
    """
    generator = generator or np.random.default_rng(0)
    agents, lexicon = run.agents(), run.lexicon()
    heard = heard_agents(run)
    edges, n_agents = run.edges(lexicon.step), len(agents.names)
    trained = lexicon.splits["train"]
    _, attributes, _ = run.referents("train")
    # Whom nobody hears is not trained to speak, so it speaks no dialect and has no place in averages over languages.
    speakers = np.flatnonzero(heard)
    among = np.ix_(speakers, speakers)
    spoken, lengths = trained.messages[speakers], trained.lengths[speakers]
    alike = similarity(spoken, lengths=lengths, generator=generator)
    every_pair = alike.matrix if heard.all() else similarity_matrix(trained.messages, lengths=trained.lengths)
    history = dialects_over_time(run)
    found = history.dialects[-1] if heard.all() else cluster(alike.matrix)
    labels = np.full(n_agents, -1)
    labels[speakers] = found.labels
    dialects = replace(found, labels=labels)
    degrees = degree_table(edges, n_agents, agents.names, success=trained.success)
    same, others = found.labels[:, None] == found.labels, ~np.eye(len(speakers), dtype=bool)
    success, hops = trained.success[among], hop_distances(edges, n_agents)[among]
    by_success = cluster(success)
    sample = np.arange(len(speakers))
    if len(speakers) > MOST_AGENTS_IN_PAIRS:
        sample = np.sort(generator.choice(len(speakers), MOST_AGENTS_IN_PAIRS, replace=False))
    some = np.ix_(sample, sample)
    return PopulationFindings(
        run=run,
        agents=agents,
        edges=edges,
        n_sampled=len(sample) if len(sample) < len(speakers) else 0,
        lexicon=lexicon,
        success={name: pair_means(split.success, edges) for name, split in lexicon.splits.items()},
        chance=chance_success(run),
        asymmetry=intelligibility_asymmetry(
            success[some], len(trained.referents), labels=found.labels[sample], generator=generator
        ),
        similarity=alike,
        similarity_means=pair_means(every_pair, edges),
        dialects=dialects,
        history=history,
        within_dialects=_mean(success[same & others]),
        between_dialects=_mean(success[~same]),
        other_clusterings=OtherClusterings(
            by_success,
            agreement(by_success.labels, found.labels.tolist(), permutations=0).rand.value,
            int(found.at(SAME_DIALECT).max()) + 1,
        ),
        mantel=mantel_test(1 - alike.matrix[some], hops[some], generator=generator),
        border=dialect_border(spoken[sample], hops[some], lengths=lengths[sample], generator=generator),
        zig_zag=zig_zag(alike.matrix, hops),
        partition=_known_partition(run, agents, edges, history, generator),
        success_by_distance=by_distance(trained.success, edges, n_agents),
        similarity_by_distance=by_distance(every_pair, edges, n_agents),
        degrees=degrees,
        gini=gini(degrees["out_degree"]),
        top_share=top_share(degrees["out_degree"]),
        hub_rows=hub_table(edges, n_agents, generator=generator) if _comparable(edges, n_agents) else [],
        hubs_over_time=hubs_over_time(run) if _graph_changed(run) else None,
        dialect_modularity=modularity(edges, n_agents, np.where(heard, labels, -1 - np.arange(n_agents))),
        degree_and_success=rank_correlation(degrees["out_degree"], degrees["success_as_speaker"], generator=generator),
        topographic=topographic_similarity(spoken, attributes, lengths=lengths, generator=generator),
        entropy=message_entropy(spoken, lengths=lengths),
        heard=heard,
    )


def heard_agents(run: Run) -> NDArray[np.bool_]:
    """Return which agents `[N]` another agent may hear, or could hear earlier in the run; all where there are no links.

    The others are not trained to speak.
    """
    n_agents = len(run.agents().names)
    heard = np.zeros(n_agents, dtype=bool)
    heard[run.edges(-1)[:, 0]] = True
    added = [event["source"] for event in run.events().to_pylist() if event["kind"] == "edge-added"]
    heard[np.array(added, dtype=np.int64)] = True
    return heard if heard.any() else np.ones(n_agents, dtype=bool)


def partition_attribute(attributes: dict[str, tuple[object, ...]], n_agents: int) -> str | None:
    """Return the first attribute with 2 … N / 2 different values, such as the karate club's "club"."""
    for name, values in attributes.items():
        if 2 <= group_numbers(values, n_agents=n_agents).max(initial=-1) + 1 <= n_agents / 2:
            return name
    return None


def _known_partition(
    run: Run, agents: Agents, edges: NDArray[np.int64], history: DialectsOverTime, generator: np.random.Generator
) -> KnownPartition | None:
    n_agents = len(agents.names)
    name = partition_attribute(agents.attributes, n_agents)
    if name is None:
        return None
    values = agents.attributes[name]
    groups = group_numbers(values, n_agents=n_agents)
    n_groups = int(groups.max()) + 1
    of_graph = graph_communities(edges, n_agents, n_groups)
    over_time = agreement_over_time(run, name, history=history, generator=generator)
    return KnownPartition(
        name,
        tuple(values[int(np.flatnonzero(groups == group)[0])] for group in range(n_groups)),
        groups,
        over_time,
        agreement(history.labels[-1], values, generator=generator),
        agreement(of_graph, values, permutations=0).rand.value,
        _success_over_links(run, int(over_time.steps[over_time.peak])),
        _success_over_links(run, int(over_time.steps[-1])),
    )


def _success_over_links(run: Run, step: int) -> float:
    return pair_means(run.lexicon(step).splits["train"].success, run.edges(step))["over_links"]


def _comparable(edges: NDArray[np.int64], n_agents: int) -> bool:
    """Return whether there are other graphs with as many links, and sampling them does not take too long."""
    n_links = len(undirected_links(edges, n_agents))
    is_complete = n_links == n_agents * (n_agents - 1) // 2
    return n_agents <= MOST_AGENTS_COMPARED and n_links <= MOST_LINKS_COMPARED and not is_complete


def _graph_changed(run: Run) -> bool:
    return bool({"edge-added", "edge-removed"} & set(run.events()["kind"].to_pylist()))


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")
