"""An associative memory loses its pattern in noise
================================================

Memories start in a stored pattern and are stepped at several noise levels. The overlap with the pattern falls from 1
to 0; with more patterns stored it falls in weaker noise.
"""

import matplotlib.pyplot as plt

import hubbub

REPETITIONS = 10  # small: 2

settings = {
    "memory.kind": "hopfield",
    "patterns.n_spins": 200,
    "copies": {"noise": [0, 0.1, 0.2, 0.3, 0.4], "load": [5, 20, 40], "repetitions": REPETITIONS},
    "dynamics.steps": 20,
    "engine.record_every": 20,
}
run = hubbub.run("memory-retrieval", settings)
rows = run.metrics().query("name == 'overlap' and step == 20")
rows = rows.merge(run.table("copies.parquet").to_pandas(), on="copy")
table = rows.pivot_table(index="noise", columns="load", values="value")
print(table.round(2).to_string())

axes = table.plot(marker="o", xlabel="chance that a spin flips", ylabel="overlap with the pattern after 20 steps")
axes.legend(title="patterns stored")
plt.savefig("memory_noise.png")
