"""Park et al.: strong concepts are learnt first, paths to an unseen kind bend, and it can be painted before it is."""

from __future__ import annotations

from dataclasses import replace

from hubbub.scenarios.reproductions.catalogue import Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.concept_space.claims import claims
from hubbub.scenarios.reproductions.concept_space.figures import figures, solvable
from hubbub.scenarios.reproductions.concept_space.measures import ALONE, GAP, METRICS, painters
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.network_rows import metrics
from hubbub.scenarios.reproductions.table import Table


@reproduction("concept-space")
@sizes(
    small={
        "over_prompted_seeds": 12,
        "colours": (0.2, 0.4, 0.8),
        "sizes_of_discs": (0.2, 0.3, 0.4),
        "side": 16,
        "channels": (16, 16, 16),
        "batch": 16,
        "steps": 1600,
        "records": 32,
    },
    full={
        "over_prompted_seeds": 20,
        "colours": (0.2, 0.4, 0.6, 0.8),
        "sizes_of_discs": (0.1, 0.2, 0.3, 0.4),
        "side": 32,
        "channels": (64, 64, 64, 64),
        "batch": 64,
        "steps": 20000,
        "records": 80,
    },
)
def concept_space(
    *,
    over_prompted_seeds: int,
    colours: tuple[float, ...],
    sizes_of_discs: tuple[float, ...],
    side: int,
    channels: tuple[int, ...],
    batch: int,
    steps: int,
    records: int,
    seeds: int = 5,
) -> Reproduction:
    """When a painter of discs learns each concept, how its pictures move in concept space, and what it hides."""
    grid = Design(
        "concept-space",
        "{run}",
        metrics(*METRICS),
        common={
            "task.size_signals": list(sizes_of_discs),
            "task.side": side,
            "task.channels": list(channels),
            "task.batch": batch,
            "networks.seeds": seeds,
            "training.steps": steps,
            "engine.record_every": steps // records,
            "engine.checkpoint_every": steps // 8,
            "engine.keep_checkpoints": 9,
        },
        factors={"run": {f"colour-{colour:g}": {"task.colour_signals": [colour]} for colour in colours}},
    )
    gap = {"task.colour_signals": [GAP[0]], "task.size_signals": [GAP[1]], "networks.seeds": over_prompted_seeds}
    alone = replace(grid, first_seed=1, factors={"run": {ALONE: gap}})

    def remarks(table: Table) -> list[str]:
        of_grid, fresh = painters(table)
        return [
            f"{side} × {side} pixels (the source: 32 × 32), {len(channels) + 1} convolutions of 3 × 3 "
            f"with {channels[0]} channels (the source: a U-Net with attention), Adam 0.001, batches of "
            f"{batch}, {steps:,} steps, {seeds} seeds, recorded every {steps // records}; "
            f"signals of colour {', '.join(map(str, colours))}, of size {', '.join(map(str, sizes_of_discs))}.",
            "The concept coordinate is no trained classifier's: colour and radius are read off a picture in closed "
            "form, and a logistic function of either is 1/2 half-way between the kinds and .98 at the kind.",
            "A picture counts as blue-small only if the disc that is read accounts for more than half of what is not "
            "white (ours): else grey blurs and blue rims count too.",
            "Caution: over-prompting is the best of five prompts and never below the plain one, so plain prompting "
            "below it says nothing. Judged are how far below, and whether five tries at the plain prompt do as well.",
            f"Both are judged on {over_prompted_seeds} fresh seeds of one setting, that of the source; the values "
            "of the grid stand beside them.",
            "A network that has not reached a level by the end counts with the last step, so that leads are at least "
            f"what is said. Those of the grid: {of_grid.unreached()}; fresh ones: {fresh.unreached()}.",
            "Caution: .05 and 4.3 k steps are the source's network and optimiser; a step here is no step there.",
            solvable(),
        ]

    title = "Hidden capabilities in concept space"
    source = "Park, Okawa, Lee, Lubana & Tanaka, arXiv 2406.19370"
    return Reproduction(title, source, [grid, alone], claims, figures, remarks, digits=6)
