"""A sweep: success by the size of the group
=========================================

All combinations of a setting and some seeds, each a run of its own, and one table. The guard around the last part is
needed because the runs are made in processes that import this file again.
"""

import sys

import pandas as pd

import hubbub

STEPS = 300  # small: 4

if __name__ == "__main__":
    fields = ["topology.n_agents=2,4,8", "seed=0..2", f"training.steps={STEPS}", "training.learning_rate=0.003"]
    study = hubbub.sweep("group-size", fields, out="studies/sizes")
    if study.problems:
        sys.exit("these runs failed:\n" + "\n".join(f"{run}: {reason}" for run, reason in study.problems.items()))
    table = pd.DataFrame(study.rows)
    print(f"{len(table)} runs")
    success = table.groupby("topology.n_agents")["success_over_links"].agg(["mean", "min", "max"])
    print(success.round(2).to_string())
    axes = success["mean"].plot(marker="o", ylim=(0, 1), xlabel="agents", ylabel="success over links")
    axes.fill_between(success.index, success["min"], success["max"], alpha=0.2)
    axes.figure.savefig("sweep.png")
