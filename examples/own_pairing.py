"""A pairing of your own: everybody hears one speaker
==================================================

In each step one agent is drawn, and all agents that may hear it listen to it. The rule is compared with the usual
one, in which every agent speaks once.
"""

import numpy as np

import hubbub
from hubbub.simulator.pairing import Exchanges
from hubbub.simulator.topology import Topology

STEPS = 600  # small: 5


@hubbub.pairing("assembly")
def assembly(*, topology: Topology, generator: np.random.Generator) -> Exchanges:
    """Return the exchanges of one speaker with all agents that may hear it."""
    speaker = generator.integers(topology.n_agents)
    listeners = topology.targets[topology.sources == speaker]
    return Exchanges(np.full(len(listeners), speaker), listeners)


for pairing in ("node", "assembly"):
    settings = {"topology.n_agents": 6, "training.pairing": pairing, "training.steps": STEPS, "seed": 1}
    run = hubbub.run("group-size", {**settings, "training.learning_rate": 0.003})
    _, success = run.metric("success_all_pairs")
    print(f"{pairing}: success over all pairs {success[-1]:.2f}")
