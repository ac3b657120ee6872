"""A memory of your own: the majority of three patterns
====================================================

An associative memory whose spins follow the majority of the three nearest patterns: how much of a pattern is there
after one step from a state in which a quarter of the spins are wrong? It is worse than the memory of Hopfield at these
loads, which weighs each pattern by its overlap: the majority of three random patterns has an overlap of .5 with each.
"""

import torch

import hubbub
from hubbub.simulator.memory.spins import SpinModel

REPETITIONS = 40  # small: 2


@hubbub.memory("three-nearest")
class ThreeNearest(SpinModel):
    """The field of a spin is the sum of its values in the three nearest patterns."""

    def __init__(self) -> None:
        super().__init__("synchronous")

    def fields(self, spins: torch.Tensor) -> torch.Tensor:
        """Return the fields `[C, D]` of C copies with D spins."""
        fields = torch.empty_like(spins)
        for (repetition, load, _), (copies, products) in zip(self.copies.groups, self.overlaps(spins), strict=True):
            nearest = products.topk(min(3, load), dim=1).indices  # [c, 3]
            fields[copies] = self.stored(repetition, load)[nearest].sum(dim=1)
        return fields


print(f"{len(hubbub.check_memory('three-nearest'))} demands are met")
for kind in ("three-nearest", "hopfield"):
    settings = {"memory.kind": kind, "copies.load": [3, 6, 12], "copies.repetitions": REPETITIONS}
    run = hubbub.run("memory-retrieval", settings)
    rows = run.metrics().query("name == 'overlap' and step == 1")
    loads = rows["copy"].map(run.table("copies.parquet").to_pandas()["load"])
    print(kind, "by load:", rows.groupby(loads)["value"].mean().round(2).to_dict())
