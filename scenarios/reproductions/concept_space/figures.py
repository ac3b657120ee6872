"""The figures of the reproduction of Park et al."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.concepts import identity_map, identity_variances, probe_loss, tied_identity_maps
from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.figures.concept_paths import concept_paths
from hubbub.analysis.figures.picture_table import picture_table
from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.catalogue import Figures
from hubbub.scenarios.reproductions.concept_space.measures import (
    ALONE,
    CONCEPTS,
    GAP,
    LEARNT,
    SHOWN_KINDS,
    UNSEEN,
    WAYS,
    Painters,
    painters,
)
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Table
from hubbub.scenarios.systems import assemble
from hubbub.simulator.engine import State
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from hubbub.simulator.training.tasks.concept_space import ConceptSpace

SIGNALS, SPREAD = np.array([1.0, 2.0]), 0.05
START = 0.1 * (0.1 * np.eye(2) + 0.9 * np.ones((2, 2)))
TIMES = np.linspace(0, 20, 2001)


def figures(table: Table, runs: MadeRuns) -> Figures:
    """Draw paths, capability and speed, the solvable model, and what one network paints."""
    grid, alone = painters(table)
    paths = {
        f"signals: colour {colour:g}, size {size:g}": {
            _words(kind): np.stack([grid.path(kind, (colour, size), seed) for seed in grid.seeds])
            for kind in (*SHOWN_KINDS, UNSEEN)
        }
        for colour, size in grid.settings
    }
    ways = {
        f"signal of colour {colour:g}, of size {GAP[1]:g}": {
            _words(way): (alone if colour == GAP[0] else grid).over_steps(way, (colour, GAP[1])) for way in WAYS
        }
        for colour in grid.signals["colour"]
    }
    speeds = {f"step at which {concept} is learnt": _speeds(grid, concept) for concept in CONCEPTS}
    return {
        "paths": (
            concept_paths(
                paths, x_label="probability of blue", y_label="probability of small", columns=len(grid.signals["size"])
            ),
            "Pictures of every kind in concept space over training, by signals; blue-small is never shown.",
        ),
        "capability": (
            interval_curves(ways, along="training step"),
            "Probability of blue-small by its prompt, by the best of five tries at it, and by the best of five prompts "
            "that ask for more blue; bands: 95 % intervals over seeds, the fresh ones in the first panel.",
        ),
        "speed": (
            interval_curves(speeds, along="signal of the concept itself", limits=None),
            f"Step at which a concept is {LEARNT} right in the kinds that are shown, over its signal.",
        ),
        "identity-mapping": (
            _identity_figure(),
            "The solvable companion: outputs of one layer and of two tied layers at a probe where no data are, in "
            "units of the probe; signals 1 and 2.",
        ),
        "pictures": (
            _pictures(runs.find(run=ALONE), alone.typical_seed()),
            f"What one network (signals {GAP[0]} and {GAP[1]}, the median by the step of over-prompting) paints from "
            "the same noise when asked for small discs, by the colour asked for: 0.4 is the red that was shown, 0.6 "
            "the blue that was not, the rest is over-prompted.",
        ),
    }


def _speeds(grid: Painters, concept: str) -> dict[str, Varied]:
    """Return the step at which a concept is learnt over its signal, by the signal of the other."""
    [other] = set(CONCEPTS) - {concept}
    lines = {}
    for signal, row in zip(grid.signals[other], grid.along(concept), strict=True):
        learnt = [over_seeds([grid.learnt(concept, setting, seed)[0] for seed in grid.seeds]) for setting in row]
        lines[f"signal of {other} {signal:g}"] = Varied(grid.signals[concept], learnt)
    return lines


def _pictures(run: Run, seed: int) -> Figure:
    """Draw what one network paints at the prompts for small discs, at every checkpoint."""
    import torch

    built = assemble(parse(run.configuration))
    task: ConceptSpace = built.task
    [number] = [at for at, network in enumerate(built.networks) if network.seed == seed]
    asked = (0.5 - GAP[0] / 2, 0.5 + GAP[0] / 2, 0.65, 0.75, 0.85, 0.95)
    prompts = torch.tensor([[[colour, 0.45 - GAP[1] / 2] for colour in asked]])
    painted, steps = [], []
    for checkpoint in run.checkpoints():
        if not checkpoint.step:
            continue
        tensors, state, _ = checkpoint.load()
        built.load(State(tensors, state))
        own = {name: values[number : number + 1] for name, values in built.parameters.items()}
        with torch.no_grad():
            pictures = task.generate(own, [built.networks[number]], prompts.to(task.device), attempts=[0] * len(asked))
        painted.append(pictures[0, :, 0].permute(0, 2, 3, 1).cpu().numpy())
        steps.append(f"step {checkpoint.step:,}")
    return picture_table(np.stack(painted), rows=steps, columns=[f"{colour:g}" for colour in asked])


def _identity_maps() -> dict[str, np.ndarray]:
    variances = identity_variances(SIGNALS, SPREAD)
    return {
        "one layer": identity_map(TIMES, variances, initial=START),
        "two tied layers": tied_identity_maps(TIMES, variances, initial=START),
    }


def _identity_figure() -> Figure:
    paths = {name: (maps @ SIGNALS / SIGNALS)[None] for name, maps in _identity_maps().items()}
    return concept_paths({"": paths}, x_label="weak concept", y_label="strong concept")


def solvable() -> str:
    """Return what the solvable model does, in words."""
    losses = probe_loss(_identity_maps()["two tied layers"], SIGNALS)
    turns = np.flatnonzero(np.diff(np.sign(np.diff(losses)))) + 1
    low, high = losses[turns[:2]]
    return (
        "Solvable companion (Yang et al. 2024: copying clusters along axes): one layer learns axis p at a time "
        f"ln 5/a_p, a_p = μ_p²/2 + σ²; the loss of two tied layers at the unseen probe falls to {low:.3f}, rises to "
        f"{high:.3f} and then vanishes."
    )


def _words(name: str) -> str:
    return name.replace("_", "-")
