"""Chen et al.: information emergence across the layers of a language model, by three estimators and from the data."""

from __future__ import annotations

import math
from functools import partial

from hubbub.scenarios.reproductions.catalogue import Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.layer_information.claims import claims, data_of
from hubbub.scenarios.reproductions.layer_information.figures import figures
from hubbub.scenarios.reproductions.layer_information.measures import measure
from hubbub.scenarios.reproductions.layer_information.pairs import Fit

EVERY = 50


@reproduction("layer-information")
@sizes(
    small={
        "entities": 10,
        "width": 32,
        "seeds": 5,
        "records": (0, 50, 100, 150, 200, 300, 600),
        "pairs": 2048,
        "fit": Fit(1000, 1e-3),
    },
    full={
        "entities": 12,
        "width": 64,
        "seeds": 10,
        "records": (0, 50, 100, 150, 200, 300, 500, 1000, 2000),
        "pairs": 11880,
        "fit": Fit(10000, 1e-4),
    },
)
def layer_information(
    *,
    entities: int,
    width: int,
    seeds: int,
    records: tuple[int, ...],
    pairs: int,
    fit: Fit,
    shots: int = 4,
    layers: int = 4,
) -> Reproduction:
    """E across layers, over training and over shots by three estimators, beside what the data alone says."""
    steps, data = records[-1], data_of(entities, shots)[-1]
    design = Design(
        "layer-information",
        "networks",
        partial(measure, records=records, pairs=pairs, fit=fit),
        common={
            "task.entities": entities,
            "task.shots": shots,
            "task.layers": layers,
            "task.width": width,
            "networks.seeds": seeds,
            "training.steps": steps,
            "engine.record_every": EVERY,
            "engine.checkpoint_every": EVERY,
            "engine.keep_checkpoints": steps // EVERY + 1,
        },
    )
    remarks = [
        f"{entities} entities × {shots} shots, all {math.perm(entities, shots):,} sequences of "
        f"distinct entities with commas; the model is trained to name the first entity, going round, after the "
        f"last one that was not yet shown. {layers} blocks, width {width}, {steps:,} steps, "
        f"{seeds} seeds. The source takes language models as they come and has no training in it.",
        f"E = macro − micro at the last place (a comma), blocks 2 to {layers}: below block 1 the last place "
        "holds the same comma in all sequences. Micro: mean over tokens fed alone; a comma counts 0.",
        f"The data: {data.macro:.2f} bits a sequence, {data.micro:.2f} bits a token, E = "
        f"{data.value:.2f}. The source's country set (25 entities, 4 shots, with commas) has 18.21 − 2.32 = "
        "15.89 bits by the same count, in any model that tells its sequences apart.",
        "Cells have a side in root mean squares of a layer's features. The copula has no value for a token fed "
        f"alone, which takes {entities} values and has no density; its E is its macro minus the exact micro.",
        f"MINE as in the source's code, but {fit.steps:,} steps at a rate of {fit.rate:g} (10,000 at "
        f"0.0001) on {pairs // 2:,} pairs (up to 300,000); as many are held out. In that code the gradient is "
        "clipped before it is computed, which does nothing; we leave it out.",
        "Caution: a held-out value is a lower bound, and here a loose one.",
    ]
    return Reproduction(
        "Information across layers of a language model",
        "Chen, Yang, Zhu & Wang, arXiv 2405.12617",
        [design],
        partial(claims, entities=entities, pairs=pairs),
        partial(figures, data=data),
        remarks,
        digits=6,
    )
