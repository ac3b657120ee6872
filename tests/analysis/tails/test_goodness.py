import numpy as np
import pytest
from scipy import stats

from hubbub.analysis.tails import fit_power_law, goodness_of_fit
from hubbub.analysis.tails.families import CONTINUOUS, DISCRETE


@pytest.mark.parametrize("discrete", [False, True])
def test_p_values_of_true_power_laws(discrete: bool) -> None:
    """Spread evenly where the cut-off is given, and rather too large where it is chosen to fit best."""
    rng = np.random.default_rng(3)
    family = DISCRETE if discrete else CONTINUOUS
    given, chosen = [], []
    for _ in range(60):
        values = np.append(family.draw(2.5, 4.0, 200, rng), rng.integers(1, 4, 50))
        for p_values, cutoff in ((given, 4), (chosen, None)):
            fit = fit_power_law(values, discrete=discrete, cutoff=cutoff)
            p_values.append(goodness_of_fit(values, fit, generator=rng, samples=40).p_value)
    assert stats.kstest(given, "uniform").pvalue > 0.01
    assert np.mean(np.array(chosen) < 0.1) < 0.15
    assert 0.45 < np.mean(chosen) < 0.8


def test_what_is_no_power_law_is_rejected() -> None:
    rng = np.random.default_rng(0)
    values = rng.poisson(20, 5000) + 1
    fit = fit_power_law(values, discrete=True, cutoff=1)
    found = goodness_of_fit(values, fit, generator=rng, samples=49)
    assert found.p_value == 1 / 50
    assert found.distance == fit.distance


def test_the_cutoff_is_fitted_again_unless_it_was_given() -> None:
    rng = np.random.default_rng(1)
    values = np.append(CONTINUOUS.draw(2.5, 5.0, 800, rng), rng.uniform(1, 5, 200))
    free = fit_power_law(values, discrete=False)
    found = goodness_of_fit(values, free, generator=rng, samples=60)
    assert found.cutoff_error > 0
    assert found.alpha_error > free.error
    assert found.null is not None
    assert found.null.n == found.samples == 60
    fixed = fit_power_law(values, discrete=False, cutoff=5)
    held = goodness_of_fit(values, fixed, generator=rng, samples=60)
    assert held.cutoff_error == 0
    assert held.alpha_error == pytest.approx(fixed.error, rel=0.35)


def test_the_same_generator_gives_the_same_and_a_refused_fit_says_why() -> None:
    values = DISCRETE.draw(2.2, 1.0, 100, np.random.default_rng(5))
    fit = fit_power_law(values, discrete=True)
    first, second = (goodness_of_fit(values, fit, generator=np.random.default_rng(6), samples=9) for _ in range(2))
    assert repr(first) == repr(second)  # in which NaN equals NaN
    refused = fit_power_law(values[:20], discrete=True)
    none = goodness_of_fit(values[:20], refused, generator=np.random.default_rng(6))
    assert np.isnan(none.p_value)
    assert none.reason == "20 values above 0, at least 50 needed"
