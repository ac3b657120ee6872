"""Lubana et al.: types of a formal language are learnt one kind after the other, the later the more properties."""

from __future__ import annotations

from functools import partial

from hubbub.scenarios.reproductions.catalogue import Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.network_rows import metrics
from hubbub.scenarios.reproductions.percolation.claims import claims
from hubbub.scenarios.reproductions.percolation.figures import figures
from hubbub.scenarios.reproductions.percolation.measures import FLOORS, rows

SOURCE_ENTITIES, SOURCE_BATCH, SOURCE_VALUES = 900, 128, (3600, 8000, 18000)
LONG = dict.fromkeys((3600, 6400, 10000, 14400, 18000), 40000)


@reproduction("percolation")
@sizes(
    small={
        "entities": 120,
        "steps": {300: 1000, 650: 1200, 1400: 1500, 3000: 2000},
        "seeds": 4,
        "width": 64,
        "batch": 64,
        "learning_rate": 0.003,
        "warm_up_steps": 100,
        "record_every": 50,
    },
    full={
        "entities": SOURCE_ENTITIES,
        "steps": LONG,
        "seeds": 5,
        "width": 128,
        "batch": SOURCE_BATCH,
        "learning_rate": 0.001,
        "warm_up_steps": 200,
        "record_every": 200,
        "source_values": (),
    },
)
def percolation(
    *,
    entities: int,
    steps: dict[int, int],
    seeds: int,
    width: int,
    batch: int,
    learning_rate: float,
    warm_up_steps: int,
    record_every: int,
    source_values: tuple[int, ...] = SOURCE_VALUES,
) -> Reproduction:
    """Grammar, relative and descriptive types and three tasks over training, by the number of descriptive values."""
    design = Design(
        "percolation",
        "values-{values}",
        metrics(*FLOORS, "loss"),
        common={
            "task.entities": entities,
            "task.width": width,
            "task.batch": batch,
            "networks.seeds": seeds,
            "networks.learning_rate": [learning_rate],
            "optimiser.warm_up_steps": warm_up_steps,
            "engine.block_agents": seeds,
            "engine.record_every": record_every,
        },
        factors={
            "values": {
                values: {"task.values": values, "training.steps": of, "engine.checkpoint_every": of // 4}
                for values, of in steps.items()
            }
        },
    )
    setting = (
        f"n_E = {entities} entities, n_K = {', '.join(f'{values:,}' for values in steps)} values, "
        f"{', '.join(f'{of:,}' for of in steps.values())} steps; width {width}, batch {batch}, "
        f"learning rate {learning_rate:g}, {seeds} seeds, each with its own language. The source has "
        "n_E = 900, n_K = 3,600 to 18,000, width 128, batch 128, learning rate .001."
    )
    source = "Lubana, Kawaguchi, Dick & Tanaka, arXiv 2408.12578"
    of_source = {"entities": SOURCE_ENTITIES, "batch": SOURCE_BATCH, "values": source_values}
    return Reproduction(
        "Percolation and formal language",
        source,
        [design],
        claims,
        figures,
        [setting, *REMARKS],
        rows=partial(rows, seeds=seeds, of_source=of_source),
        digits=6,
    )


REMARKS = (
    "A transition is where a running mean over three records first rises half-way from chance to 1; half-way "
    "is ours. A quarter of the way was added when the curves were seen, because exponents depend on it. Chance "
    "is .1 for descriptive types, .15 for reachable pairs and taken as 0 for relative types. Types count as 0 "
    "while fewer than a twentieth of the sentences are grammatical.",
    "Caution: a seed that does not come so far within its steps is left out of an exponent and of a ratio, "
    "which makes both too small.",
    "Caution: √n_K follows from the percolation of pairs that were said, if a network needs a fixed multiple "
    "of the pairs at the critical point. The pairs themselves percolate far earlier, so that a network's "
    "exponent is about the multiple too.",
    "Caution: joined subjects own a value in common, so that a sentence links them at once; counted with "
    "these, the pairs percolate sooner, and the exponent is lower.",
    "Caution: exact unscrambling has no score of 1: subjects, objects and phrases that are joined may stand "
    "in any order. Reachable pairs fall again where a network has learnt by heart who owns what.",
    "Values that no entity owns are never said; they are not among the reachable pairs.",
)
