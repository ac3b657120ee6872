import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.temporal import dfa, diffusion_entropy, spectral_exponent
from hubbub.analysis.temporal.scaling import fit_scaling, log_scales
from hubbub.simulator.errors import ConfigurationError


def test_the_scales_are_those_of_the_sheet() -> None:
    expected = np.unique(np.logspace(1, np.log10(1e5 / 10), 50).astype(int))
    np.testing.assert_array_equal(log_scales(10, 1e4), expected)


@settings(max_examples=40, deadline=None)
@given(
    corners=st.lists(st.integers(6, 43), min_size=0, max_size=2, unique=True),
    slopes=st.lists(st.floats(0.1, 2), min_size=3, max_size=3, unique=True),
)
def test_exact_segments_come_back(corners: list[int], slopes: list[float]) -> None:
    corners = sorted(corners)
    if (len(corners) == 2 and corners[1] - corners[0] < 5) or min(np.abs(np.diff(slopes))) < 0.01:
        return
    scales = np.geomspace(10, 1e5, 50)
    x = np.log(scales)
    ends = [0, *corners, 49]
    rises = np.array(slopes[: len(ends) - 1]) * np.diff(x[ends])
    heights = np.concatenate([[1.0], 1 + np.cumsum(rises)])
    curve = np.interp(x, x[ends], heights)
    found = fit_scaling(scales, curve, curve[None], estimator="e", n=7)
    assert [round(s.value, 6) for s in found.segments] == [round(s, 6) for s in slopes[: len(ends) - 1]]
    np.testing.assert_allclose([s.low for s in found.segments], scales[ends[:-1]])
    np.testing.assert_allclose([s.at_high for s in found.segments], heights[1:], atol=1e-9)
    assert found.segments_r_squared == pytest.approx(1)
    assert found.widest in found.segments


def test_errors_are_those_of_the_replicates() -> None:
    rng = np.random.default_rng(0)
    scales = np.geomspace(10, 1e4, 40)
    x = np.log(scales)
    tilts = rng.normal(0, 0.1, 400)
    found = fit_scaling(scales, 0.5 * x, 0.5 * x + tilts[:, None] * x, estimator="e", n=1)
    assert found.value == pytest.approx(0.5)
    assert found.error == pytest.approx(tilts.std())
    assert found.segments[0].error == pytest.approx(tilts.std())
    assert len(found.segments) == 1


def test_few_points_have_one_segment() -> None:
    scales = np.array([10, 20, 50, 100])
    curve = np.array([0.0, 1.0, 1.5, 5.0])
    found = fit_scaling(scales, curve, curve[None], estimator="e", n=1)
    assert len(found.segments) == 1
    assert found.value == pytest.approx(np.polyfit(np.log(scales), curve, 1)[0])
    assert 0 < found.r_squared < 1


def test_a_level_curve_has_slope_zero() -> None:
    for level in (0.0, 1.0):
        curve = np.full(30, level)
        found = fit_scaling(np.geomspace(1, 1e3, 30), curve, curve[None], estimator="e", n=1)
        assert found.value == pytest.approx(0, abs=1e-12)
        assert len(found.segments) == 1
    assert np.isnan(fit_scaling(np.arange(1, 31), np.zeros(30), np.zeros((1, 30)), estimator="e", n=1).r_squared)


def test_scatter_around_a_line_is_one_segment() -> None:
    rng = np.random.default_rng(1)
    scales = np.geomspace(10, 1e4, 50)
    curves = 0.5 * np.log(scales) + 0.05 * rng.standard_normal((20, 50))
    counts = [len(fit_scaling(scales, curve, curve[None], estimator="e", n=1).segments) for curve in curves]
    assert sum(count == 1 for count in counts) >= 16


@pytest.mark.parametrize("measure", [dfa, diffusion_entropy, spectral_exponent])
def test_event_times_are_no_record(measure):
    times = np.flatnonzero(np.random.default_rng(0).random(9000) < 0.2)
    for events in (times, times / 1000):
        with pytest.raises(ConfigurationError, match=r"only ascend, as event times do; activity_from_events"):
            measure(events)


def test_a_raster_is_no_record():
    with pytest.raises(
        ConfigurationError, match=r"expected shape \[T\], got \(5, 400\); activity_from_raster makes one"
    ):
        dfa(np.zeros((5, 400)))
