from pathlib import Path

import numpy as np
import powerlaw
import pytest
from scipy import stats
from scipy.special import logsumexp, zeta

from hubbub.analysis.tails import compare, fit_power_law
from hubbub.analysis.tails.alternatives import ALTERNATIVES, quadrature
from hubbub.analysis.tails.families import CONTINUOUS, DISCRETE

PUBLISHED = Path(powerlaw.__file__).parent / "reference_data"


@pytest.mark.parametrize("discrete", [False, True])
def test_the_support_adds_up(discrete: bool) -> None:
    y, log_weights = quadrature(4.0, discrete=discrete)
    power = zeta(2.5, 4) * 4**2.5 if discrete else 4 / 1.5
    assert np.exp(logsumexp(-2.5 * y + log_weights)) == pytest.approx(power, rel=1e-8)
    decay = 1 / (1 - np.exp(-0.3)) if discrete else 1 / 0.3
    assert np.exp(logsumexp(-0.3 * 4 * np.expm1(y[y < 20]) + log_weights[y < 20])) == pytest.approx(decay, rel=1e-8)


def test_exponential_by_hand() -> None:
    """λ = 1 / (mean − cut-off) on the reals, ln(1 + 1 / (mean − cut-off)) on the integers."""
    values = 2 + np.random.default_rng(0).exponential(3, 500)
    fit = fit_power_law(values, discrete=False, cutoff=2)
    ratio = compare(values, fit)["exponential"]
    rate = 1 / (values.mean() - 2)
    assert ratio.parameters["lambda"] == pytest.approx(rate, rel=1e-5)
    ours = np.log((fit.value - 1) / 2) - fit.value * np.log(values / 2)
    difference = ours - stats.expon(2, 1 / rate).logpdf(values)
    assert ratio.ratio_nats == pytest.approx(difference.sum(), rel=1e-6)
    assert ratio.normalised == pytest.approx(difference.sum() / (difference.std() * np.sqrt(500)), rel=1e-6)
    assert ratio.p_value == pytest.approx(2 * stats.norm.sf(abs(ratio.normalised)), rel=1e-6)
    counts = np.random.default_rng(0).geometric(0.2, 500)
    whole = compare(counts, fit_power_law(counts, discrete=True, cutoff=1))["exponential"]
    assert whole.parameters["lambda"] == pytest.approx(np.log(1 + 1 / (counts.mean() - 1)), rel=1e-5)


@pytest.mark.parametrize(
    ("values", "cutoff", "name", "expected"),
    [
        (np.random.default_rng(1).lognormal(1, 0.7, 4000), 1.5, "lognormal", {"mu": 1, "sigma": 0.7}),
        (
            3 * np.random.default_rng(1).weibull(0.5, 8000),
            1.0,
            "stretched exponential",
            {"beta": 0.5, "lambda": 3**-0.5},
        ),
        (
            np.random.default_rng(1).gamma(0.2, 20, 8000),
            0.1,
            "truncated power law",
            {"alpha": 0.8, "lambda": 0.05},
        ),
    ],
    ids=["lognormal", "stretched", "truncated"],
)
def test_each_alternative_is_found_where_it_is_true_as_powerlaw_finds_it(
    values: np.ndarray, cutoff: float, name: str, expected: dict[str, float]
) -> None:
    fit = fit_power_law(values, discrete=False, cutoff=cutoff)
    ratios = compare(values, fit)
    assert ratios[name].parameters == pytest.approx(expected, rel=0.12)
    assert ratios[name].favours() == name
    assert ratios[name].ratio_nats <= min(ratio.ratio_nats for ratio in ratios.values()) + 1e-6
    package = powerlaw.Fit(values[values >= cutoff], xmin=cutoff, verbose=0)
    theirs, p_value = package.distribution_compare("power_law", name.replace(" ", "_"), nested=name.startswith("trunc"))
    assert ratios[name].ratio_nats == pytest.approx(theirs, rel=1e-3)
    assert ratios[name].p_value == pytest.approx(p_value, rel=0.05, abs=1e-12)


def test_published_ratios() -> None:
    """Moby Dick in Clauset, Shalizi & Newman (2009), tables 6.2 and 6.3; flares as the powerlaw package has them."""
    words = np.loadtxt(PUBLISHED / "words.txt")
    ratios = compare(words, fit_power_law(words, discrete=True))
    assert ratios["exponential"].normalised == pytest.approx(9.09, abs=0.1)
    assert ratios["exponential"].favours() == "power law"
    assert ratios["truncated power law"].ratio_nats == pytest.approx(-0.899, abs=0.02)
    assert ratios["truncated power law"].p_value == pytest.approx(0.18, abs=0.005)
    flares = np.loadtxt(PUBLISHED / "flares.txt")
    ratios = compare(flares, fit_power_law(flares, discrete=False))
    assert ratios["lognormal"].ratio_nats == pytest.approx(-0.7491, abs=1e-3)
    assert ratios["lognormal"].p_value == pytest.approx(0.4215, abs=1e-3)
    assert ratios["truncated power law"].ratio_nats == pytest.approx(-4.519, abs=1e-3)


@pytest.mark.parametrize("discrete", [False, True])
def test_no_alternative_is_favoured_over_a_true_power_law(discrete: bool) -> None:
    values = (DISCRETE if discrete else CONTINUOUS).draw(2.5, 2.0, 3000, np.random.default_rng(2))
    ratios = compare(values, fit_power_law(values, discrete=discrete, cutoff=2))
    assert list(ratios) == list(ALTERNATIVES)
    assert ratios["exponential"].favours() == "power law"
    for name in ("lognormal", "stretched exponential", "truncated power law"):
        assert ratios[name].favours() == "neither"
        assert ratios[name].ratio_nats <= 0


def test_discrete_lognormal_is_the_maximum_of_the_summed_likelihood() -> None:
    counts = np.random.default_rng(0).poisson(6, 2000) + 1
    found = compare(counts, fit_power_law(counts, discrete=True, cutoff=3))["lognormal"].parameters
    tail, x = counts[counts >= 3], np.arange(3.0, 400)

    def log_likelihood(mu: float, sigma: float) -> float:
        density = stats.lognorm(sigma, scale=np.exp(mu))
        return float(density.logpdf(tail).sum() - len(tail) * np.log(density.pdf(x).sum()))

    top = log_likelihood(**found)
    for step in (0.01, -0.01):
        assert log_likelihood(found["mu"] + step, found["sigma"]) < top
        assert log_likelihood(found["mu"], found["sigma"] + step) < top


def test_a_refused_fit_has_no_ratios() -> None:
    ratios = compare(np.arange(5), fit_power_law(np.arange(5), discrete=True))
    assert {ratio.reason for ratio in ratios.values()} == {"4 values above 0, at least 50 needed"}
    assert {ratio.favours() for ratio in ratios.values()} == {"neither"}
