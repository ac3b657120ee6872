from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from scipy.stats import spearmanr

from hubbub.analysis.hubs import degrees, hubs_over_time
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import Run

MakeRun = Callable[..., Run]


def moved(old: int, new: int, others: range, step: int) -> list[tuple[int, str, int, int]]:
    """Return the events in which the links of one agent go to another."""
    events = []
    for other in others:
        for kind, agent in (("edge-removed", old), ("edge-added", new)):
            events += [(step, kind, agent, other), (step, kind, other, agent)]
    return events


def test_a_hub_that_is_replaced(make_run: MakeRun) -> None:
    run = make_run(nx.star_graph(6), n_lexicons=3, changes=moved(0, 1, range(2, 7), 150))
    found = hubs_over_time(run)
    assert found.steps.tolist() == [0, 150, 200, 400]
    assert found.degrees[0].tolist() == [6, 1, 1, 1, 1, 1, 1]
    assert found.degrees[1].tolist() == [1, 6, 1, 1, 1, 1, 1]
    assert [np.flatnonzero(row).tolist() for row in found.hubs] == [[0], [1], [1], [1]]
    assert found.turnover.tolist()[1:] == [1, 0, 0]
    assert np.isnan(found.turnover[0])
    expected = spearmanr(found.degrees[0], found.degrees[1])[0]
    assert found.rank_correlation[1] == pytest.approx(expected)
    assert found.rank_correlation[2:] == pytest.approx([1, 1])
    assert found.rank_correlation_with_first[[0, -1]] == pytest.approx([1, expected])


@pytest.mark.parametrize("kind", ["links", "out", "in"])
def test_degrees_are_those_of_the_graph_at_each_step(make_run: MakeRun, kind: str) -> None:
    rng, graph = np.random.default_rng(0), nx.gnp_random_graph(9, 0.3, seed=1, directed=True)
    changes, present = [], set(graph.edges)
    for step in range(10, 300, 7):
        edge = tuple(rng.choice(9, 2, replace=False).tolist())
        changes.append((step, "edge-removed" if edge in present else "edge-added", *edge))
        present ^= {edge}
    run = make_run(graph, n_lexicons=2, changes=changes)
    found = hubs_over_time(run, kind=kind, top=3)
    assert found.steps.tolist() == sorted({0, 200, *range(10, 300, 7)})
    for step, row in zip(found.steps.tolist(), found.degrees, strict=True):
        assert row.tolist() == degrees(run.edges(step), 9, kind=kind).tolist()


def test_where_all_are_alike_nobody_is_a_hub(make_run: MakeRun) -> None:
    found = hubs_over_time(make_run(nx.cycle_graph(5), n_lexicons=2))
    assert not found.hubs.any()
    assert np.isnan([*found.turnover, *found.rank_correlation, *found.rank_correlation_with_first]).all()


def test_shared_places_are_shared(make_run: MakeRun) -> None:
    run = make_run(nx.Graph([(0, 1), (0, 2), (3, 4), (3, 5)]), n_lexicons=1)
    assert hubs_over_time(run, top=1).hubs.tolist()[0] == [True, False, False, True, False, False]
    with pytest.raises(ConfigurationError, match="top: expected 1 … 6, got 7"):
        hubs_over_time(run, top=7)
