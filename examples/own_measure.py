"""A measure of your own: how often neighbours use the same first symbol
=====================================================================

A measure is a function of arrays that returns a value with its null distribution. This one compares agents that are
linked, and the null gives every agent the place of another one.
"""

import numpy as np

import hubbub
from hubbub.analysis.measure import Measure, Null

STEPS = 500  # small: 5


def first_symbol_agreement(messages: np.ndarray, edges: np.ndarray, generator: np.random.Generator) -> Measure:
    """Return the share of referents for which linked agents begin alike; `messages [N, R, L]`, `edges [E, 2]`."""
    first = messages[:, :, 0]

    def value(order: np.ndarray) -> float:
        return float((first[order[edges[:, 0]]] == first[order[edges[:, 1]]]).mean())

    n = len(messages)
    nulls = np.array([value(generator.permutation(n)) for _ in range(200)])
    found = value(np.arange(n))
    p_value = (1 + np.count_nonzero(nulls >= found)) / (1 + len(nulls))
    return Measure(
        found, "1", "share of equal first symbols", len(edges), Null.of(nulls, model="agents permuted"), p_value
    )


run = hubbub.run("ring-dialects", {"topology.n_agents": 12, "training.steps": STEPS, "training.learning_rate": 0.003})
messages = run.lexicon().splits["train"].messages
found = first_symbol_agreement(messages, run.edges(), np.random.default_rng(0))
print(f"linked agents begin alike for {found.value:.2f} of the referents, {found.null.mean:.2f} by chance")
print(f"p = {found.p_value:.3f}, {found.null.sd:.3f} is the standard deviation of the null")
