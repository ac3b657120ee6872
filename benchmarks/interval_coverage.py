"""How often the intervals of measures hold the true value, over synthetic data sets whose true value is known.

python benchmarks/interval_coverage.py            # 400 data sets for each measure, about seven minutes of one core
python benchmarks/interval_coverage.py --sets 40  # a quick look

Prints a table in Markdown; docs/results/coverage.md keeps one. A measure that reports a standard error has the interval
value ± 1.96 errors here; where the error comes from ten blocks of a record, value ± 2.26 errors.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

if __name__ == "__main__":
    sys.path.pop(0)  # this file has the name of the package `coverage`, which numba imports where it is installed

import numpy as np
import torch

from hubbub.analysis.dialects import border_or_continuum, by_distance, zig_zag
from hubbub.analysis.emergence import local_learning_coefficients
from hubbub.analysis.emergence.ruggedness import hessian_trace
from hubbub.analysis.measure import over_seeds
from hubbub.analysis.tails import fit_power_law
from hubbub.analysis.tails.families import CONTINUOUS, DISCRETE
from hubbub.analysis.temporal import (
    avalanches,
    branching_ratio,
    burstiness,
    crackling,
    dfa,
    diffusion_entropy,
    memory_coefficient,
    shape_collapse,
    size_growth,
    spectral_exponent,
)

Z = 1.96
T = 2.262
"""97.5 % quantile of Student's t with nine degrees of freedom, for errors from ten blocks of a record."""
LEAST, MOST = 0.90, 0.98


class Found(NamedTuple):
    """What a measure said of one data set: its value, its interval and the true value."""

    value: float
    low: float
    high: float
    truth: float


Rng = np.random.Generator
Case = Callable[[Rng], Found]


def with_error(value: float, error: float, truth: float, *, times: float = Z) -> Found:
    """Return the value ± so many times its error."""
    return Found(value, value - times * error, value + times * error, truth)


def fractional_noise(hurst: float, n: int, rng: Rng) -> np.ndarray:
    """Fractional Gaussian noise (Davies & Harte 1987)."""
    k = np.arange(n + 1)
    covariance = (np.abs(k + 1.0) ** (2 * hurst) - 2.0 * k ** (2 * hurst) + np.abs(k - 1.0) ** (2 * hurst)) / 2
    power = np.fft.rfft(np.concatenate([covariance, covariance[-2:0:-1]])).real
    parts = rng.standard_normal((2, n + 1)) / np.sqrt(2)
    parts[:, [0, -1]] *= [[np.sqrt(2)], [0]]
    return np.fft.irfft((parts[0] + 1j * parts[1]) * np.sqrt(2 * n * np.maximum(power, 0)), 2 * n)[:n]


def means_of_seeds(rng: Rng) -> Found:
    """The mean of five normal numbers."""
    found = over_seeds(rng.normal(2.0, 1.0, 5).tolist())
    assert found.interval is not None
    return Found(found.value, *found.interval, 2.0)


def bursts(rng: Rng) -> Found:
    """Independent lognormal intervals."""
    found = burstiness(rng.lognormal(0.0, 0.8, 300), generator=rng, samples=300)
    ratio = np.sqrt(np.exp(0.8**2) - 1)  # sd over mean of a lognormal
    assert found.interval is not None
    return Found(found.value, *found.interval, (ratio - 1) / (ratio + 1))


def memory(rng: Rng) -> Found:
    """Lognormal intervals whose logarithms are an autoregressive process."""
    rho, sigma, n = 0.5, 0.5, 300
    noise = rng.standard_normal(n) * np.sqrt(1 - rho**2)
    noise[0] = rng.standard_normal()
    for t in range(1, n):
        noise[t] += rho * noise[t - 1]
    found = memory_coefficient(np.exp(sigma * noise), generator=rng, samples=300)
    assert found.interval is not None
    return Found(found.value, *found.interval, np.expm1(rho * sigma**2) / np.expm1(sigma**2))


def power_law(discrete: bool) -> Case:
    """A tail above a cut-off that is given."""

    def case(rng: Rng) -> Found:
        family = DISCRETE if discrete else CONTINUOUS
        fit = fit_power_law(family.draw(2.5, 2.0, 300, rng), discrete=discrete, cutoff=2.0)
        return with_error(fit.value, fit.error, 2.5)

    return case


def power_law_with_estimated_cutoff(rng: Rng) -> Found:
    """A tail above a uniform body."""
    body = rng.uniform(0.5, 2.0, 150)
    fit = fit_power_law(np.append(body, CONTINUOUS.draw(2.5, 2.0, 300, rng)), discrete=False)
    return with_error(fit.value, fit.error, 2.5)


def detrended(hurst: float) -> Case:
    """Fractional Gaussian noise of a known H."""

    def case(rng: Rng) -> Found:
        found = dfa(fractional_noise(hurst, 4000, rng), surrogates=0, generator=rng)
        return with_error(found.value, found.error, hurst, times=T)

    return case


def entropy(rng: Rng) -> Found:
    """White noise, on lags of which many windows are independent."""
    lags = np.unique(np.geomspace(10, 100, 20).astype(int))
    found = diffusion_entropy(rng.standard_normal(5000), lags=lags, surrogates=0, generator=rng)
    return with_error(found.value, found.error, 0.5, times=T)


def entropy_of_all_lags(rng: Rng) -> Found:
    """White noise, on the lags that are the default."""
    found = diffusion_entropy(rng.standard_normal(5000), surrogates=0, generator=rng)
    return with_error(found.value, found.error, 0.5, times=T)


def spectrum(rng: Rng) -> Found:
    """White noise."""
    found = spectral_exponent(rng.standard_normal(4096), surrogates=0, generator=rng)
    return with_error(found.value, found.error, 0.0)


def branching(rng: Rng) -> Found:
    """A branching process with constant input, all units recorded."""
    m, n = 0.9, 10_000
    activity = np.empty(n)
    activity[0] = 100
    for t in range(1, n):
        activity[t] = rng.poisson(m * activity[t - 1] + 10)
    found = branching_ratio(activity)
    return with_error(found.value, found.error, m, times=T)


def growth(rng: Rng) -> Found:
    """Sizes that grow as a power of the duration, with scatter."""
    durations = np.ceil(CONTINUOUS.draw(2.0, 1.0, 2000, rng))
    found = size_growth(durations**1.5 * rng.lognormal(0, 0.3, 2000), durations)
    return with_error(found.value, found.error, 1.5)


def relation(rng: Rng) -> Found:
    """Independent sizes and durations: the predicted γ is that of their exponents."""
    sizes, durations = CONTINUOUS.draw(1.5, 1.0, 1500, rng), DISCRETE.draw(2.0, 1.0, 1500, rng)
    found = crackling(sizes, durations, size_cutoff=1.0, duration_cutoff=1.0)
    return with_error(found.predicted, found.predicted_error, 2.0)


def collapse(rng: Rng) -> Found:
    """Parabolic avalanches of known growth, with scatter in height."""
    parts = []
    for duration in np.repeat(np.arange(6, 26), 25):
        u = (np.arange(duration) + 0.5) / duration
        height = duration ** (2.0 - 1.0) * u * (1 - u)
        parts += [np.zeros(1), height * rng.lognormal(0, 0.3) + 0.05 + 0.02 * rng.random(duration)]
    activity = np.concatenate([*parts, np.zeros(1)])
    found = shape_collapse(activity, avalanches(activity, threshold=0.01), generator=rng)
    return with_error(found.value, found.error, 2.0)


HOPS = np.minimum(
    np.abs(np.subtract.outer(np.arange(24), np.arange(24))),
    24 - np.abs(np.subtract.outer(np.arange(24), np.arange(24))),
).astype(float)
RING = np.argwhere(HOPS == 1)


def pairs(rng: Rng) -> np.ndarray:
    """Values of ordered pairs that share the effects of their agents."""
    one, other = rng.normal(0, 0.1, (2, 24))
    return one[:, None] + other + rng.normal(0, 0.1, (24, 24))


def over_distance(rng: Rng) -> Found:
    """The mean over neighbours on a ring."""
    found = by_distance(0.5 + pairs(rng), RING, 24)
    return with_error(float(found.mean[0]), float(found.standard_error[0]), 0.5)


def alternation(rng: Rng) -> Found:
    """Values that alternate with distance."""
    found = zig_zag(0.5 + pairs(rng) + np.where(HOPS % 2 == 0, 0.05, -0.05), HOPS).amplitude
    assert found.interval is not None
    return Found(found.value, *found.interval, 0.05)


def border(rng: Rng) -> Found:
    """Two dialects with a border."""
    labels = np.repeat([0, 1], 12)
    values = np.where(labels[:, None] == labels, 0.7, 0.5) + pairs(rng)
    found = border_or_continuum(values, HOPS, labels).advantage
    assert found.interval is not None
    return Found(found.value, *found.interval, np.nan)


def chains(rng: Rng, sets: int) -> Iterator[Found]:
    """All data sets as one stack of networks with a quadratic loss; the stationary mean is known in closed form."""
    curvature, n = np.array([1.0, 3.0, 0.3]), 100
    stiff, step_size = n / np.log(n) * curvature, 1e-2
    pull = stiff + 1.0  # of the loss and of the localisation; the last factor is that of steps of finite size
    truth = float((stiff / pull / 2 / (1 - step_size * pull / 4)).sum())
    weights = {"w": torch.zeros(sets, 3, dtype=torch.float64)}
    half = torch.from_numpy(curvature) / 2
    for found in local_learning_coefficients(
        lambda at: (half * at["w"] ** 2).sum(1),
        weights,
        n=n,
        generator=rng,
        chains=8,
        steps=3000,
        burn_in=1000,
        step_size=step_size,
    ):
        assert found.interval is not None
        yield Found(found.value, *found.interval, truth)


def trace(rng: Rng) -> Found:
    """A random quadratic loss."""
    root = rng.standard_normal((6, 6))
    hessian = torch.from_numpy(root @ root.T)
    found = hessian_trace(
        lambda at: torch.einsum("si,ij,sj->s", at["w"], hessian, at["w"]) / 2,
        {"w": torch.zeros(1, 6, dtype=torch.float64)},
        generator=rng,
        probes=20,
    )
    return with_error(float(found.value[0]), float(found.error[0]), float(hessian.trace()))


CASES: dict[str, Case] = {
    "`over_seeds`, interval | 5 normal seeds": means_of_seeds,
    "`burstiness`, interval | 300 lognormal intervals": bursts,
    "`memory_coefficient`, interval | 300 lognormal intervals with memory": memory,
    "`fit_power_law`, error | 300 real numbers, cut-off given": power_law(False),
    "`fit_power_law`, error | 300 whole numbers, cut-off given": power_law(True),
    "`fit_power_law`, error | 300 real numbers over a body of 150, cut-off estimated": power_law_with_estimated_cutoff,
    "`dfa`, error | white noise, 4,000 steps": detrended(0.5),
    "`dfa`, error | fractional Gaussian noise, H = .75, 4,000 steps": detrended(0.75),
    "`diffusion_entropy`, error | white noise, 5,000 steps, lags up to 100": entropy,
    "`diffusion_entropy`, error | white noise, 5,000 steps, all lags": entropy_of_all_lags,
    "`spectral_exponent`, error | white noise, 4,096 steps": spectrum,
    "`branching_ratio`, error | branching process, m = .9, 10,000 steps": branching,
    "`size_growth`, error | 2,000 avalanches, γ = 1.5": growth,
    "`crackling`, predicted error | 1,500 independent sizes and durations": relation,
    "`shape_collapse`, error | 500 parabolic avalanches, γ = 2": collapse,
    "`by_distance`, standard error | pairs of 24 agents, neighbours on a ring": over_distance,
    "`zig_zag`, interval | pairs of 24 agents on a ring": alternation,
    "`border_or_continuum`, interval | pairs of 24 agents with a border; truth: mean over the data sets": border,
    "`hessian_trace`, error | a quadratic loss, 20 probes": trace,
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=400, help="synthetic data sets for each measure")
    sets = parser.parse_args().sets
    torch.set_num_threads(1)
    print("| measure | data | true value | mean value | coverage of the nominal 95 % | mean width | |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    started = time.process_time()
    for name, case in CASES.items():
        row(name, [case(np.random.default_rng(seed)) for seed in range(sets)])
    stacked = "`local_learning_coefficient`, interval | a quadratic loss, 8 chains of 3,000 steps"
    row(stacked, list(chains(np.random.default_rng(0), sets)))
    print(f"\n{sets} data sets for each row, seeds 0 … {sets - 1}; {time.process_time() - started:.0f} s of one core.")


def row(name: str, found: list[Found]) -> None:
    """Print the row of one measure."""
    values, low, high, truth = np.array(found).T
    if np.isnan(truth).any():
        truth = np.full(len(values), np.nanmean(values))
    known = np.isfinite(low) & np.isfinite(high)
    share = float(((low <= truth) & (truth <= high))[known].mean())
    notes = [] if LEAST <= share <= MOST else ["outside of 90 to 98 %"]
    if not known.all():
        notes.append(f"{int((~known).sum())} undefined")
    shown = f"{truth[0]:.3g}" if np.ptp(truth) == 0 else "varies"
    width = f"{float((high - low)[known].mean()):.3g}"
    mean = f"{float(np.nanmean(values)):.3g}"
    print(f"| {name} | {shown} | {mean} | {100 * share:.1f} % | {width} | {'; '.join(notes)} |", flush=True)


if __name__ == "__main__":
    main()
