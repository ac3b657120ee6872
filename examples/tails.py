"""Is it a power law? Fit, goodness of fit, alternatives
=====================================================

The same analysis of two samples: one is drawn from a power law, the other from a log-normal distribution. A straight
line on logarithmic axes is no evidence; the comparison is.
"""

import numpy as np

from hubbub.analysis.figures import survival_curves
from hubbub.analysis.tails import compare, fit_power_law, goodness_of_fit

SAMPLES = 100  # small: 5

rng = np.random.default_rng(0)
samples = {
    "power law": np.ceil(rng.pareto(1.5, size=2000)),
    "log-normal": np.ceil(rng.lognormal(1.0, 1.0, size=2000)),
}
for name, values in samples.items():
    fit = fit_power_law(values, discrete=True)
    p_value = goodness_of_fit(values, fit, generator=rng, samples=SAMPLES).p_value
    print(f"{name}: exponent {fit.value:.2f}, {fit.n_tail} values in the tail, goodness of fit p = {p_value:.2f}")
    ratios = compare(values, fit, against=("exponential", "lognormal"))
    for other, ratio in ratios.items():
        print(f"  against {other}: R = {ratio.ratio_nats:.1f}, p = {ratio.p_value:.2f}, favours {ratio.favours()}")
    survival_curves(values, fit, ratios, label=f"{name} values").savefig(f"tails_{name.replace(' ', '_')}.png")
