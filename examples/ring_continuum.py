"""A dialect continuum: understanding falls with distance
======================================================

Agents on a ring hear only their two neighbours. Success is high between neighbours and falls with the distance on the
ring.
"""

import hubbub
from hubbub.analysis.dialects import by_distance, chance_success, success_matrix
from hubbub.analysis.figures import DistanceCurve, distance_curves

STEPS = 700  # small: 5

run = hubbub.run("ring-dialects", {"topology.n_agents": 16, "training.steps": STEPS, "training.learning_rate": 0.003})
found = by_distance(success_matrix(run), run.edges(), 16)
for distance, mean, error in zip(found.distance, found.mean, found.standard_error, strict=True):
    print(f"{distance:.0f} links apart: success {mean:.2f} ± {error:.2f}")
distance_curves([DistanceCurve("Success by distance", found, chance=chance_success(run))]).savefig("continuum.png")
