"""What holds of every public figure: it fits into its frame, draws into given axes, and refuses what has no answer."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from hubbub.analysis import figures
from hubbub.analysis.dialects import Dialects, DialectsOverTime, by_distance
from hubbub.analysis.dialects.over_time import AgreementOverTime
from hubbub.analysis.figures import (
    AtlasRow,
    Curve,
    DistanceCurve,
    Grouping,
    SeedCurves,
    SkillCurve,
    Trajectories,
    Varied,
    layout,
    save_figure,
)
from hubbub.analysis.figures.fitting import fitted
from hubbub.analysis.figures.learning_curves import DRAWN
from hubbub.analysis.figures.names import Names
from hubbub.analysis.hubs import degree_table
from hubbub.analysis.measure import over_seeds
from hubbub.analysis.tails import fit_power_law
from hubbub.analysis.temporal import avalanches, dfa
from hubbub.simulator.errors import ConfigurationError, HubbubError

RNG = np.random.default_rng(0)
GRAPH = nx.gnp_random_graph(30, 0.12, seed=3, directed=True)
EDGES = np.array(GRAPH.edges)
NAMES = [f"member number {agent}" for agent in range(30)]
LABELS = np.minimum(np.arange(30) // 2, 12)
SUCCESS = RNG.random((30, 30))
STEPS = np.arange(0, 120_000, 10_000)
RECORD = RNG.standard_normal(600).cumsum()
SIZES = np.ceil(1 / RNG.random(300))
ACTIVITY = RNG.poisson(3, 200)
SHARES = RNG.random((3, 12))


def _history() -> DialectsOverTime:
    labels = RNG.integers(0, 14, (3, 30))
    dialects = tuple(Dialects(row, 0.5, {}, np.empty((29, 4))) for row in labels)
    return DialectsOverTime(STEPS[:3], labels, dialects)


def _varied() -> Varied:
    return Varied(STEPS.tolist(), [over_seeds(SHARES[:, at].tolist()) for at in range(12)])


EXAMPLES: dict[str, Callable[[], dict[str, Any]]] = {
    "action_histograms": lambda: {"actions_of": {"gaussian": RNG.uniform(-1, 1, 50), "bang-bang": np.ones(5)}},
    "activity_raster": lambda: {
        "activity": ACTIVITY,
        "found": avalanches(ACTIVITY),
        "states": RNG.integers(2, size=(200, 20)),
    },
    "agent_scatter": lambda: {"values": SUCCESS[0], "against": {"degree": SUCCESS[1]}, "label": "E", "groups": LABELS},
    "agreement_curve": lambda: {
        "found": AgreementOverTime(
            STEPS[:3], np.array([0.1, 0.8, 0.4]), np.zeros(3), np.full(3, 0.1), np.ones(3), 1, 0.01, 2, "club"
        ),
        "graph_alone": 0.4,
    },
    "atlas_grid": lambda: {
        "rows": {
            "talk": AtlasRow(
                "step",
                [0, 50, 100],
                {"success": [over_seeds([at, at + 0.1]) for at in range(3)], "loss": "not recorded"},
                over_seeds([40.0, 60.0]),
            )
        }
    },
    "concept_paths": lambda: {
        "panels_of": {"colour": {"seen": RNG.random((2, 5, 2)), "new": RNG.random((2, 5, 2))}},
        "x_label": "red",
        "y_label": "large",
    },
    "corpus_profile": lambda: {
        "lengths": RNG.integers(1, 5, 60),
        "symbol_counts": RNG.integers(1, 50, 9),
        "message_counts": RNG.integers(1, 9, 30),
    },
    "degree_success": lambda: {"table": degree_table(EDGES, 30, NAMES, success=SUCCESS), "labels": LABELS},
    "dialect_strips": lambda: {"history": _history(), "names": [str(n) for n in range(30)], "groups": LABELS % 2},
    "distance_curves": lambda: {
        "curves": [
            DistanceCurve("Success", by_distance(SUCCESS, EDGES, 30), chance=0.2),
            DistanceCurve("Similarity of messages", by_distance(SUCCESS, EDGES, 30), 4, 0.1),
        ]
    },
    "graph_gallery": lambda: {"graphs": {"first": (EDGES, 30), "last": (EDGES, 30)}},
    "graph_map": lambda: {
        "edges": EDGES,
        "positions": layout(EDGES, 30),
        "groupings": [Grouping("Dialects", LABELS, [f"dialect {n + 1}" for n in range(13)])],
        "names": NAMES,
        "shapes": LABELS,
    },
    "interval_curves": lambda: {
        "panels_of": {"loss": {f"setting {n}": _varied() for n in range(11)}},
        "along": "training step",
    },
    "interval_dots": lambda: {
        "panels_of": {"success": {"a long name of a setting": over_seeds([0.1, 0.2]), "b": over_seeds([0.5])}},
        "along": "share",
    },
    "learning_curves": lambda: {
        "curves": {name: Curve(STEPS, SHARES[at % 3]) for at, name in enumerate(DRAWN)},
        "games": Curve(STEPS, STEPS * 512.0),
        "chance": 0.02,
    },
    "map_gallery": lambda: {
        "maps": {f"seed {n}": (EDGES, layout(EDGES, 30), LABELS) for n in range(2)},
        "heading": "two runs",
    },
    "phase_diagram": lambda: {
        "noise": np.array([0.1, 0.2, 0.3]),
        "loads": np.array([10, 1000]),
        "values": SHARES[:2, :3],
        "onset": np.array([0.15, 0.2]),
    },
    "phase_plane": lambda: {
        "lines": {"0 %": Trajectories(SHARES, 100 * SHARES), "50 %": Trajectories(SHARES, 10 * SHARES)},
        "x_label": "accuracy",
        "y_label": "paths",
        "logarithmic": True,
    },
    "picture_table": lambda: {
        "pictures": RNG.random((2, 3, 4, 4)),
        "rows": ["circles", "squares"],
        "columns": ["red", "green", "blue"],
        "framed": [(0, 1)],
    },
    "policy_maps": lambda: {
        "maps": {"gaussian": SHARES[:, :3], "bang-bang": SHARES[:, 3:6]},
        "x": np.array([-1.0, 0.0, 1.0]),
        "y": np.array([-1.0, 0.0, 1.0]),
        "curve": np.zeros(3),
        "x_label": "position",
        "y_label": "velocity",
    },
    "power_scaling": lambda: {
        "lines": {"loss": SHARES + 0.1},
        "sizes": np.geomspace(1, 2048, 12),
        "exponent": -0.5,
        "x_label": "samples",
        "y_label": "loss",
    },
    "scaling_curves": lambda: {
        "scalings": {
            "walk": dfa(RECORD, surrogates=0),
            "steps": dfa(np.diff(RECORD), surrogates=0),
            "none": dfa(np.ones(9)),
        },
        "shift": 0.5,
    },
    "seed_curves": lambda: {
        "panels_of": {"giant component": {"n = 40": SeedCurves(np.geomspace(1, 1e4, 12), SHARES)}},
        "along": {"giant component": "edges"},
    },
    "setting_scatter": lambda: {
        "settings": {"topology": ["ring", "star", "ring"], "learning rate": [0.001, 0.01, 0.1]},
        "values": SHARES[0, :3],
        "label": "success",
    },
    "skill_curves": lambda: {"curves": {"skill 1": SkillCurve(STEPS + 1, SHARES, SHARES[0])}},
    "success_heatmap": lambda: {"success": SUCCESS, "labels": LABELS, "names": [str(n) for n in range(30)]},
    "trial_curve": lambda: {"values": SHARES[0], "label": "success", "maximize": True},
    "survival_curves": lambda: {"values": SIZES, "fit": fit_power_law(SIZES, discrete=True), "label": "size"},
}
NO_FIGURES = {"alternative_survival", "as_inline_svg", "as_pdf", "as_png", "as_svg", "layout", "save_figure"}
FIGURES = {
    name: getattr(figures, name)
    for name in figures.__all__
    if inspect.isfunction(getattr(figures, name)) and name not in NO_FIGURES
}
N_PANELS = {
    **dict.fromkeys(("action_histograms", "activity_raster", "atlas_grid", "degree_success", "distance_curves"), 2),
    "map_gallery": 2,
    "setting_scatter": 2,
    "corpus_profile": 3,
    "graph_gallery": 2,
    "picture_table": 6,
    "policy_maps": 2,
}
"""Figures of more than one panel, with the number in the example."""


def test_every_public_figure_has_an_example() -> None:
    assert FIGURES.keys() == EXAMPLES.keys()


Boxes = list[tuple[str, np.ndarray]]


def drawn_texts(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> tuple[Boxes, Boxes]:
    """Draw a figure; return all texts that were drawn, and the labels of axes, with their boxes in inches."""
    found: dict[int, tuple[str, np.ndarray]] = {}
    draw = Text.draw

    def recorded(text: Text, renderer: Any, *args: Any, **kwargs: Any) -> None:
        if text.get_visible() and text.get_text().strip():
            found[id(text)] = (text.get_text(), text.get_window_extent(renderer).extents / figure.dpi)
        draw(text, renderer, *args, **kwargs)

    monkeypatch.setattr(Text, "draw", recorded)
    figure.draw_without_rendering()
    monkeypatch.undo()
    labels = [id(label) for axes in all_axes(figure) for label in (axes.xaxis.label, axes.yaxis.label)]
    return list(found.values()), [found[one] for one in labels if one in found]


def all_axes(figure: Figure) -> list[Axes]:
    return [one for one in figure.findobj(Axes) if one.get_visible()]


def cut(figure: Figure, texts: Boxes) -> list[str]:
    """Return the texts that reach out of their figure."""
    size, slack = figure.get_size_inches(), 0.02
    return [text for text, box in texts if (box[:2] < -slack).any() or (box[2:] > size + slack).any()]


def overlap(one: np.ndarray, other: np.ndarray) -> bool:
    return bool((np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]) > 0.02).all())


def covering(texts: Boxes) -> list[tuple[str, str]]:
    """Return the pairs of texts of which one lies on the other."""
    return [(other, text) for at, (text, box) in enumerate(texts) for other, under in texts[:at] if overlap(box, under)]


def on_axes(figure: Figure, labels: Boxes) -> list[str]:
    """Return the labels of axes that lie on any axes."""
    areas = [axes.get_window_extent().extents / figure.dpi for axes in all_axes(figure)]
    return [text for text, box in labels if any(overlap(box, area) for area in areas)]


def check(figure: Figure, monkeypatch: pytest.MonkeyPatch, *, smallest: float = 8.0) -> None:
    """Assert that no text is cut, too small, or on another one, and no label of an axis on a part of the figure."""
    texts, labels = drawn_texts(figure, monkeypatch)
    assert texts
    assert [names.left_out for names in figure.findobj(Names) if names.left_out] == []
    assert cut(figure, texts) == []
    assert "None" not in [text for text, _ in texts]
    assert covering(texts) == []
    assert on_axes(figure, labels) == []
    assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= smallest


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_no_text_is_cut_or_lies_on_another_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(FIGURES[name](**EXAMPLES[name]()), monkeypatch, smallest=7.0 if name == "atlas_grid" else 8.0)


INCHES = {"paper": (3.5, None), "slide": (6.67, 3.75)}


@pytest.mark.parametrize("size", INCHES)
@pytest.mark.parametrize("name", ["graph_map", "success_heatmap", "learning_curves", "interval_dots"])
def test_figures_fit_into_the_sizes_of_papers_and_slides(name: str, size: str, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = FIGURES[name](**EXAMPLES[name]())
    before = figure.get_size_inches().tolist(), len(drawn_texts(figure, monkeypatch)[0])
    with fitted(figure, *INCHES[size]):
        check(figure, monkeypatch)
    assert (figure.get_size_inches().tolist(), len(drawn_texts(figure, monkeypatch)[0])) == before


@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".png"])
def test_a_figure_is_saved_in_the_size_that_was_asked(suffix: str, tmp_path: Path) -> None:
    axes = Figure().subplots()
    axes.plot([1, 2])
    widths = {}
    for size in (None, "paper", "paper-wide", "slide"):
        path = save_figure(axes, tmp_path / "new folder" / f"figure-{size}{suffix}", size)
        content = path.read_bytes()
        if suffix == ".svg":
            widths[size] = float(re.search(rb'width="([0-9.]+)pt"', content)[1]) / 72  # type: ignore[index]
        elif suffix == ".pdf":
            widths[size] = float(re.search(rb"/MediaBox \[ 0 0 ([0-9.]+)", content)[1]) / 72  # type: ignore[index]
        else:
            widths[size] = int.from_bytes(content[16:20], "big") / 300
    assert widths == pytest.approx({None: 6.4, "paper": 3.504, "paper-wide": 7.205, "slide": 6.667}, abs=0.01)


def test_what_cannot_be_saved_is_refused_by_name(tmp_path: Path) -> None:
    for path, size, said in (
        ("a.gif", None, "path: expected a suffix of .png, .svg, .pdf, got "),
        ("a.png", "papers", "size: expected one of paper, paper-wide, slide, got 'papers'; did you mean 'paper'?"),
    ):
        with pytest.raises(ConfigurationError, match=re.escape(said)):
            save_figure(Figure(), tmp_path / path, size)
    with pytest.raises(ConfigurationError, match="figure: expected a figure of matplotlib, or axes of it, got 3"):
        save_figure(3, tmp_path / "a.png")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_figure_draws_into_given_axes(name: str) -> None:
    mine, n = Figure(figsize=(9, 9)), N_PANELS.get(name, 1)
    axes = mine.subplots(n, squeeze=False).ravel()
    assert FIGURES[name](**EXAMPLES[name](), ax=axes[0] if n == 1 else axes) is mine
    assert all(one.has_data() for one in axes if name != "atlas_grid")
    with pytest.raises(ConfigurationError, match="ax: expected "):
        FIGURES[name](**EXAMPLES[name](), ax=[*axes, axes[0]])
    with pytest.raises(ConfigurationError, match="ax: expected "):
        FIGURES[name](**EXAMPLES[name](), ax="the upper one")


def arrays_of(name: str) -> dict[str, np.ndarray]:
    return {key: value for key, value in EXAMPLES[name]().items() if isinstance(value, np.ndarray)}


MAY_BE_NAN = {
    ("agent_scatter", "values"),
    ("phase_diagram", "onset"),
    ("phase_diagram", "values"),
    ("setting_scatter", "values"),
    ("trial_curve", "values"),
}
"""Arrays in which NaN means that there is no value, and nothing is drawn; docstrings say so."""
OF_ANY_TYPE = {("dialect_strips", "groups")}
WITHOUT_ARRAYS = {
    *("action_histograms", "agreement_curve", "atlas_grid", "concept_paths", "distance_curves", "graph_gallery"),
    *("interval_curves", "interval_dots", "learning_curves", "map_gallery", "phase_plane", "scaling_curves"),
    *("seed_curves", "skill_curves"),
}
"""Figures of which no argument is an array; their arrays are within others, which check them."""
FREE = {
    ("corpus_profile", "lengths"),
    ("corpus_profile", "message_counts"),
    ("corpus_profile", "symbol_counts"),
    ("graph_map", "edges"),
    ("trial_curve", "values"),
}
"""Arrays whose length nothing else depends on."""


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - WITHOUT_ARRAYS))
def test_arrays_that_have_no_answer_are_refused_by_name(name: str) -> None:
    draw, given = FIGURES[name], EXAMPLES[name]()
    arrays = arrays_of(name)
    assert arrays
    for argument, array in arrays.items():
        changed = {"text": np.full(array.shape, "x"), "one more": np.concatenate([array, array])}
        changed["axes"] = array[..., None]
        for what, value in (("infinity", np.inf), ("NaN", np.nan)):
            changed[what] = np.array(array, dtype=float)
            changed[what].flat[0] = value
        changed["a mask"] = np.ma.MaskedArray(array, mask=np.arange(array.size).reshape(array.shape) == 0)
        if (name, argument) in MAY_BE_NAN:
            changed.pop("NaN")
        if (name, argument) in OF_ANY_TYPE:
            changed.pop("text")
        if (name, argument) in FREE:
            changed.pop("one more")
        for what, value in changed.items():
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                try:
                    draw(**{**given, argument: value})
                except HubbubError as error:
                    assert any(one in str(error) for one in given), (argument, what, str(error))
                else:
                    pytest.fail(f"{argument} with {what} was drawn")
