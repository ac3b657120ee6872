from collections.abc import Callable

import numpy as np
import pytest

from hubbub.analysis.temporal import (
    delta_of_mu,
    dfa,
    diffusion_entropy,
    event_scaling,
    event_walk,
    h_of_mu,
    inter_event_times,
)
from hubbub.simulator.errors import ConfigurationError

TIMES = np.array([2, 3, 6])


def test_walks_by_hand() -> None:
    np.testing.assert_array_equal(event_walk(TIMES, 8), [0, 0, 1, 1, 0, 0, 1, 0])
    jumps = event_walk(TIMES, 8, walk="SJ", generator=np.random.default_rng(0))
    np.testing.assert_array_equal(np.abs(jumps), event_walk(TIMES, 8))
    held = event_walk(TIMES, 8, walk="SV", generator=np.random.default_rng(3))
    assert len(held) == 8
    for stretch in (held[:2], held[2:3], held[3:6], held[6:]):
        assert set(stretch) in ({1.0}, {-1.0})
    np.testing.assert_array_equal(event_walk(np.empty(0), 3), [0, 0, 0])
    assert set(event_walk(np.arange(1000), 1000, walk="SV")) == {-1.0, 1.0}
    np.testing.assert_array_equal(inter_event_times(TIMES), [1, 3])


@pytest.mark.parametrize(
    ("mu", "walk", "h", "tolerance"),
    [
        (2.5, "AJ", 0.752, 0.032),
        (2.5, "SJ", 0.5, 0.03),
        (2.5, "SV", 0.79, 0.06),
        (1.5, "AJ", 0.749, 0.05),
        (1.5, "SV", 1.25, 0.15),
        (4.0, "AJ", 0.53, 0.05),
    ],
)
def test_h_of_renewal_walks(renewal: Callable, mu: float, walk: str, h: float, tolerance: float) -> None:
    """Within two standard deviations of single records; μ = 4 is still converging."""
    rng = np.random.default_rng(0)
    steps = event_walk(renewal(mu, 1_000_000, rng), 1_000_000, walk=walk, generator=rng)
    found = dfa(steps, surrogates=0)
    assert found.value == pytest.approx(h, abs=tolerance)
    assert found.value == pytest.approx(h_of_mu(mu, walk=walk), abs=0.15)


def test_delta_of_renewal_walks(renewal: Callable) -> None:
    rng = np.random.default_rng(1)
    for mu, expected in ((2.5, 0.687), (4.0, 0.5)):
        steps = event_walk(renewal(mu, 1_000_000, rng), 1_000_000)
        found = diffusion_entropy(steps, surrogates=0)
        assert found.value == pytest.approx(expected, abs=0.048)
        assert found.value == pytest.approx(delta_of_mu(mu), abs=0.07)


@pytest.mark.parametrize(("walk", "h"), [("AJ", 0.5), ("SJ", 0.5), ("SV", 0.54)])
def test_poisson_events_have_no_memory_under_any_rule(walk: str, h: float) -> None:
    rng = np.random.default_rng(2)
    times = np.flatnonzero(rng.random(300_000) < 0.5)
    found = event_scaling(times, 300_000, walk=walk, generator=rng, surrogates=3)
    assert found.h.value == pytest.approx(h, abs=0.03)
    assert found.delta.widest.value == pytest.approx(0.5, abs=0.07)
    for measured in (found.h, found.delta):
        assert measured.null is not None
        assert measured.null.model == "shuffled intervals"
        assert measured.value == pytest.approx(measured.null.mean, abs=0.05)


def test_shuffled_intervals_keep_a_renewal_process_and_break_one_with_memory(fractional_noise: Callable) -> None:
    rate = np.exp(fractional_noise(0.95, 30_000, np.random.default_rng(3)))
    times = np.cumsum(np.floor(1 + 3 * rate).astype(np.int64))
    found = event_scaling(times, int(times[-1]) + 1, surrogates=5)
    assert found.h.null is not None
    assert found.h.value > found.h.null.mean + 5 * found.h.null.sd


def test_few_events_are_refused_with_the_number_needed() -> None:
    found = event_scaling(np.arange(0, 490, 10), 1000)
    for measured in (found.h, found.delta):
        assert np.isnan(measured.value)
        assert measured.reason == "times: expected at least 50 events, got 49"


@pytest.mark.parametrize(
    ("times", "options", "message"),
    [
        ([1, 2], {"walk": "AS"}, "walk: expected one of AJ, SJ, SV, got 'AS'; did you mean 'SV'"),
        ([1, 1.5], {}, "times: expected whole steps, got 1.5"),
        ([3, 2], {}, r"times: expected each step later than the one before, got \(3, 2\)"),
        ([2, 10], {}, "times: expected steps from 0 and below 10, got 10"),
        ([-1, 2], {}, "times: expected steps from 0 and below 10, got -1"),
        ([np.nan], {}, "times: expected finite numbers, got 1 others"),
    ],
)
def test_the_door_of_event_walks(times: list[float], options: dict, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        event_walk(np.array(times), 10, **options)
