import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib import rcParams
from matplotlib.figure import Figure

from hubbub.analysis.figures import as_inline_svg, as_png
from hubbub.analysis.figures.agent_scatter import agent_scatter
from hubbub.analysis.figures.interval_curves import Varied, interval_curves
from hubbub.analysis.figures.phase_plane import Trajectories, phase_plane
from hubbub.analysis.measure import over_seeds
from hubbub.simulator.errors import ConfigurationError

GENERATOR = np.random.default_rng(0)
DEGREES = GENERATOR.integers(1, 12, 34)
PATHS = 1000.0 * DEGREES + GENERATOR.normal(0, 900, 34)
LEVELS = ("0 %", "30 %", "50 %", "70 %")


def drawn(figure: Figure) -> None:
    before = dict(rcParams)
    svg = ET.fromstring(as_inline_svg(figure, name="fig", label="a label"))
    assert all((element.get("id") or "fig-").startswith("fig-") for element in svg.iter())
    assert as_png(figure).startswith(b"\x89PNG")
    assert dict(rcParams) == before


def trajectories() -> dict[str, Trajectories]:
    accuracy = np.linspace(0.1, 0.95, 12) + GENERATOR.normal(0, 0.01, (5, 12))
    relative = 100 * np.exp(-3 * accuracy)
    return {name: Trajectories(accuracy, relative * (1 - 0.2 * n)) for n, name in enumerate(LEVELS)}


def test_emergence_over_training_is_drawn_by_interval_curves() -> None:
    at = [0, 100, 200]
    curves = {
        name: Varied(at, [over_seeds(list(GENERATOR.normal(1e5 / (1 + step), 9, 5))) for step in at]) for name in LEVELS
    }
    drawn(interval_curves({"E": curves, "Ẽ": curves}, along="training step", limits=None))


def test_agents_against_degree_and_success() -> None:
    success = GENERATOR.random(34)
    success[3] = np.nan
    groups = np.where(DEGREES > 6, 0, -1)
    figure = agent_scatter(PATHS, {"degree": DEGREES, "success": success}, label="E (paths)", groups=groups)
    first, second = (axes for part in figure.subfigs for axes in part.axes)
    assert first.get_title(loc="left").startswith("ρ = 0.9")
    assert second.get_title(loc="left").endswith("(n = 33)")
    drawn(figure)


def test_what_does_not_vary_has_no_correlation() -> None:
    figure = agent_scatter(PATHS, {"degree": np.ones(34), "none known": np.full(34, np.nan)}, label="E")
    assert [axes.get_title(loc="left") for part in figure.subfigs for axes in part.axes] == ["", ""]
    drawn(figure)


@pytest.mark.parametrize("logarithmic", [False, True])
def test_the_phase_plane_shows_where_training_leads(logarithmic: bool) -> None:
    lines = trajectories()
    figure = phase_plane(lines, x_label="accuracy", y_label="Ẽ", logarithmic=logarithmic)
    [axes] = figure.subfigs[0].axes
    assert len(axes.lines) == len(LEVELS) * (5 + 2)
    ends = next(line for line in axes.lines if line.get_label() == "0 %")
    np.testing.assert_allclose(ends.get_xdata(), lines["0 %"].x.mean(axis=0))
    drawn(figure)


def test_the_logarithmic_phase_plane_has_ticks_that_read_as_text() -> None:
    x = np.linspace(0, 1, 3)[None]
    figure = phase_plane(
        {"0 %": Trajectories(x, np.array([[1e-3, 1.0, 1e4]]))}, x_label="accuracy", y_label="Ẽ", logarithmic=True
    )
    svg = as_inline_svg(figure, name="fig", label="a label")
    assert "10⁻²" in svg and "10³" in svg and "mathdefault" not in svg


def test_trajectories_of_two_shapes_are_refused() -> None:
    expected = r"x, y: expected two arrays of one shape \[S, T\], got \(\(2, 3\), \(3, 3\)\)"
    with pytest.raises(ConfigurationError, match=expected):
        Trajectories(np.ones((2, 3)), np.ones((3, 3)))
