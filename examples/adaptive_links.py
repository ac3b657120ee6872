"""Links that move: who becomes a hub?
===================================

Every 20 steps links move to partners that are understood. The degrees of all agents are drawn over time.
"""

import matplotlib.pyplot as plt

import hubbub
from hubbub.analysis.hubs import gini, hubs_over_time

STEPS = 400  # small: 20

rules = [{"every": 20, "rule": {"kind": "prefer-understood", "probability": 0.2}}]
settings = {"topology.n_agents": 16, "topology.links": 32, "rewiring": rules, "training.steps": STEPS}
run = hubbub.run("adaptive-links", settings)
found = hubs_over_time(run)
print(f"links moved at {len(found.steps) - 1} records")
for when, degrees in (("at first", found.degrees[0]), ("at the end", found.degrees[-1])):
    print(f"{when}: largest degree {degrees.max()}, Gini coefficient {gini(degrees).value:.2f}")

figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
axes.step(found.steps, found.degrees, where="post", alpha=0.7)
axes.set(xlabel="step", ylabel="links of each agent")
figure.savefig("adaptive_links.png")
