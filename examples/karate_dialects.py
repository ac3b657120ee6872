"""Dialects over time: the karate club
===================================

The members of a real club talk along their friendships. Each row is a member, each colour a dialect; white lines
separate the factions into which the club split later.
"""

import hubbub
from hubbub.analysis.dialects import agreement_over_time, dialects_over_time
from hubbub.analysis.figures import dialect_strips

STEPS = 600  # small: 10

run = hubbub.run("karate", {"training.steps": STEPS, "training.learning_rate": 0.003})
club = run.agents().attributes["club"]
history = dialects_over_time(run, n_clusters=2)
found = agreement_over_time(run, "club", n_clusters=2, history=history, permutations=100)
print(f"adjusted Rand index of two dialects and two factions: {found.values[-1]:.2f} at the end")
print(f"the largest, {found.values[found.peak]:.2f}, at step {found.steps[found.peak]}")
dialect_strips(history, groups=club).savefig("karate_dialects.png")
