"""Avalanches: how large are the bursts of a memory?
=================================================

A memory of random patterns in noise. An avalanche is a stretch of time in which more spins than the mean are on.
Their sizes are fitted by a power law, which is then compared with other distributions.
"""

import hubbub
from hubbub.analysis.figures import activity_raster, survival_curves
from hubbub.analysis.tails import compare, fit_sizes
from hubbub.analysis.temporal import avalanches, recorded_series

STEPS = 20000  # small: 1000

settings = {"patterns.n_spins": 200, "copies.noise": [0.3], "copies.load": [10], "copies.repetitions": 1}
run = hubbub.run("sedam-random-patterns", {**settings, "dynamics.steps": STEPS})
(activity,) = recorded_series(run, "activity")  # how many spins are on, in each step
found = avalanches(activity, threshold="mean")
print(f"{len(found)} avalanches in {len(activity):,} steps, the longest of {found.durations.max()} steps")

sizes = found.sizes
fit = fit_sizes(sizes)
print(f"exponent {fit.value:.2f} ± {fit.error:.2f} for sizes from {fit.cutoff:.0f} on")
ratios = compare(sizes, fit)
for name, ratio in ratios.items():
    print(f"against {name}: R = {ratio.ratio_nats:.1f}, p = {ratio.p_value:.2f}, favours {ratio.favours()}")
activity_raster(activity, found, last=200).savefig("avalanches_raster.png")
survival_curves(sizes, fit, ratios, label="size of an avalanche").savefig("avalanches_sizes.png")
