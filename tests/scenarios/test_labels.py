"""Names, descriptions and last values are those of the run that was made."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.figures import scaling_curves
from hubbub.analysis.figures.graph_map import Grouping, graph_map
from hubbub.analysis.temporal import dfa
from hubbub.scenarios.loading import load
from hubbub.scenarios.running import _on_own_graph
from hubbub.scenarios.studies.study import read_study


@pytest.mark.parametrize(
    ("source", "overrides", "name", "description"),
    [
        ("karate", {}, "karate", "The 34 members of Zachary's karate club learn to talk along their friendships"),
        ("karate", {"training.steps": 5, "seed": 3}, "karate", "The 34 members of Zachary's karate club learn"),
        (
            "karate",
            {"topology.kind": "star", "topology.n_agents": 9},
            "population-star",
            "other topology.kind, topology.n",
        ),
        (
            "ring-dialects",
            {"topology.n_agents": 64},
            "ring-dialects",
            "Scenario ring-dialects with other topology.n_agents",
        ),
        ("ring-dialects", {"topology.n_agents": 32}, "ring-dialects", "32 agents on a ring"),
        ("sedam", {"memory.kind": "hopfield"}, "memory-hopfield", "Scenario sedam with other memory.kind"),
        (
            "karate",
            {"topology.kind": "star", "topology.n_agents": 9, "name": "mine"},
            "mine",
            "Scenario karate with other",
        ),
        ("karate", {"agent.hidden": 8, "description": "small agents"}, "karate", "small agents"),
    ],
)
def test_labels_stay_as_far_as_they_are_true(source: str, overrides: dict, name: str, description: str) -> None:  # type: ignore[type-arg]
    scenario = load(source, overrides)
    assert scenario.name == name
    assert description in scenario.description


def test_a_run_on_an_own_graph_is_not_called_after_the_karate_club() -> None:
    scenario = _on_own_graph(load("karate"), {})
    assert scenario.name == "population-own-graph"
    assert scenario.description == "Scenario karate with other topology"
    assert _on_own_graph(load("karate", {"name": "mine"}), {"name": "mine"}).name == "mine"


def test_a_study_has_the_name_that_it_is_given() -> None:
    study = read_study("karate", ["name=x", "agent.hidden=8,16"])
    assert (study.name, study.scenario["name"], study.varying) == ("x", "x", ("agent.hidden",))


def texts(figure: object) -> list[str]:
    found = [text.get_text() for legend in getattr(figure, "legends", []) for text in legend.get_texts()]
    return found + [text for part in getattr(figure, "subfigs", []) for text in texts(part)]


@pytest.mark.parametrize("names", [("a", "b"), ("_a", "_b"), ("_a", "b")])
def test_all_groups_are_in_the_legend_whatever_they_are_called(names: tuple[str, str]) -> None:
    places = np.array([[0.0, 0.0], [1.0, 1.0]])
    figure = graph_map(np.array(nx.path_graph(2).edges), places, [Grouping("groups", np.array([0, 1]), names)])
    assert texts(figure) == [f"{name} (1)" for name in names]
    scaling = dfa(np.random.default_rng(0).standard_normal(1000), surrogates=0)
    shown = texts(scaling_curves({f"{name}0": scaling for name in names}))
    assert all(any(f"{name}0" in text for text in shown) for name in names)


def test_a_name_that_is_given_stays_though_it_is_the_old_one() -> None:
    star = {"topology.kind": "star", "topology.n_agents": 5}
    assert load("karate", star).name == "population-star"
    assert load("karate", {**star, "name": "karate"}).name == "karate"
