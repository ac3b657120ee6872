"""A scenario of your own: every section in one mapping
====================================================

A scenario is a mapping, here in Python; `run.path / "scenario.yaml"` has it as YAML with all defaults filled in.
Agents on a star: does the hub understand its leaves better than they understand each other?
"""

import numpy as np

import hubbub
from hubbub.analysis.dialects import success_matrix

STEPS = 500  # small: 5

scenario = {
    "name": "star-of-friends",
    "description": "Seven friends who know each other through one of them",
    "topology": {"kind": "star", "n_agents": 8},
    "referents": {"kind": "symbolic", "attributes": 2, "values": 4},
    "game": {"kind": "reconstruction"},
    "channel": {"vocabulary": 8, "max_length": 3},
    "agent": {"kind": "gru", "hidden": 32, "coupling": "tied", "self_talk": 0.2},
    "training": {"steps": STEPS, "learning_rate": 0.005},
}
run = hubbub.run(scenario)
print((run.path / "scenario.yaml").read_text().splitlines()[0])
C = success_matrix(run)  # [speaker, listener]
among_leaves = C[1:, 1:][~np.eye(7, dtype=bool)]
print(f"the leaves understand the hub: {C[0, 1:].mean():.2f}")
print(f"the leaves understand each other: {among_leaves.mean():.2f}")
