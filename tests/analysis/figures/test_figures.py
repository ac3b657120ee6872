import xml.etree.ElementTree as ET
from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.markers import MarkerStyle

from hubbub.analysis.dialects import Dialects, DialectsOverTime, by_distance
from hubbub.analysis.dialects.over_time import AgreementOverTime
from hubbub.analysis.figures import (
    Curve,
    DistanceCurve,
    Grouping,
    agreement_curve,
    as_inline_svg,
    as_png,
    as_svg,
    degree_success,
    dialect_strips,
    distance_curves,
    graph_map,
    layout,
    learning_curves,
    success_heatmap,
)
from hubbub.analysis.figures.style import marker
from hubbub.analysis.hubs import degree_table

HOSTILE = ["<script>alert(1)</script>", r"$\frac{$", "a\x00\u202eb", "&amp;", "名前"]
EDGES = np.array([[0, 1], [1, 0], [1, 2], [3, 4]])
LABELS = np.array([0, 0, 1, -1, 1])
SUCCESS = np.random.default_rng(0).random((5, 5))
STEPS = np.array([0, 100, 250])


def maps() -> Figure:
    known = Grouping("<b>club</b>", LABELS, ["<i>", "$"], colours=(1, 0))
    return graph_map(EDGES, layout(EDGES, 5), [known, known], names=HOSTILE, shapes=LABELS)


def heatmap() -> Figure:
    return success_heatmap(SUCCESS, np.array([0, 0, 1, 1, 2]), names=["<a>", "$\\x", "c", "d", "e"])


def curves() -> Figure:
    known = {"success_over_links": Curve(STEPS, np.array([0.1, np.nan, 0.9])), "loss": Curve(STEPS, STEPS)}
    return learning_curves(known, games=Curve(STEPS, STEPS * 40_000.0))


def distances() -> Figure:
    found = by_distance(SUCCESS, EDGES, 5)
    return distance_curves([DistanceCurve("Success", found), DistanceCurve("S", found, 4, 0.2)])


def strips() -> Figure:
    labels = np.array([[0, 0, 1, 1, 2], [0, 1, 1, 1, 1], [0, 0, 0, 1, 1]])
    dialects = tuple(Dialects(row, 0.5, {}, np.empty((4, 4))) for row in labels)
    return dialect_strips(DialectsOverTime(STEPS, labels, dialects), names=list("abcde"), groups=LABELS)


def agreements() -> Figure:
    values = np.array([0.1, 0.8, -0.2])
    found = AgreementOverTime(STEPS, values, np.zeros(3), np.full(3, 0.1), np.ones(3), 1, 0.01, 2, "club")
    return agreement_curve(found, graph_alone=0.4)


def hubs() -> Figure:
    return degree_success(degree_table(EDGES, 5, HOSTILE, success=SUCCESS), LABELS)


ALL = [maps, heatmap, curves, distances, strips, agreements, hubs]


@pytest.mark.parametrize("draw", ALL)
def test_every_figure_is_drawn_whatever_the_names(draw: Callable[[], Figure]) -> None:
    before = dict(rcParams)
    figure = draw()
    text = as_inline_svg(figure, name="fig", label='a "label"')
    svg = ET.fromstring(text)
    assert svg.get("aria-label") == 'a "label"'
    assert not [element for element in svg.iter() if element.tag.endswith("script")]
    identifiers = [element.get("id") for element in svg.iter() if element.get("id")]
    assert all(str(identifier).startswith("fig-") for identifier in identifiers)
    assert all(axes.get_xlabel() or not axes.axison for axes in figure.axes if axes.get_label() != "<colorbar>")
    assert as_png(figure).startswith(b"\x89PNG")
    assert dict(rcParams) == before


def test_svg_files_are_the_same_every_time_and_keep_their_text() -> None:
    first, second = as_svg(heatmap()), as_svg(heatmap())
    assert first == second
    words = {element.text for element in ET.fromstring(first).iter() if element.tag.endswith("text")}
    assert {"speaker", "listener", "share of referents understood", "<a>"} <= words


def test_the_matrix_is_ordered_by_dialect() -> None:
    labels = np.array([1, 0, 1, 0, 0])
    drawn = success_heatmap(SUCCESS, labels).axes[0].images[0].get_array()
    order = [agent for dialect in (0, 1) for agent in range(5) if labels[agent] == dialect]
    assert drawn is not None
    within = SUCCESS[np.ix_(order[:3], order[:3])]
    assert sorted(np.asarray(drawn)[:3, :3].ravel()) == sorted(within.ravel())
    assert len(success_heatmap(SUCCESS, labels).axes[0].lines) == 2


def test_agents_without_a_path_are_shown_at_infinity() -> None:
    found = by_distance(SUCCESS, EDGES, 5)
    axes = distance_curves([DistanceCurve("Success", found)]).axes[0]
    assert axes.get_xticklabels()[-1].get_text() == f"∞\n({found.pairs[-1]})"


def test_missing_metrics_are_not_drawn() -> None:
    axes = curves().axes[0]
    assert [line.get_label() for line in axes.lines] == ["success, linked pairs"]


def test_a_layout_is_always_the_same_and_keeps_parts_apart() -> None:
    graph = nx.disjoint_union(nx.cycle_graph(5), nx.path_graph(3))
    graph.add_node(8)
    edges = np.array(graph.edges)
    places = layout(edges, 9)
    np.testing.assert_array_equal(places, layout(edges, 9))
    boxes = [(places[part].min(axis=0), places[part].max(axis=0)) for part in ([*range(5)], [5, 6, 7], [8])]
    for i, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[:i]:
            assert (low > other_high).any() or (other_low > high).any()
    distances = np.linalg.norm(places[:5] - places[:5].mean(axis=0), axis=1)
    assert distances == pytest.approx(distances.mean(), rel=0.05)  # a ring is round


def test_a_large_ring_is_round_and_the_leaves_of_a_large_star_lie_apart() -> None:
    ring = layout(np.array(nx.circulant_graph(1200, [1, 2]).edges), 1200)
    distances = np.linalg.norm(ring - ring.mean(axis=0), axis=1)
    assert distances == pytest.approx(distances.mean(), rel=0.1)
    star = layout(np.array(nx.star_graph(1199).edges), 1200)
    assert len(np.unique(np.round(star, 4), axis=0)) == 1200


@pytest.mark.parametrize("n_agents", [1, 2, 200, 700])
def test_a_layout_of_any_size(n_agents: int) -> None:
    edges = np.array([[i, i + 1] for i in range(n_agents - 1)]).reshape(-1, 2)
    assert np.isfinite(layout(edges, n_agents)).all()


def test_a_large_success_matrix_is_drawn_as_means_of_neighbouring_cells() -> None:
    success = np.repeat(np.repeat(np.arange(501.0) % 2, 2)[:1001, None], 1001, axis=1)
    labels = np.repeat([0, 1], [600, 401])
    axes = success_heatmap(success, labels).axes[0]
    drawn = axes.images[0].get_array()
    assert drawn.shape == (501, 501)
    assert float(drawn.mean()) == pytest.approx(success.mean(), abs=0.002)
    assert axes.get_xlim() == (-0.5, 1000.5)
    assert axes.lines[0].get_ydata()[0] == 599.5


def test_groups_of_strips_may_have_names() -> None:
    labels = np.tile(LABELS, (len(STEPS), 1))
    history = DialectsOverTime(STEPS, labels, ())
    figure = dialect_strips(history, groups=np.array(["west", "east", "west", "east", "east"]))
    assert len(figure.axes[0].lines) == 1  # one border


def test_a_legend_of_a_map_has_the_shapes_of_the_agents() -> None:
    """Groups 0 and 1 are drawn with one shape each in the first map; in the second the shapes go across the groups."""
    same, across = Grouping("a", LABELS, ["x", "y"]), Grouping("b", np.array([0, 1, 1, -1, 0]), ["x", "y"])
    figure = graph_map(EDGES, layout(EDGES, 5), [same, across], shapes=LABELS)

    def corners(axes: Axes) -> list[int]:
        entries = [one for one in axes.collections if not len(one.get_offsets()) or one.get_label()[0] != "_"]
        return [len(one.get_paths()[0].vertices) for one in entries]

    drawn = [corners(axes) for axes in figure.findobj(Axes)]
    disc, square = (len(MarkerStyle(marker(number)).get_path().vertices) for number in (0, 1))
    assert disc != square
    assert [found[:2] for found in drawn] == [[disc, square], [disc, disc]]
