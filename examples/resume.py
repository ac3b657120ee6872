"""Stop and continue: the same bits
================================

One run is made in one go, another in two parts. A resumed run gives the same numbers, to the last bit.
"""

import numpy as np

import hubbub

STEPS = 200  # small: 6

settings = {"topology.n_agents": 4, "engine.record_every": STEPS // 2}
whole = hubbub.run("group-size", {**settings, "training.steps": STEPS}, out="runs/whole")
hubbub.run("group-size", {**settings, "training.steps": STEPS // 2}, out="runs/parts")
parts = hubbub.resume("runs/parts", {"training.steps": STEPS})

print(f"both are at step {whole.step} and {parts.step}")
same = np.array_equal(whole.lexicon().splits["train"].messages, parts.lexicon().splits["train"].messages)
print(f"the same messages: {same}")
print(f"the same metrics: {whole.metrics().equals(parts.metrics())}")
