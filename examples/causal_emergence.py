"""Causal emergence: a coarse description that tells more
======================================================

Four states: three follow each other at random, the fourth stays. Two groups of states determine the next group better
than a state determines the next state (Hoel, Albantakis & Tononi 2013).
"""

import numpy as np

from hubbub.analysis.emergence import causal_emergence

transitions = np.array(
    [
        [1 / 3, 1 / 3, 1 / 3, 0],
        [1 / 3, 1 / 3, 1 / 3, 0],
        [1 / 3, 1 / 3, 1 / 3, 0],
        [0, 0, 0, 1],
    ]
)
found = causal_emergence(transitions)
print(f"states: {found.micro.value:.3f} bits (determinism {found.micro.determinism:.3f})")
print(f"groups {found.groups.tolist()}: {found.macro.value:.3f} bits (determinism {found.macro.determinism:.3f})")
print(f"causal emergence: {found.value:.3f} bits, searched by {found.estimator}")
