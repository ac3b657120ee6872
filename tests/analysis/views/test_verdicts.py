"""No two sentences of a report contradict each other, in any situation."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.dialects import ZigZag, cluster
from hubbub.analysis.measure import Measure
from hubbub.analysis.views.population import sentences
from hubbub.analysis.views.population.findings import PopulationFindings, find_population
from hubbub.analysis.views.population.verdicts import verdicts
from hubbub.simulator.store import Run

MakeRun = Callable[..., Run]

CLAIMS_DIALECTS = (
    "This looks like dialects with borders",
    "This looks like a continuum",
    "This looks like borders on a gradient",
    "This looks like neither",
    "The division that fits best has",
    "Clustering by success",
    "what looks like dialects may be two codes",
    "is not decided",
    "within dialects",
)
BORDERS = ("This looks like dialects with borders", "This looks like borders on a gradient")
CONTRADICTIONS = (
    ("do not communicate yet", CLAIMS_DIALECTS),
    ("are no dialects as long as", CLAIMS_DIALECTS),
    ("share no words, so they have no dialects", CLAIMS_DIALECTS),
    ("No division of the agents into dialects fits", (*BORDERS, "the dialects above")),
    ("no second dialect has two members", BORDERS),
    ("no substantial structure", BORDERS),
    ("do not clearly differ with distance", ("messages change gradually with distance",)),
    ("This looks like dialects with borders", ("This looks like a continuum", "is not decided", "are arbitrary")),
    ("This looks like borders on a gradient", ("This looks like a continuum", "is not decided", "are arbitrary")),
    ("This looks like a continuum", ("is not decided",)),
    ("This looks like neither", (*BORDERS, "This looks like a continuum", "is not decided", "are arbitrary")),
    ("Dialects need at least three agents", CLAIMS_DIALECTS),
    ("Border or continuum cannot be determined", ("This looks like", "is not decided")),
    ("Whether messages differ more at larger distance cannot be determined", ("This looks like",)),
)


def told(found: PopulationFindings) -> str:
    return " ".join(
        [
            *sentences.understanding(found),
            *sentences.borders(found),
            *sentences.other_clusterings(found),
            *sentences.continuum(found),
            *sentences.distances(found),
        ]
    )


def contradictions(text: str) -> list[tuple[str, str]]:
    return [(one, other) for one, others in CONTRADICTIONS for other in others if one in text and other in text]


@pytest.fixture
def ring(make_run: MakeRun) -> PopulationFindings:
    return find_population(make_run(nx.cycle_graph(12), n_lexicons=2))


def situations(found: PopulationFindings) -> Iterator[tuple[dict[str, Any], PopulationFindings]]:
    """Chance, half learnt, learnt; one code, continuum, borders; weak and strong structure; alternation."""
    pairs = np.abs(np.subtract.outer(np.arange(12), np.arange(12)))
    two = np.where((np.arange(12)[:, None] < 6) == (np.arange(12) < 6), 0.9, 0.1)
    structures = {
        "one": replace(cluster(np.ones((12, 12))), silhouette=np.nan),
        "two": cluster(two),
        "weak": replace(cluster(two), silhouette=0.1),
        "one alone": replace(cluster(two), labels=np.array([0] * 11 + [1])),
        "steps": cluster(1 - pairs / 12),
    }
    choices = {
        "success": (found.chance, found.chance + 0.12, 0.95),
        "similar": (0.5, 0.001),
        "structure": tuple(structures),
        "far": (0.5, 0.001),
        "border": ("border", "continuum", "border on a gradient", "neither", "not decided"),
        "alternates": (False, True),
    }
    for values in itertools.product(*choices.values()):
        of = dict(zip(choices, values, strict=True))
        border = replace(
            found.border,
            result=of["border"],
            advantage=Measure(0.1, "1", "advantage", 12, interval=(-0.1, 0.3)),
            gradient=Measure(0.1, "1", "gradient", 12, interval=(-0.1, 0.3)),
            continuum=0.3,
            border=0.4,
            both=0.4,
            decay_hops=2.0,
        )
        yield (
            of,
            replace(
                found,
                success={"train": {**found.success["train"], "over_links": of["success"]}},
                similarity=replace(found.similarity, mean=replace(found.similarity.mean, p_value=of["similar"])),
                dialects=structures[of["structure"]],
                mantel=replace(found.mantel, p_value=of["far"], value=0.3),
                border=border,
                zig_zag=ZigZag(of["alternates"], Measure(0.2, "1", "alternation", 12, interval=(0.1, 0.3))),
            ),
        )


def test_no_sentence_contradicts_another(ring: PopulationFindings) -> None:
    seen = set()
    for of, found in situations(ring):
        text = told(found)
        assert contradictions(text) == [], of
        verdict = verdicts(found)
        seen.add(verdict.dialects)
        assert ("This looks like dialects with borders" in text) == (
            of["border"] == "border" and verdict.divided and verdict.about_dialects
        )
        assert ("This looks like a continuum" in text) == (
            of["border"] == "continuum" and verdict.far and verdict.about_dialects
        )
        assert ("This looks like borders on a gradient" in text) == (
            of["border"] == "border on a gradient" and verdict.divided and verdict.far and verdict.about_dialects
        )
        assert ("This looks like neither" in text) == (of["border"] == "neither" and verdict.about_dialects)
    reached = {"border", "continuum", "border on a gradient", "neither", "not decided"}
    assert seen == reached | {"no language", "no common words"}


def test_the_contradictions_are_those_that_reports_had() -> None:
    old = "the agents do not communicate yet: read no dialect into this. This looks like dialects with borders."
    assert contradictions(old)


def test_whom_nobody_hears_is_in_no_dialect_and_in_no_average(make_run: MakeRun) -> None:
    graph = nx.cycle_graph(8)
    graph.add_nodes_from([8, 9])
    directed = graph.to_directed()
    directed.add_edge(0, 10)  # agent 10 hears another, and nobody hears it
    found = find_population(make_run(directed, n_lexicons=2))
    assert found.heard.tolist() == [True] * 8 + [False] * 3
    assert found.dialects.labels[8:].tolist() == [-1] * 3
    assert (found.dialects.labels[:8] >= 0).all()
    assert found.similarity.matrix.shape == (8, 8)
    text = told(found)
    assert "Nobody hears 8, 9 and 10; they are not trained to speak" in text
    assert contradictions(text) == []


@pytest.mark.parametrize(
    "graph",
    [
        nx.empty_graph(4),
        nx.disjoint_union(nx.complete_graph(4), nx.complete_graph(4)),
        nx.path_graph(2),
        nx.star_graph(5),
    ],
    ids=["no links", "two components", "two agents", "a star"],
)
def test_reports_of_other_graphs_do_not_contradict_themselves(make_run: MakeRun, graph: nx.Graph) -> None:
    assert contradictions(told(find_population(make_run(graph, n_lexicons=2)))) == []
