"""Skills that are learnt one after the other
==========================================

A network learns three parities that it is asked about with different frequency. Each is learnt in one step, the most
frequent first (Nam et al. 2024).
"""

import matplotlib.pyplot as plt

import hubbub

STEPS = 3000  # small: 4

settings = {"task.skills": 3, "task.bits": 16, "task.relevant": 2, "task.width": 300, "task.batch": 200}
run = hubbub.run("sparse-parity", {**settings, "training.steps": STEPS, "engine.record_every": max(1, STEPS // 20)})
rows = run.metrics()
figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
for skill in (1, 2, 3):
    curve = rows[rows["name"] == f"skill_{skill}"]
    reached = curve.loc[curve["value"] > 0.5, "step"].min()
    print(f"skill {skill} is at half its strength at step {reached}")
    axes.plot(curve["step"], curve["value"], label=f"skill {skill}")
axes.set(xlabel="step", ylabel="strength of the skill")
axes.legend()
figure.savefig("skills.png")
