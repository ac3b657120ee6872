"""Groups in contact: how far does a language spread?
==================================================

Three groups in a chain; members of neighbouring groups meet now and then. Success falls with the number of groups
between two agents.
"""

import hubbub
from hubbub.analysis.dialects import success_matrix

STEPS = 400  # small: 4
POOLS, SIZE = 3, 4

run = hubbub.run("contact", {"topology.pools": POOLS, "topology.pool_size": SIZE, "training.steps": STEPS})
C = success_matrix(run).reshape(POOLS, SIZE, POOLS, SIZE).mean(axis=(1, 3))  # [speaking group, listening group]
for apart in range(POOLS):
    mean = (C.diagonal(apart).mean() + C.diagonal(-apart).mean()) / 2
    print(f"{apart} groups apart: success {mean:.2f}")
