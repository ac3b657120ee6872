import warnings
from pathlib import Path

import numpy as np
import powerlaw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import zeta

from hubbub.analysis.tails import fit_power_law
from hubbub.analysis.tails.families import CONTINUOUS, DISCRETE, Family
from hubbub.analysis.tails.sample import distinct
from hubbub.analysis.tails.scan import Tail, closest_tail
from hubbub.simulator.errors import ConfigurationError

PUBLISHED = Path(powerlaw.__file__).parent / "reference_data"


def exhaustive(values: np.ndarray, family: Family) -> Tail:
    """The definition: every cut-off, every point, both sides of every step."""
    best = Tail(0, 0, np.inf, 0)
    for cutoff in np.unique(values)[:-1]:
        tail = np.sort(values[values >= cutoff])
        alpha = family.exponents(np.mean(np.log(tail / cutoff)), np.array(cutoff))
        normaliser = family.log_normaliser(alpha, np.array(cutoff))
        at = family.survival(alpha, np.array(cutoff), normaliser, tail)
        after = family.survival(alpha, np.array(cutoff), normaliser, tail + family.step)
        shares = [((tail >= x).mean(), (tail > x).mean()) for x in tail]
        distance = max(abs(np.array(shares) - np.stack([at, after], axis=1)).ravel())
        if distance < best.distance:
            best = Tail(float(alpha), cutoff, distance, len(tail))
    return best


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), discrete=st.booleans(), alpha=st.floats(1.3, 5), n=st.integers(10, 150))
def test_the_scan_finds_the_minimum_over_all_cutoffs(seed: int, discrete: bool, alpha: float, n: int) -> None:
    rng = np.random.default_rng(seed)
    family: Family = DISCRETE if discrete else CONTINUOUS
    values = np.append(family.draw(alpha, 3.0, n, rng), rng.integers(1, 4, n // 2))
    if len(np.unique(values)) < 2:
        return
    found, expected = closest_tail(distinct(values), family), exhaustive(values, family)
    assert found.distance == pytest.approx(expected.distance, abs=1e-9)
    assert (found.cutoff, found.n) == (expected.cutoff, expected.n)
    assert found.alpha == pytest.approx(expected.alpha, rel=1e-6)


def test_a_tail_of_two_values_by_hand() -> None:
    values = np.array([1.0] * 30 + [np.e] * 30)
    fit = fit_power_law(values, discrete=False)
    assert fit.value == pytest.approx(1 + 1 / 0.5)  # mean ln x = 1/2
    assert fit.error == pytest.approx(2 / np.sqrt(60))
    assert fit.distance == pytest.approx(0.5)  # just above 1 half of the values are passed, and nothing of the fit
    assert (fit.cutoff, fit.largest, fit.n, fit.n_tail, fit.reason) == (1, np.e, 60, 60, "")


@pytest.mark.parametrize("discrete", [False, True])
@pytest.mark.parametrize("alpha", [1.6, 2.5, 3.5])
@pytest.mark.parametrize("cutoff", [1, 6])
def test_a_known_exponent_comes_back(discrete: bool, alpha: float, cutoff: int) -> None:
    family: Family = DISCRETE if discrete else CONTINUOUS
    rng = np.random.default_rng(int(10 * alpha) + cutoff)
    estimates, errors = [], []
    for _ in range(40):
        fit = fit_power_law(family.draw(alpha, float(cutoff), 2000, rng), discrete=discrete, cutoff=cutoff)
        estimates.append(fit.value)
        errors.append(fit.error)
    assert np.mean(estimates) == pytest.approx(alpha, abs=4 * errors[0] / np.sqrt(40))
    assert np.std(estimates) == pytest.approx(np.mean(errors), rel=0.4)
    if not discrete:
        assert np.mean(errors) == pytest.approx((alpha - 1) / np.sqrt(2000), rel=0.05)


def test_the_discrete_likelihood_is_exact_where_the_shortcut_is_far_off() -> None:
    values = DISCRETE.draw(2.5, 1.0, 20_000, np.random.default_rng(0))
    fit = fit_power_law(values, discrete=True, cutoff=1)
    shortcut = 1 + len(values) / np.log(values / 0.5).sum()
    assert abs(fit.value - 2.5) < 4 * fit.error
    assert abs(shortcut - 2.5) > 0.4
    slope = [np.log(zeta(a, 1)) + a * np.log(values).mean() for a in (fit.value - 1e-4, fit.value, fit.value + 1e-4)]
    assert slope[1] < min(slope[0], slope[2])


def test_discrete_draws_have_the_zeta_distribution_in_and_beyond_the_table() -> None:
    drawn = DISCRETE.draw(1.5, 2.0, 200_000, np.random.default_rng(0))
    for x in (2, 3, 10, 4000, 5000, 100_000):
        expected = zeta(1.5, x) / zeta(1.5, 2)
        assert (drawn >= x).mean() == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 200_000))
    assert (drawn % 1 == 0).all()
    assert drawn.min() == 2


@pytest.mark.parametrize(
    ("name", "discrete", "alpha", "cutoff", "n_tail"),
    [
        ("words", True, 1.95, 7, 2958),
        ("terrorism", True, 2.4, 12, 547),
        ("surnames", False, 2.5, 111_919, 239),
        ("blackouts", False, 2.3, 230_000, 59),
        ("flares", False, 1.79, 323, 1711),
        ("quakes", False, 1.64, 794.328, 11_697),
        ("fires", False, 2.2, 6324, 521),
    ],
)
def test_published_fits(name: str, discrete: bool, alpha: float, cutoff: float, n_tail: int) -> None:
    """Clauset, Shalizi & Newman (2009), table 6.1; the data come with the powerlaw package."""
    fit = fit_power_law(np.loadtxt(PUBLISHED / f"{name}.txt"), discrete=discrete)
    assert fit.value == pytest.approx(alpha, abs=0.05 if alpha in (2.2, 2.3, 2.4, 2.5) else 0.005)
    assert fit.cutoff == pytest.approx(cutoff, rel=1e-5)
    assert fit.n_tail == n_tail


@pytest.mark.parametrize("discrete", [False, True])
def test_it_is_the_powerlaw_package_at_every_cutoff(discrete: bool) -> None:
    family: Family = DISCRETE if discrete else CONTINUOUS
    values = family.draw(2.3, 1.0, 1000, np.random.default_rng(4))
    for cutoff in (1.0, 2.0, 5.0):
        ours = fit_power_law(values, discrete=discrete, cutoff=cutoff)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = powerlaw.Fit(values, discrete=discrete, xmin=cutoff, estimate_discrete=False, verbose=0).power_law
        assert ours.value == pytest.approx(theirs.alpha, abs=1e-4)
        assert ours.n_tail == (values >= cutoff).sum()


def test_zeros_are_left_out_and_the_order_does_not_matter() -> None:
    rng = np.random.default_rng(2)
    values = DISCRETE.draw(2.5, 1.0, 300, rng)
    assert fit_power_law(rng.permutation(np.append(values, np.zeros(40))), discrete=True) == fit_power_law(
        values.astype(int).reshape(3, 100), discrete=True
    )


def test_refusals_name_the_number_needed() -> None:
    few = fit_power_law(np.arange(50), discrete=True)
    assert few.reason == "49 values above 0, at least 50 needed"
    assert np.isnan(few.value)
    assert np.isnan(float(few))
    assert fit_power_law(np.empty(0), discrete=False).reason == "0 values above 0, at least 50 needed"
    assert fit_power_law(np.full(80, 4), discrete=True).reason == "1 distinct value above 0, at least 2 needed"
    short = fit_power_law(np.arange(100.0), discrete=False, cutoff=80)
    assert short.reason == "20 values from 80 up, at least 50 needed"


def test_nearly_equal_and_huge_values_are_fitted_without_a_warning() -> None:
    assert fit_power_law(np.array([1e6] * 60 + [1e6 + 1]), discrete=True).value > 1e6
    assert fit_power_law(np.array([1.0] * 60 + [1 + 1e-16, np.nextafter(1, 2)]), discrete=False).value > 1e6
    assert fit_power_law(np.geomspace(1, 1e300, 60), discrete=False).value == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("values", "discrete", "message"),
    [
        ([1, np.nan, np.inf], False, "values: expected finite numbers, got 2 others"),
        ([1, -2], False, "values: expected numbers ≥ 0, got -2.0"),
        ([1, 2.5], True, "values: expected whole numbers, got 2.5"),
    ],
)
def test_the_door(values: list[float], discrete: bool, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        fit_power_law(np.array(values), discrete=discrete)


@pytest.mark.parametrize(("cutoff", "discrete"), [(0, False), (-1, True), (2.5, True), (np.nan, False)])
def test_the_door_for_the_cutoff(cutoff: float, discrete: bool) -> None:
    with pytest.raises(ConfigurationError, match=r"cutoff: expected a (whole|finite) number above 0, got"):
        fit_power_law(np.arange(1, 90), discrete=discrete, cutoff=cutoff)
