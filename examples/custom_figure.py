"""A figure of your own: success of each agent over time
=====================================================

Everything that a run has recorded is an array. Here one line is drawn for each agent: how often it is understood at
every record. The hub of the star is drawn in black.
"""

import matplotlib.pyplot as plt
import numpy as np

import hubbub
from hubbub.analysis.dialects import success_matrix

STEPS = 500  # small: 5

settings = {"topology": {"kind": "star", "n_agents": 8}, "training.learning_rate": 0.003, "training.steps": STEPS}
run = hubbub.run("ring-dialects", {**settings, "engine.record_every": max(1, STEPS // 10)})
steps = run.lexicon_steps()
understood = np.stack([success_matrix(run, step=step).mean(axis=1) for step in steps])  # [T, N]

figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
axes.plot(steps, understood[:, 1:], color="tab:blue", alpha=0.5)
axes.plot(steps, understood[:, 0], color="black", label="hub")
axes.set(xlabel="step", ylabel="share of referents understood, mean over listeners", ylim=(0, 1))
axes.legend()
figure.savefig("custom_figure.png")
print(f"at step {steps[-1]} the hub is understood for {understood[-1, 0]:.2f} of the referents")
