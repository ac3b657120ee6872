"""All that a report says about a population, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.dialects import (
    Asymmetry,
    BorderOrContinuum,
    ByDistance,
    Dialects,
    DialectsOverTime,
    Similarity,
    ZigZag,
    agreement,
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
from hubbub.analysis.dialects.recorded import heard_agents, recorded_dialects
from hubbub.analysis.hubs import (
    HubRow,
    HubsOverTime,
    degree_table,
    gini,
    hub_table,
    hubs_over_time,
    modularity,
    top_share,
    undirected_links,
)
from hubbub.analysis.language import message_entropy, topographic_similarity
from hubbub.analysis.measure import Measure
from hubbub.analysis.ranks import rank_correlation
from hubbub.analysis.views.population.attributes import Attributes, KnownPartition, compare_attributes

if TYPE_CHECKING:
    from hubbub.simulator.store import Agents, Lexicon, LexiconSplit, Run


MOST_AGENTS_COMPARED, MOST_LINKS_COMPARED = 300, 3000
"""The largest graph that is compared with random graphs; at this size it takes some seconds."""
MOST_AGENTS_IN_PAIRS = 500
"""Where there are more agents, statistics that need many samples of all pairs come from so many random agents."""
NULL_GRAPHS = 100
"""Null graphs of each kind that measures of hubs are compared with."""
SAME_DIALECT = 0.5
"""Fixed threshold: groups with at least this mean similarity are one dialect."""


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
    attributes: Attributes
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
    def partition(self) -> KnownPartition | None:
        """The attribute of the agents with which the dialects agree most clearly; None where none was compared."""
        return self.attributes.partition

    @property
    def clock(self) -> str:
        """What a step of the run is: a training step, or a generation of a search."""
        return "generation" if self.run.configuration.get("system") == "graph-search" else "step"

    @property
    def n_agents(self) -> int:
        """The number of agents N."""
        return len(self.agents.names)


def find_population(
    run: Run, *, attribute: str | None = None, generator: np.random.Generator | None = None
) -> PopulationFindings:
    """Return the findings of a population run that has at least one lexicon.

    `attribute` is the attribute of the agents that is compared with the dialects; by default all are.
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
    found = cluster(alike.matrix)
    history = dialects_over_time(run, last=found if heard.all() else None)
    dialects = recorded_dialects(run, found=found)
    labels = dialects.labels
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
        attributes=compare_attributes(run, history, generator, attribute=attribute),
        success_by_distance=by_distance(trained.success, edges, n_agents),
        similarity_by_distance=by_distance(every_pair, edges, n_agents),
        degrees=degrees,
        gini=gini(degrees["out_degree"]),
        top_share=top_share(degrees["out_degree"]),
        hub_rows=hub_table(edges, n_agents, generator=generator, samples=NULL_GRAPHS)
        if _comparable(edges, n_agents)
        else [],
        hubs_over_time=hubs_over_time(run) if _graph_changed(run) else None,
        dialect_modularity=modularity(edges, n_agents, np.where(heard, labels, -1 - np.arange(n_agents))),
        degree_and_success=rank_correlation(degrees["out_degree"], degrees["success_as_speaker"], generator=generator),
        topographic=topographic_similarity(spoken, attributes, lengths=lengths, generator=generator),
        entropy=message_entropy(spoken, lengths=lengths),
        heard=heard,
    )


def _comparable(edges: NDArray[np.int64], n_agents: int) -> bool:
    """Return whether there are other graphs with as many links, and sampling them does not take too long."""
    n_links = len(undirected_links(edges, n_agents))
    is_complete = n_links == n_agents * (n_agents - 1) // 2
    return n_agents <= MOST_AGENTS_COMPARED and n_links <= MOST_LINKS_COMPARED and not is_complete


def _graph_changed(run: Run) -> bool:
    return bool({"edge-added", "edge-removed"} & set(run.events()["kind"].to_pylist()))


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")
