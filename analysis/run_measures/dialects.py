"""Measures of the dialects and the hubs of a population: its last lexicon, on the links of that step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float, Int

from hubbub.analysis.dialects import (
    Dialects,
    agreement,
    cluster,
    dialect_border,
    hop_distances,
    intelligibility_asymmetry,
    mantel_test,
    similarity_matrix,
)
from hubbub.analysis.dialects.recorded import heard_agents
from hubbub.analysis.hubs import degree_table, gini, modularity, top_share
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.ranks import rank_correlation
from hubbub.analysis.run_measures.catalogue import measure
from hubbub.analysis.run_measures.language import NO_LEXICON

if TYPE_CHECKING:
    from hubbub.simulator.store import LexiconSplit, Run


@dataclass(frozen=True)
class LastLexicon:
    """The last lexicon of a run with N agents, H of which are heard: who speaks how, and the links of that step.

    Attributes
    ----------
    spoken
        Messages and success for the referents of training, of all agents.
    edges
        Directed links `[E, 2]`.
    heard
        Which agents are heard `[N]`.
    similarity, dialects
        Similarity of the messages of agents that are heard `[H, H]`, and their dialects.
    """

    spoken: LexiconSplit
    edges: Int[np.ndarray, "E 2"]
    heard: Bool[np.ndarray, " N"]
    similarity: Float[np.ndarray, "H H"]
    dialects: Dialects

    @classmethod
    def of(cls, run: Run) -> LastLexicon | None:
        """Return the last lexicon of a run; None where there is none, or fewer than two agents are heard."""
        heard = heard_agents(run) if run.lexicon_steps() else np.zeros(0, dtype=bool)
        if heard.sum() < 2:
            return None
        lexicon = run.lexicon()
        spoken = lexicon.splits["train"]
        alike = similarity_matrix(spoken.messages[heard], lengths=spoken.lengths[heard])
        return cls(spoken, run.edges(lexicon.step), heard, alike, cluster(alike))

    @property
    def labels(self) -> Int[np.ndarray, " N"]:
        """Dialect of each agent `[N]`, −1 for those that nobody hears."""
        labels = np.full(len(self.heard), -1)
        labels[self.heard] = self.dialects.labels
        return labels

    @property
    def success(self) -> Float[np.ndarray, "H H"]:
        """Success between agents that are heard `[H, H]`."""
        return self.spoken.success[np.ix_(self.heard, self.heard)]

    @property
    def hops(self) -> Float[np.ndarray, "H H"]:
        """Distances between them on the graph `[H, H]`."""
        return hop_distances(self.edges, len(self.heard))[np.ix_(self.heard, self.heard)]


@measure("dialects")
def dialects(run: Run) -> Mapping[str, Measure]:
    """Return number and silhouette of the dialects, success within and between them, modularity on the graph."""
    names = ("number", "silhouette", "success_within", "success_between", "modularity")
    last = LastLexicon.of(run)
    if last is None:
        return {name: _undefined() for name in names}
    found, n, estimator = last.dialects, int(last.heard.sum()), "average linkage, number by the largest silhouette"
    same, others = found.labels[:, None] == found.labels, ~np.eye(n, dtype=bool)
    alone = np.where(last.heard, last.labels, -1 - np.arange(len(last.heard)))  # who is not heard is no group
    one = "there is one dialect" if found.n_clusters == 1 else ""
    values = (
        Measure(float(found.n_clusters), "dialects", estimator, n),
        Measure(found.silhouette, "1", estimator, n, reason=one),
        _mean(last.success[same & others], "no dialect has two agents"),
        _mean(last.success[~same], one),
        modularity(last.edges, len(last.heard), alone),
    )
    return dict(zip(names, values, strict=True))


@measure("mantel")
def mantel(run: Run) -> Measure:
    """Return the Mantel correlation of the dissimilarity of messages with the distance on the graph."""
    last = LastLexicon.of(run)
    return _undefined() if last is None else mantel_test(1 - last.similarity, last.hops)


@measure("border")
def border(run: Run) -> Measure:
    """Return how much more of the similarity a border of dialects predicts than a continuum; below 0, it is less."""
    last = LastLexicon.of(run)
    if last is None:
        return _undefined()
    spoken = last.spoken
    return dialect_border(spoken.messages[last.heard], last.hops, lengths=spoken.lengths[last.heard]).advantage


@measure("asymmetry")
def asymmetry(run: Run) -> Measure:
    """Return how much success differs when speaker and listener change roles."""
    last = LastLexicon.of(run)
    return _undefined() if last is None else intelligibility_asymmetry(last.success, len(last.spoken.referents)).overall


@measure("agreement")
def agreement_with_attribute(run: Run) -> Measure:
    """Return the adjusted Rand index of the dialects with the first attribute of the agents that groups them."""
    from hubbub.analysis.views.population.attributes import comparable  # imports the figures of a report

    last = LastLexicon.of(run)
    if last is None:
        return _undefined()
    attributes = run.agents().attributes
    names, _ = comparable(attributes, len(last.heard))
    if not names:
        return _undefined("the agents have no attribute that groups them")
    return agreement(last.labels, attributes[names[0]]).rand


@measure("hubs")
def hubs(run: Run) -> Mapping[str, Measure]:
    """Return inequality of the numbers of links (Gini index, share of the top 5 %), and whether hubs succeed more."""
    last = LastLexicon.of(run)
    if last is None:
        return {name: _undefined() for name in ("gini", "top_share", "degree_and_success")}
    degrees = degree_table(last.edges, len(last.heard), run.agents().names, success=last.spoken.success)
    out = degrees["out_degree"]
    success = rank_correlation(out, degrees["success_as_speaker"])
    return {"gini": gini(out), "top_share": top_share(out), "degree_and_success": success}


def _mean(values: Float[np.ndarray, " n"], reason: str) -> Measure:
    value = float(values.mean()) if len(values) else math.nan
    return Measure(value, "1", "mean over pairs of agents", len(values), reason="" if len(values) else reason)


def _undefined(reason: str = f"{NO_LEXICON}, or fewer than 2 agents are heard") -> Measure:
    return undefined(reason, unit="1", estimator="last lexicon")
