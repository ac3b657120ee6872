"""Print a row of the table in docs/results/karate.md for each of the given runs of the scenario `karate`."""

from __future__ import annotations

import sys

import numpy as np

import hubbub
from hubbub.analysis.dialects import agreement_over_time

for path in sys.argv[1:]:
    run = hubbub.open_run(path)
    club = agreement_over_time(run, "club", n_clusters=2, permutations=500)
    steps, links = run.metric("success_over_links")
    reached = steps[np.argmax(links >= 0.9)] if links.max() >= 0.9 else "never"
    pairs, held_out = (run.metric(name)[1][-1] for name in ("success_all_pairs", "generalisation_over_links"))
    print(
        f"| {run.info['seed']} | {links[-1]:.3f} | {reached} | {pairs:.3f} | {held_out:.3f} "
        f"| {club.values[club.peak]:.2f} at {club.steps[club.peak]} | {club.peak_p_value:.3f} | {club.values[-1]:.2f} |"
    )
