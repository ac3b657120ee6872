import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from hubbub.analysis.hubs import (
    against_graph_nulls,
    betweenness_centralisation,
    clustering,
    core_numbers,
    degree_assortativity,
    degree_centralisation,
    degree_table,
    directed_erdos_renyi,
    efficiency,
    eigenvector_centralisation,
    eigenvector_centrality,
    gini,
    hub_table,
    k_core,
    link_counts,
    modularity,
    path_length,
    rich_club,
)
from hubbub.analysis.hubs.shortest_paths import COMPILED_ABOVE

KARATE = np.array(nx.karate_club_graph().to_directed().edges)
LARGER = np.array(nx.barabasi_albert_graph(COMPILED_ABOVE + 20, 5, seed=0).to_directed().edges)
BY_NAME = {
    "degree centralisation": degree_centralisation,
    "betweenness centralisation": betweenness_centralisation,
    "eigenvector centralisation": eigenvector_centralisation,
    "rich club of the top 10 %": rich_club,
    "largest k-core": k_core,
    "degree assortativity": degree_assortativity,
    "clustering": clustering,
    "mean shortest path": path_length,
    "global efficiency": efficiency,
    "modularity": modularity,
}


def test_the_karate_club() -> None:
    table = pd.DataFrame(hub_table(KARATE, 34, samples=30)).set_index(["name", "null"])
    assert table.loc[("Gini coefficient of links", "erdos-renyi"), "value"] == gini(link_counts(KARATE, 34)).value
    assert (
        table.loc[("betweenness centralisation", "erdos-renyi"), "value"]
        == betweenness_centralisation(KARATE, 34).value
    )
    chance = table.xs("erdos-renyi", level="null")
    assert chance.loc[["degree centralisation", "clustering", "largest / mean of links"], "z_score"].min() > 3
    assert chance["z_score"].notna().all()
    kept = table.xs("degree-preserving", level="null")
    of_degrees = ["largest / mean of links", "Gini coefficient of links", "share of links on the top 5 %"]
    for name in [*of_degrees, "degree centralisation"]:
        assert math.isnan(kept.loc[name, "z_score"])
        assert math.isnan(kept.loc[name, "p_value"])
        assert kept.loc[name, "reason"] == "no z-score: all null graphs, which keep the degrees, have this value"
    assert kept.drop([*of_degrees, "degree centralisation"])["z_score"].notna().all()
    assert table.loc[("small-world σ", ""), "value"] > 1
    assert not any("degrees" in name for name, _ in table.index)  # the graph is not directed


@pytest.mark.parametrize(("edges", "n_agents"), [(KARATE, 34), (LARGER, COMPILED_ABOVE + 20)])
def test_the_table_has_the_numbers_of_the_single_measures(edges: np.ndarray, n_agents: int) -> None:
    rows = hub_table(edges, n_agents, generator=np.random.default_rng(5), samples=3)
    assert {row.name for row in rows if row.null and "links" not in row.name} == set(BY_NAME)
    for name, measure in BY_NAME.items():
        alone = against_graph_nulls(measure, edges, n_agents, generator=np.random.default_rng(5), samples=3)
        for row in (row for row in rows if row.name == name):
            found = alone[row.null]
            assert found.null is not None
            expected = (found.value, found.null.mean, found.null.sd, found.reason)
            np.testing.assert_equal((row.value, row.null_mean, row.null_sd, row.reason), expected)


def test_the_same_luck_gives_the_same_table() -> None:
    assert str(hub_table(KARATE, 34, samples=5)) == str(hub_table(KARATE, 34, samples=5))


def test_one_way_links_add_rows_for_both_directions() -> None:
    everyone_hears_0 = np.array([[0, agent] for agent in range(1, 30)] + [[5, 6], [6, 7]])
    table = pd.DataFrame(hub_table(everyone_hears_0, 30, samples=20)).set_index(["name", "null"])
    assert table.loc[("Gini coefficient of out-degrees", "erdos-renyi"), "z_score"] > 5
    assert table.loc[("Gini coefficient of in-degrees", "erdos-renyi"), "z_score"] < 0
    assert table.loc[("largest / mean of out-degrees", "erdos-renyi"), "value"] == pytest.approx(29 / (31 / 30))
    assert math.isnan(table.loc[("Gini coefficient of in-degrees", "degree-preserving"), "z_score"])


@pytest.mark.parametrize(
    ("edges", "n_agents"), [(np.empty((0, 2), int), 0), (np.empty((0, 2), int), 1), (KARATE[:1], 40)]
)
def test_graphs_without_hubs_have_reasons(edges: np.ndarray, n_agents: int) -> None:
    for row in hub_table(edges, n_agents, samples=3):
        assert row.reason or math.isfinite(row.value)
        assert row.reason or row.null == "" or math.isfinite(row.z_score)


def test_directed_graphs_are_drawn_evenly() -> None:
    rng = np.random.default_rng(0)
    drawn = [directed_erdos_renyi(3, 2, generator=rng) for _ in range(3000)]
    pairs, counts = np.unique(np.concatenate(drawn), axis=0, return_counts=True)
    assert pairs.tolist() == [[0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]]
    assert abs(counts - 1000).max() < 4 * np.sqrt(1000)


def test_hub_scores_are_those_of_networkx() -> None:
    graph = nx.karate_club_graph()
    theirs = nx.eigenvector_centrality_numpy(graph, weight=None)
    scores = np.array([theirs[agent] for agent in graph])
    assert eigenvector_centrality(KARATE, 34) == pytest.approx(scores / scores.max())
    table = degree_table(KARATE, 34)
    assert table["eigenvector"].tolist() == eigenvector_centrality(KARATE, 34).tolist()
    assert table["core_number"].tolist() == core_numbers(KARATE, 34).tolist()
    assert np.isnan(eigenvector_centrality(np.array([[0, 1], [2, 3]]), 4)).all()
    assert np.isnan(eigenvector_centrality(np.empty((0, 2), int), 2)).all()
