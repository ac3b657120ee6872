"""Graph search: constraints, objectives, selection, and that it goes on where it stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from hubbub.scenarios import resume, run
from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.search import GraphSearch, constraint, objective
from hubbub.simulator.search.expectation import expected
from hubbub.simulator.topology import Topology

QUICK: dict[str, Any] = {
    "search.objective.kind": "paths",
    "topology.n_agents": 8,
    "search.generations": 3,
    "search.screening": 1,
}
TRAINED: dict[str, Any] = {"topology.n_agents": 5, "search.generations": 4, "training.steps": 3, "agent.hidden": 8}
FULL = {**TRAINED, "search.fitness.kind": "full"}
EVERYTHING: dict[str, Any] = {
    **QUICK,
    "search.generations": 16,
    "search.halvings": 1,
    "search.restart_after": 2,
    "search.lookahead": 1,
    "search.screening": 3,
}


def make(**changes: Any) -> GraphSearch:
    made: GraphSearch = assemble(load("graph-search", changes))
    return made


@pytest.mark.parametrize(("kind", "options"), [("out-links", {"links_per_agent": 2}), ("total-links", {"links": 9})])
def test_a_move_changes_one_link_and_keeps_the_constraint(kind: str, options: dict[str, int]) -> None:
    space = constraint[kind](n_agents=7, **options)
    generator = np.random.default_rng(0)
    links = space.draw(generator)
    seen = set()
    for _ in range(300):
        moved = space.move(links, generator)
        assert (moved != links).sum() == 1
        assert (moved[:, 0] != moved[:, 1]).all()
        if kind == "out-links":
            assert np.array_equal(moved[:, 0], links[:, 0])
            assert len(np.unique(moved, axis=0)) == len(links)
        else:
            assert len(np.unique(np.sort(moved, axis=1), axis=0)) == len(links)
        links = moved
        seen.add(moved.tobytes())
    assert len(seen) > 100


def test_a_move_has_nowhere_to_go_on_a_full_graph() -> None:
    full = constraint["total-links"](n_agents=4, links=6)
    links = full.draw(np.random.default_rng(0))
    assert np.array_equal(full.move(links, np.random.default_rng(1)), links)


def test_too_many_links_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"search\.constraint\.links: expected at most 6.*got 7"):
        constraint["total-links"](n_agents=4, links=7)
    with pytest.raises(ConfigurationError, match=r"links_per_agent: expected less than .*\(4\), got 4"):
        constraint["out-links"](n_agents=4, links_per_agent=4)


def test_paths_counts_hops_and_takes_no_path_for_n() -> None:
    star, parts = nx.star_graph(3), nx.Graph([(0, 1), (2, 3)])
    graphs = [Topology.from_networkx(graph) for graph in (star, parts)]
    values = objective["paths"](topologies=graphs, rngs=[RandomStreams(0), RandomStreams(1)])
    assert values.tolist() == [[-1.5, -1.5], [-(4 * 1 + 8 * 4) / 12] * 2]


def test_the_shortest_paths_under_a_budget_are_those_of_a_star() -> None:
    search = make(**QUICK, **{"search.constraint.kind": "total-links", "search.constraint.links": 7})
    search.step(400)
    degrees = np.bincount(search.topology.sources, minlength=8)
    assert sorted(degrees) == [1] * 7 + [7]
    assert search.observe(closely=False).metrics[1]["value"] == pytest.approx(-(14 + 42 * 2) / 56)


def test_distance_costs() -> None:
    """With a heavy penalty on length only neighbours on the circle are linked."""
    search = make(**QUICK, **{"search.distance_penalty": 1000.0})
    search.step(400)
    ends = search.topology.positions[search.topology.sources] - search.topology.positions[search.topology.targets]
    assert np.linalg.norm(ends, axis=1).max() == pytest.approx(2 * np.sin(np.pi / 8))


def test_a_penalty_needs_positions() -> None:
    with pytest.raises(ConfigurationError, match="expected a topology whose agents have positions"):
        make(**{"topology.kind": "complete", **QUICK, "search.distance_penalty": 1.0})


def test_the_expected_value_depends_on_the_noise() -> None:
    """By hand: tries 1, 3 and 0, 2 have noise (2 + 2) / 2 = 2; the means 2, 1, 6 vary by 14 / 3, 4 / 3 of it noise."""
    values = [np.array([1.0, 3.0]), np.array([0.0, 2.0]), np.array([6.0])]
    totals, squares = np.array([v.sum() for v in values]), np.array([(v**2).sum() for v in values])
    true = 14 / 3 - 2 * (0.5 + 0.5 + 1) / 3
    by_hand = [3 + true / (true + 1) * -1, 3 + true / (true + 1) * -2, 3 + true / (true + 2) * 3]
    assert expected(totals, squares, np.array([2, 2, 1])) == pytest.approx(by_hand)
    plain = np.array([1.0, 2.0])
    assert expected(2 * plain, 2 * plain**2, np.array([2, 2])).tolist() == [1.0, 2.0]


def test_values_are_shrunk_towards_a_prior() -> None:
    """By hand: noise 2 in tries 1, 3 and 0, 2; means 2, 1 are 2, 1 from the prior: 5 / 2 - 1, or at least 1 of them."""
    totals, squares, tries = np.array([4.0, 2.0]), np.array([10.0, 4.0]), np.array([2, 2])
    far = expected(totals, squares, tries, np.array([0.0, 0.0]))
    assert far == pytest.approx([1.5 / 2.5 * 2, 1.5 / 2.5 * 1])
    near = expected(totals, squares, tries, np.array([2.1, 0.9]))
    assert near == pytest.approx([2.1 - 0.1 / 2, 0.9 + 0.1 / 2])


def test_one_good_try_by_chance_does_not_keep_a_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph that was good in ten tries is not replaced by new ones that are good once by chance."""
    search = make(**QUICK)

    def noisy(graphs: list[Topology], _: object) -> np.ndarray:
        draws = np.random.default_rng(search.now)
        truth = [2.0 if np.array_equal(graph.sources, search.graph(best).sources) else 0.0 for graph in graphs]
        return np.array(truth)[:, None] + draws.normal(0, 1, (len(graphs), 1))

    best = search.candidates[0].copy()
    monkeypatch.setattr(search, "_values", noisy)
    monkeypatch.setattr(search, "_child", lambda links, draws: search.constraint.draw(draws))
    search.totals, search.squares, search.tries = np.array([20.0, 0.0]), np.array([50.0, 10.0]), np.array([10, 10])
    search.step(100)
    assert best.tobytes() in {links.tobytes() for links in search.candidates}
    assert search.tries.max() == 110


def test_the_model_finds_the_star_with_fewer_tries() -> None:
    def largest_degree(generations: int, screening: int) -> int:
        search = make(**{**QUICK, "topology.n_agents": 10, "search.screening": screening, "search.seeds": 1})
        search.step(generations)
        return int(np.bincount(search.topology.sources).max())

    assert largest_degree(25, screening=5) == 9
    assert largest_degree(25, screening=1) < 9


def test_halvings_try_the_better_half_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 2 parents and 6 children with one seed, 8, then 4, then 2 are tried; the best two have three tries each."""
    search = make(**QUICK, **{"search.halvings": 2, "search.children": 6, "search.seeds": 1})
    tried: list[int] = []
    plain = GraphSearch._values

    def counted(self: GraphSearch, graphs: list[Topology], rngs: list[RandomStreams]) -> np.ndarray:
        tried.append(len(graphs))
        return plain(self, graphs, rngs)

    monkeypatch.setattr(GraphSearch, "_values", counted)
    search.step(1)
    assert tried == [8, 4, 2]
    assert search.tries.tolist() == [3, 3]
    assert search.totals / 3 == pytest.approx(sorted(search.totals / 3, reverse=True))


def test_a_restart_keeps_the_best_graph_and_begins_with_new_ones() -> None:
    search = make(**QUICK, **{"search.restart_after": 1, "search.children": 1})
    restarts, value = 0, -np.inf
    for _ in range(60):
        search.step(1)
        best = search.observe(closely=False).metrics[1]["value"]
        assert best >= value - 1e-12
        value = best
        assert len(search.candidates) == 2 + search.earlier
        restarts += search.earlier and search.tries[-1] == 0
    assert restarts > 3


def test_graphs_are_tried_by_the_agents_of_the_fitness_and_the_winner_is_trained_with_those_of_the_scenario() -> None:
    cheap, full = make(**TRAINED), make(**FULL)
    assert (cheap.fitness.training.pairing, cheap.fitness.training.steps, cheap.fitness.kind.load) == ("edge", 30, 48)
    assert full.fitness is full.parts
    assert cheap.population().kind is cheap.parts.kind
    cheap.step(1)
    full.step(1)
    assert (cheap.games, full.games) == (8 * 5 * 30 * 4, 8 * 5 * 3 * 16)  # 2 parents and 6 children of 5 agents
    assert make(**{**TRAINED, "topology.n_agents": 40}).fitness.kind.load == 80
    assert make(**TRAINED, **{"search.fitness.load": 7}).fitness.kind.load == 7


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"search.fitness.kind": "asociative"}, "expected one of associative, full, got 'asociative'.*'associative'"),
        ({"search.fitness.steps": 0}, "search.fitness.steps: expected greater than or equal to 1, got 0"),
        ({"search.fitness.max_length": 1}, "max_length.*at least 2 with an end symbol"),
        ({"search.screening": 0}, "search.screening: expected greater than or equal to 1, got 0"),
        ({"search.lookahead": -1}, "search.lookahead: expected greater than or equal to 0, got -1"),
        ({"search.halvings": -1}, "search.halvings: expected greater than or equal to 0, got -1"),
        ({"search.restart_after": 0}, "search.restart_after: expected greater than or equal to 1, got 0"),
        ({"search.fitness.kind": "full", "search.fitness.load": 3}, r"search\.fitness"),
    ],
)
def test_bad_options_are_refused_by_name(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        make(**changes)


@pytest.mark.parametrize("changes", [QUICK, TRAINED, FULL, EVERYTHING], ids=["paths", "success", "full", "everything"])
def test_a_search_is_a_run_that_can_be_resumed(changes: dict[str, Any], tmp_path: Path) -> None:
    whole = run("graph-search", changes, out=tmp_path / "whole")
    run("graph-search", {**changes, "search.generations": changes["search.generations"] - 1}, out=tmp_path / "parts")
    parts = resume(tmp_path / "parts", {"search.generations": changes["search.generations"]})
    assert parts.metric_rows().equals(whole.metric_rows())
    assert parts.events().equals(whole.events())
    assert parts.lexicon_steps() == whole.lexicon_steps() == [0, changes["search.generations"]]
    assert np.array_equal(parts.lexicon().splits["train"].success, whole.lexicon().splits["train"].success)
    built = assemble(load("graph-search", changes))
    built.step(changes["search.generations"])
    best = np.column_stack([built.topology.sources, built.topology.targets])
    assert np.array_equal(whole.edges(), best)
