import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib import rcParams
from matplotlib.figure import Figure

from hubbub.analysis.figures import as_inline_svg, as_png
from hubbub.analysis.figures.power_scaling import power_scaling
from hubbub.analysis.figures.seed_curves import SeedCurves, seed_curves


def drawn(figure: Figure) -> None:
    before = dict(rcParams)
    ET.fromstring(as_inline_svg(figure, name="fig", label="a label"))
    assert as_png(figure).startswith(b"\x89PNG")
    assert dict(rcParams) == before


def test_curves_are_drawn_from_their_first_step_on_with_their_mean() -> None:
    at = np.array([0, 10, 100, 1000])
    curves = SeedCurves(at, np.array([[0.0, 0.1, 0.4, 0.8], [0.0, 0.3, 0.6, 1.0]]))
    figure = seed_curves({"a": {"one": curves, "two": curves}, "b": {"one": curves}}, along={"a": "step", "b": "step"})
    [axes] = figure.subfigs[0].axes
    assert axes.get_xscale() == "log"
    *seeds, mean = axes.get_lines()[:3]
    assert [line.get_ydata().tolist() for line in seeds] == [[0.1, 0.4, 0.8], [0.3, 0.6, 1.0]]
    assert mean.get_ydata().tolist() == pytest.approx([0.2, 0.5, 0.9])
    assert mean.get_xdata().tolist() == [10, 100, 1000]
    drawn(figure)


def test_a_power_law_stands_beside_what_grows_with_a_size() -> None:
    sizes = np.array([100.0, 400.0, 900.0])
    steps = np.array([[10.0, 20.0, 30.0], [40.0, 80.0, np.nan], [np.nan] * 3])
    lines = {"a": steps, "none known": np.full((3, 3), np.nan)}
    figure = power_scaling(lines, sizes, exponent=0.5, x_label="size", y_label="step")
    [axes] = figure.subfigs[0].axes
    mean, power = axes.get_lines()[3:5]
    assert mean.get_ydata().tolist() == pytest.approx([20, 40, 30])
    assert power.get_ydata().tolist() == pytest.approx([20, 40, 60])
    drawn(figure)
