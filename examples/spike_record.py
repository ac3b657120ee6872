"""A spike record: avalanches of a branching process
=================================================

Spikes of 64 channels are made by a branching process in which each spike causes 0.98 others on average. They are
written to a file, read and measured: every value has an interval, a value by chance and a grade.
"""

from pathlib import Path

import numpy as np

import hubbub
from hubbub.analysis.temporal import measure_activity

BINS = 20000  # small: 1500

rng = np.random.default_rng(0)
active, lines = 1, ["time,channel"]
for step in range(BINS):
    lines += [f"{4 * step + 1},{channel}" for channel in rng.integers(64, size=active)]
    active = rng.poisson(0.98 * active) or rng.poisson(0.05)
Path("spikes.csv").write_text("\n".join(lines))

record = hubbub.read_record("spikes.csv", unit="ms", bin=4)
print(record.summary)
found = measure_activity(record.activity, surrogates=5)
for name, measure in found.measures.items():
    print(f"{name}: {measure.value:.2f} {found.grades[name]}")
