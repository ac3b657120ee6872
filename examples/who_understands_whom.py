"""Who understands whom: the success matrix of a star
==================================================

All leaves hear only the hub. The matrix shows the share of referents that are understood when the row speaks and the
column listens. Is a link understood equally well in both directions?
"""

import hubbub
from hubbub.analysis.dialects import cluster, intelligibility_asymmetry, success_matrix
from hubbub.analysis.figures import success_heatmap

STEPS = 600  # small: 5

settings = {"topology": {"kind": "star", "n_agents": 8}, "training.learning_rate": 0.003, "training.steps": STEPS}
run = hubbub.run("ring-dialects", settings)
C = success_matrix(run)
print(f"the hub is understood for {C[0, 1:].mean():.2f} of the referents, and understands {C[1:, 0].mean():.2f}")
found = intelligibility_asymmetry(C, n_referents=len(run.lexicon().splits["train"].referents))
print(f"asymmetry {found.overall.value:.3f}, by chance {found.overall.null.mean:.3f}")
success_heatmap(C, cluster(C).labels, names=[f"{number}" for number in range(8)]).savefig("who_understands_whom.png")
