"""Turnover: does a language outlive its speakers?
===============================================

From a third of the run on, the oldest agent is replaced by a new one again and again. Success falls a little at each
replacement and recovers.
"""

import matplotlib.pyplot as plt

import hubbub

STEPS = 900  # small: 12

settings = {
    "topology.n_agents": 6,
    "training.steps": STEPS,
    "turnover": {"start": STEPS // 3, "every": STEPS // 12, "agents": 1, "order": "oldest"},
    "engine.record_every": max(1, STEPS // 36),
}
run = hubbub.run("turnover", settings)
steps, success = run.metric("success_all_pairs")
replaced = [event["step"] for event in run.events().to_pylist() if event["kind"] == "agent-replaced"]
print(f"{len(replaced)} agents were replaced; success {success[-1]:.2f} at the end")

figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
axes.plot(steps, success)
for step in replaced:
    axes.axvline(step, color="grey", linewidth=0.7)
axes.set(xlabel="step; grey: an agent is replaced", ylabel="success over all pairs", ylim=(0, 1))
figure.savefig("turnover.png")
