import functools
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from matplotlib import rcParams
from matplotlib.figure import Figure
from scipy.stats import lognorm

from hubbub.analysis.figures import as_inline_svg, as_png
from hubbub.analysis.figures.activity_raster import activity_raster
from hubbub.analysis.figures.log_axis import power_of_ten
from hubbub.analysis.figures.phase_diagram import phase_diagram
from hubbub.analysis.figures.scaling_curves import scaling_curves
from hubbub.analysis.figures.survival_curves import alternative_survival, survival_curves
from hubbub.analysis.tails import LikelihoodRatio, PowerLaw, compare, fit_power_law
from hubbub.analysis.tails.families import DISCRETE
from hubbub.analysis.temporal import avalanches, critical_interval, dfa
from hubbub.simulator.errors import ConfigurationError

GENERATOR = np.random.default_rng(0)
STATES = np.cumsum(GENERATOR.standard_normal((200, 30)), axis=0)
ACTIVITY = (STATES > 0).sum(axis=1)
NOISE, LOADS = np.linspace(0, 0.5, 11), np.array([2, 10, 100])
H = 0.5 + 0.7 * np.exp(-(((NOISE - np.array([[0.3], [0.25], [0.9]])) / 0.06) ** 2))
H[0, 0] = np.nan


def raster() -> Figure:
    return activity_raster(ACTIVITY, avalanches(ACTIVITY, threshold="median"), states=STATES)


def record() -> Figure:
    return activity_raster(ACTIVITY, avalanches(ACTIVITY), first=50, last=150)


@functools.cache
def fitted_tail() -> tuple[np.ndarray, PowerLaw, Mapping[str, LikelihoodRatio]]:
    values = DISCRETE.draw(2.2, 2.0, 3000, np.random.default_rng(1))
    fit = fit_power_law(values, discrete=True)
    return values, fit, compare(values, fit)


def tail() -> Figure:
    return survival_curves(*fitted_tail(), label="inter-event time in steps")


def curves() -> Figure:
    walk = np.cumsum(GENERATOR.standard_normal(3000))
    found = {"walk": dfa(walk, surrogates=0), "steps": dfa(np.diff(walk), surrogates=0), "none": dfa(np.ones(9))}
    return scaling_curves(found, shift=0.5)


def diagram() -> Figure:
    found = critical_interval(NOISE, H, np.full(H.shape, 0.02))
    return phase_diagram(NOISE, LOADS, H, interval=found, onset=np.array([0.33, 0.3, 0.27]))


@pytest.mark.parametrize("draw", [raster, record, tail, curves, diagram])
def test_every_temporal_figure_is_drawn(draw: Callable[[], Figure]) -> None:
    before = dict(rcParams)
    figure = draw()
    svg = ET.fromstring(as_inline_svg(figure, name="fig", label="a label"))
    assert all((element.get("id") or "fig-").startswith("fig-") for element in svg.iter())
    assert as_png(figure).startswith(b"\x89PNG")
    assert dict(rcParams) == before
    assert any(axes.get_xlabel() for axes in figure.axes)


def test_the_avalanches_in_the_window_are_shaded() -> None:
    found = avalanches(ACTIVITY)
    figure = activity_raster(ACTIVITY, found, first=50, last=150)
    inside = np.count_nonzero((found.deaths > 50) & (found.births < 150))
    assert len(figure.axes[0].patches) == inside > 0
    with pytest.raises(ConfigurationError, match="first, last: expected a range of steps within 0 … 200, got "):
        activity_raster(ACTIVITY, found, first=60, last=20)


@pytest.mark.parametrize("discrete", [False, True])
def test_alternatives_survive_as_their_closed_forms(discrete: bool) -> None:
    rng = np.random.default_rng(2)
    values = 3 + rng.standard_exponential(2000) * 3
    if discrete:
        values = np.floor(values)
    fit = fit_power_law(values, discrete=discrete, cutoff=3)
    ratio = compare(values, fit)["exponential"]
    x = np.array([3.0, 4, 5, 9, 20])
    expected = np.exp(-ratio.parameters["lambda"] * (x - 3))
    np.testing.assert_allclose(alternative_survival(ratio, fit, x), expected, rtol=0.02)
    ratios = compare(values, fit)
    if not discrete:
        of = ratios["lognormal"].parameters
        closed = lognorm(of["sigma"], scale=np.exp(of["mu"])).sf
        np.testing.assert_allclose(alternative_survival(ratios["lognormal"], fit, x), closed(x) / closed(3), rtol=0.02)
        of = ratios["stretched exponential"].parameters
        expected = np.exp(-of["lambda"] * (x ** of["beta"] - 3 ** of["beta"]))
        np.testing.assert_allclose(alternative_survival(ratios["stretched exponential"], fit, x), expected, rtol=0.02)
    for name, other in ratios.items():
        line = alternative_survival(other, fit, np.geomspace(3, values.max(), 50))
        assert line[0] == pytest.approx(1, abs=0.01), name
        assert (np.diff(line) <= 0).all(), name


def test_a_refused_fit_and_no_values_are_drawn_with_their_reason() -> None:
    for values in (np.arange(1.0, 20), np.empty(0)):
        axes = survival_curves(values, fit_power_law(values, discrete=True)).axes[0]
        assert axes.get_title(loc="left").startswith(f"no fit: {len(values)} values above 0")


def test_the_diagram_has_a_row_for_each_load() -> None:
    axes = diagram().axes[0]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["2", "10", "100"]
    with pytest.raises(ConfigurationError, match=r"values: expected shape \[3, 11\] \(loads, noise\), got \(11, 3\)"):
        phase_diagram(NOISE, LOADS, H.T)
    assert phase_diagram(NOISE, LOADS, H).axes[0].get_xlabel() == "noise"


def test_ticks_of_logarithmic_axes_are_plain_text() -> None:
    assert [power_of_ten(10.0**exponent) for exponent in (-3, -1, 0, 2, 3, 12)] == [
        "10⁻³",
        "0.1",
        "1",
        "100",
        "10³",
        "10¹²",
    ]
    assert power_of_ten(0.0) == ""
    figure = tail()
    as_png(figure)
    assert not any("$" in tick.get_text() for tick in figure.axes[0].get_xticklabels(which="both"))
    short = survival_curves(np.linspace(2, 30, 40), fit_power_law(np.ones(3), discrete=False))
    as_png(short)
    named = {tick.get_text() for tick in short.axes[0].get_xticklabels(which="both")}
    assert {"2", "5", "10", "20"} <= named
    assert "3" not in named
