"""The systems of the atlas: how each is run, and what its transition is seen in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from hubbub.analysis.collapse import neural_collapse
from hubbub.scenarios.reproductions.emergence_atlas.memory import memory_rows
from hubbub.scenarios.reproductions.emergence_atlas.networks import Loss, Order, network_rows_of
from hubbub.scenarios.reproductions.emergence_atlas.population import population_rows
from hubbub.scenarios.reproductions.table import Rows
from hubbub.simulator.control.task import heads_of
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.store import Run
from hubbub.simulator.training import Networks, Parameters

RECORDS = 16
"""Records of a run, at equal steps."""
NO_PATHS = "paths cannot be\ncounted here"
NO_TIME = "no time\nalong this axis"
NO_LOSS = "no loss of\none network"


@dataclass(frozen=True)
class System:
    """One system of the atlas.

    Attributes
    ----------
    label
        What it is called in figure and table.
    changes
        Overrides of its scenario.
    rows
        The measures of a run: a row with "order" and all of them at every place on the axis.
    tells
        What the order parameter is, in words.
    along
        The axis: "step", or a setting; then trained networks are measured, at each setting that of lowest loss.
    lacks
        Measures that are not defined here, and why.
    """

    label: str
    changes: Mapping[str, Any]
    rows: Callable[[Run], Rows]
    tells: str
    along: str = "step"
    lacks: Mapping[str, str] = field(default_factory=dict)


def _trained(steps: int, changes: Mapping[str, Any], *, records: int = RECORDS) -> dict[str, Any]:
    """Return the overrides for one network a setting, in so many steps, with `records` records."""
    every = steps // records
    return {
        **changes,
        "networks.seeds": 1,
        "training.steps": every * records,
        "engine.record_every": every,
        "engine.checkpoint_every": every,
        "engine.keep_checkpoints": records + 1,
    }


def _network(order: str | Order) -> Callable[[Run], Rows]:
    return partial(network_rows_of, order=order)


def _scatter(built: Networks) -> list[float]:
    """Return log10 of NC1 of every network, on its own samples."""
    task: Any = built.task
    found = []
    for number, network in enumerate(built.networks):
        features = task.features({name: values[number : number + 1] for name, values in built.parameters.items()})
        weights, biases = (built.parameters[f"classes.{part}"][number].numpy() for part in ("weight", "bias"))
        signs = neural_collapse(features[0].detach().numpy(), task.samples(network.seed)[1].numpy(), weights, biases)
        found.append(float(np.log10(signs.variability)))
    return found


def _policy_loss(built: Networks) -> Loss:
    """Return how unlikely policies find the actions that they took: least where they are, but for the random numbers.

    The loss that a policy is trained by is no likelihood, and has no minimum.
    """
    task: Any = built.task
    heads, seen = heads_of(built.networks), task.probe()[1].expand(len(built.networks), -1, -1)

    def asked(parameters: Parameters) -> tuple[Tensor, Tensor]:
        return task.policy_outputs(parameters, seen), parameters["log_std"][:, None]

    with torch.no_grad():
        outputs, log_std = asked(built.parameters)
        noise = (
            RandomStreams(0).at("atlas-actions").standard_normal((1, seen.shape[1], outputs.shape[2]), dtype=np.float32)
        )
        taken = heads.apply(lambda head, s: head.sample(outputs[s], log_std[s], torch.from_numpy(noise)))

    def loss(parameters: Parameters) -> Tensor:
        outputs, log_std = asked(parameters)
        return -heads.apply(lambda head, s: head.log_probability(outputs[s], log_std[s], taken[s])).mean(1)

    return loss


SYSTEMS: dict[str, System] = {
    "sparse-parity": System(
        "sparse parity",
        _trained(2400, {"task.width": 500, "task.batch": 400}),
        _network("skill_1"),
        "strength of the most frequent skill",
    ),
    "attention-transition": System(
        "attention",
        _trained(
            3000,
            {
                "task.dimension": 200,
                "task.sample_complexity": [0.4, 0.6, 0.8, 1.0, 1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2.0],
                "task.starts": ["semantic", "positional"],
            },
            records=1,
        ),
        _network("theta"),
        "overlap θ of the lower minimum with the teacher",
        along="sample_complexity",
        lacks={"paths": NO_PATHS, "psi": NO_TIME},
    ),
    "neural-collapse": System(
        "neural collapse",
        _trained(3000, {"task.weight_scales": [0.1]}),
        _network(_scatter),
        "log10 NC1, scatter within classes",
    ),
    "percolation": System(
        "formal language",
        _trained(480, {"task.entities": 60, "task.values": 100}),
        _network("descriptive"),
        "share of values that are of the subject's class",
        lacks={"paths": NO_PATHS},
    ),
    "layer-information": System(
        "language model",
        _trained(320, {"task.entities": 8, "task.shots": 3, "task.layers": 2}),
        _network("accuracy"),
        "share of sequences after which the next entity is named",
        lacks={"paths": NO_PATHS},
    ),
    "shape-bias": System(
        "top-k network",
        _trained(160, {"task.shares": [0.3], "task.pictures": 1000, "task.conflicts": 200}),
        _network("accuracy"),
        "accuracy without conflict; shape bias, which the source is about, does not turn over at a moment of training",
    ),
    "concept-space": System(
        "concept space",
        _trained(480, {"task.colour_signals": [0.4]}),
        _network("over_prompted"),
        "whether blue and small discs are painted, at the best of five prompts",
    ),
    "bang-bang": System(
        "Gaussian control",
        _trained(96, {"policy.heads": ["gaussian"], "policy.action_costs": [0]}),
        partial(network_rows_of, order="boundary_mass", loss=_policy_loss),
        "share of actions at the bounds",
    ),
    "emergence-of-talk": System(
        "talking agents",
        {
            "training.steps": 1200,
            "engine.record_every": 1200 // RECORDS,
            "engine.checkpoint_every": 1200,
        },
        population_rows,
        "success over links",
        lacks={"learning_coefficient": NO_LOSS},
    ),
    "sedam-random-patterns": System(
        "memory",
        {
            "copies.noise": [0.2, 0.3, 0.34, 0.36, 0.37, 0.38, 0.39, 0.4, 0.41, 0.42, 0.44, 0.48],
            "copies.load": [100],
            "dynamics.steps": 50_000,
        },
        memory_rows,
        "mean overlap over that of a pattern which is kept, 1 − 2 · noise",
        along="noise",
        lacks={"paths": NO_PATHS, "learning_coefficient": NO_LOSS},
    ),
}


def atlas_rows(run: Run) -> Rows:
    """Return the measures of a run of the atlas along its axis."""
    system = SYSTEMS[str(run.configuration["name"])]
    return system.rows(run)
