"""What every format can do with its links: one place decides it."""

import numpy as np
import pytest

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.describing import summarise, summary_of
from hubbub.simulator.topology.files.assembly import to_topology
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.options import ReadOptions

A, B, C, D = range(4)


def contents(links, **more):
    given = {"format": "test", "names": tuple("abcd"), "links": np.array(links, np.int64).reshape(-1, 2)}
    return Contents(**given | {"directed": True} | more)


def graph(said, **options):
    made = to_topology(said, ReadOptions(**options))
    weights = [None] * made.n_edges if made.weights is None else made.weights.tolist()
    return dict(zip(zip(made.sources.tolist(), made.targets.tolist(), strict=True), weights, strict=True)), made


def test_directed_links_stay_and_undirected_ones_run_both_ways():
    assert graph(contents([(A, B)]))[0] == {(A, B): None}
    assert graph(contents([(B, A)], directed=False))[0] == {(A, B): None, (B, A): None}
    mixed, made = graph(contents([(A, B), (B, C)], directed=np.array([True, False])))
    assert mixed == {(A, B): None, (B, C): None, (C, B): None}
    assert "a mixed graph: its 1 undirected links run both ways" in str(made.summary)
    assert (made.summary.directed, made.summary.links) == (True, 3)


def test_parallel_links_are_merged_and_counted():
    said = contents([(A, B), (B, A), (A, B)], directed=False, weights=np.array([1.0, 2.0, 4.0]))
    merged, made = graph(said)
    assert merged == {(A, B): 7, (B, A): 7}
    assert (made.summary.merged, made.summary.links) == (2, 1)
    plain = contents([(A, B), (A, B), (B, C)])
    assert graph(plain)[0] == {(A, B): 2, (B, C): 1}
    assert graph(plain)[1].summary.weights_from == "number of parallel links"
    assert graph(plain, parallel="once")[0] == {(A, B): None, (B, C): None}
    with pytest.raises(TopologyError, match=r"the edge a – b is there twice; `topology.parallel=add`"):
        graph(plain, parallel="refuse")
    with pytest.raises(TopologyError, match=r"parallel=once: expected links without weights.*weight=none"):
        graph(said, parallel="once")
    assert graph(said, parallel="once", weight="none")[0] == {(A, B): None, (B, A): None}


def test_attributes_of_merged_links_stay_where_they_agree():
    said = contents(
        [(B, C), (A, B), (A, B)], link_attributes={"kind": ["x", "y", "y"], "day": [1, 2, 3], "no": [None, None, 1]}
    )
    made = graph(said)[1]
    assert made.link_attributes == {"kind": ("y", "x"), "day": (None, 1), "no": (None, None)}


def test_undirected_makes_one_link_of_two_opposite_ones():
    opposite, made = graph(contents([(A, B), (B, A), (B, C)]), undirected=True)
    assert opposite == dict.fromkeys([(A, B), (B, A), (B, C), (C, B)])
    assert "1 pairs were linked in both directions" in str(made.summary)
    assert (made.summary.directed, made.summary.links) == (False, 2)
    weighted = contents([(A, B), (B, A), (C, B)], weights=np.array([1.0, 2.0, 5.0]))
    assert graph(weighted, undirected=True)[0] == {(A, B): 3, (B, A): 3, (B, C): 5, (C, B): 5}
    asked = contents([(A, B), (B, A)], parallel="refuse")
    assert graph(asked, undirected=True)[0] == {(A, B): None, (B, A): None}


def test_links_that_are_none_are_refused_or_dropped_on_demand():
    loops = contents([(A, A), (A, B)])
    with pytest.raises(TopologyError, match=r"agent a is linked to itself.*topology.self_loops=drop"):
        graph(loops)
    dropped, made = graph(loops, self_loops="drop")
    assert dropped == {(A, B): None}
    assert "1 self-loops dropped" in str(made.summary)
    zeros = contents([(A, B), (B, C)], weights=np.array([0.0, 2.0]))
    with pytest.raises(TopologyError, match=r"weight of edge a – b.*got 0; `topology.zero_weights=drop`"):
        graph(zeros)
    assert graph(zeros, zero_weights="drop")[0] == {(B, C): 2}
    for wrong in (-1.0, np.nan, np.inf):
        with pytest.raises(TopologyError, match="weight of edge b – c: expected a number above 0, got"):
            graph(contents([(A, B), (B, C)], weights=np.array([1.0, wrong])), zero_weights="drop")


def test_the_largest_component_keeps_its_names_and_attributes():
    said = contents(
        [(B, C), (D, C)],
        weights=np.array([2.0, 3.0]),
        positions=np.arange(8.0).reshape(4, 2),
        attributes={"age": (1, 2, 3, 4)},
        link_attributes={"kind": ["x", "y"]},
    )
    assert (graph(said)[1].summary.isolated, graph(said)[1].summary.components) == (1, 2)
    links, made = graph(said, component="largest")
    assert links == {(0, 1): 2, (2, 1): 3}
    assert (made.names, made.attributes) == (("b", "c", "d"), {"age": (2, 3, 4)})
    assert (made.positions.tolist(), made.link_attributes) == ([[2, 3], [4, 5], [6, 7]], {"kind": ("x", "y")})
    assert made.summary.dropped == {"agents outside the largest component": 1}


def test_a_link_attribute_may_be_the_weight():
    said = contents([(A, B), (B, C)], link_attributes={"value": ["2.5", None], "kind": ["x", "y"]})
    weighted, made = graph(said, weight="value")
    assert weighted == {(A, B): 2.5, (B, C): 1}
    assert (made.summary.weights_from, made.summary.link_attributes) == ("link attribute 'value'", ("kind",))
    other = contents([(A, B)], weights=np.array([7.0]), link_attributes={"value": [2]})
    assert (graph(other, weight="value")[0], graph(other, weight="value")[1].summary.left_out) == (
        {(A, B): 2},
        ("weight",),
    )
    with pytest.raises(TopologyError, match=r"weight: expected one of the attr.* \(value, kind\).*'value'"):
        graph(said, weight="valeu")
    with pytest.raises(TopologyError, match="weight: link attribute kind: expected numbers, got 'x'"):
        graph(said, weight="kind")


def test_links_of_a_moment():
    times = np.array([[1.0, 2.0], [2.0, np.inf], [-np.inf, 1.5]])
    said = contents([(A, B), (B, C), (C, D)], times=times, link_attributes={"n": [1, 2, 3]})
    assert list(graph(said)[0]) == [(A, B), (B, C), (C, D)]
    for at, expected in {
        1.5: [(A, B), (C, D)],
        "2": [(A, B), (B, C)],
        "last": [(A, B), (B, C)],
        "first": [(A, B), (C, D)],
        "1.6..1.9": [(A, B)],
        99: [(B, C)],
    }.items():
        assert list(graph(said, at=at)[0]) == expected
    assert graph(said, at=99)[1].link_attributes == {"n": (2,)}
    assert "1 of 3 links are there at 99" in str(graph(said, at=99)[1].summary)
    last = contents([(A, B), (B, C), (C, D)], times=times, moment="last")
    assert list(graph(last)[0]) == [(A, B), (B, C)]
    dated = contents([(A, B), (B, C)], times=np.array([[0.0, 0.0], [86400.0, 86400.0]]), dated=True)
    assert list(graph(dated, at="1970-01-02")[0]) == [(B, C)]
    assert "1 of 2 links are there at 1970-01-02" in str(graph(dated, at="1970-01-02")[1].summary)
    for at, message in (("x", "expected a number"), ("3..1", "expected a moment or FROM..TO"), ("nan", "a number")):
        with pytest.raises(TopologyError, match=f"at: .*{message}"):
            graph(said, at=at)
    with pytest.raises(TopologyError, match="at: expected a date such as"):
        graph(dated, at="yesterday")
    with pytest.raises(TopologyError, match="at: expected a file whose links have times"):
        graph(contents([(A, B)]), at=1)


def test_a_summary_of_any_topology():
    made = Topology(4, [0, 1], [1, 0], weights=[2, 2], attributes={"age": (1, 2, 3, 4)})
    assert summary_of(made, kind="ring") == summarise(made, format="ring")
    assert str(summarise(made, format="ring")) == (
        "ring: 4 agents, 1 undirected pairs; names: numbers; weights: given; attributes: age; 2 isolated, 3 components"
    )
    assert summarise(made, format="ring").as_json()["attributes"] == ["age"]
