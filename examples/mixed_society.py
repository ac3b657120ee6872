"""A mixed society: neural agents and associative memories
=======================================================

Half of the agents are neural networks, the other half are associative memories. Who understands whom?
"""

import hubbub
from hubbub.analysis.dialects import success_matrix

STEPS = 150  # small: 4

run = hubbub.run("mixed-society", {"topology.n_agents": 8, "others.first": 4, "training.steps": STEPS})
C = success_matrix(run)
halves = {"neural": slice(0, 4), "memory": slice(4, 8)}
for speaker, rows in halves.items():
    for listener, columns in halves.items():
        print(f"{speaker} agents speak, {listener} agents listen: success {C[rows, columns].mean():.2f}")
