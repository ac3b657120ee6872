"""The measures of the atlas on networks in training, at every checkpoint."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from torch import Tensor

from hubbub.analysis.emergence import local_learning_coefficients, participation_ratio, path_emergence
from hubbub.analysis.trainings import network_metric
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.emergence_atlas.psi import psi_between
from hubbub.scenarios.reproductions.table import Rows
from hubbub.scenarios.systems import assemble
from hubbub.simulator.engine import State
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.store import Run
from hubbub.simulator.training import Networks, Parameters

SAMPLES, CHAIN, BURN_IN, REACH = 200, 100, 50, 0.1
"""Langevin walks: the temperature is that of so many samples, and one chain is short; it goes as far from the weights
as a share of their own size at the end of training, and comes to that in a quarter of its steps."""
FRESH = 2**40
"""A step that no training reaches, whose batch is none of those that were trained on."""
Order: TypeAlias = Callable[[Networks], list[float]]
Loss: TypeAlias = Callable[[Parameters], Tensor]


def fresh_loss(built: Networks) -> Loss:
    """Return the loss `[S]` of parameters `[S, …]` on a batch of its own, or on all samples where there is no other."""
    return lambda parameters: built.task.loss(parameters, built.networks, FRESH)


def network_rows_of(run: Run, order: str | Order, loss: Callable[[Networks], Loss] = fresh_loss) -> Rows:
    """Return a row for each network at the start and at every checkpoint: order parameter, loss, and every measure.

    `order` is the name of a recorded metric, or a function that finds the order parameter of every network. `loss`
    gives, at each checkpoint, the loss around whose weights the learning coefficient is estimated.
    """
    built: Networks = assemble(parse(run.configuration))
    checkpoints = {checkpoint.step: checkpoint for checkpoint in run.checkpoints() if checkpoint.step}
    reach = REACH**2 * _mean_square(checkpoints[run.step].load()[0])
    rows: list[dict[str, Any]] = []
    before: np.ndarray | None = None
    for step in (0, *checkpoints):
        if step:
            tensors, values, _ = checkpoints[step].load()
            built.load(State(tensors, values))
        features, loss_here = _features(built), loss(built)
        found = {
            "order": order(built) if callable(order) else _recorded(run, order, step),
            "loss": loss_here(built.parameters).tolist(),
            "paths": _paths(built),
            "dimensions": [participation_ratio(each).value for each in features],
            "learning_coefficient": _coefficients(built, loss_here, reach, int(run.configuration["seed"])),
            "psi": [math.nan] * len(features)
            if before is None
            else [psi_between(*pair) for pair in zip(before, features, strict=True)],
        }
        before = features
        rows += [
            {
                "seed": int(run.configuration["seed"]),
                **network.of_task,
                "step": step,
                **{name: float(of[number]) for name, of in found.items()},
            }
            for number, network in enumerate(built.networks)
        ]
    return rows


def _features(built: Networks) -> np.ndarray:
    features = built.task.features(built.parameters)
    assert features is not None, "every system of the atlas shows its features"
    found: np.ndarray = features.detach().cpu().numpy().astype(float)
    return found


def _paths(built: Networks) -> list[float]:
    """Return E of every network, in the mean over inputs; NaN where paths do not apply."""
    probe = built.task.probe()
    if probe is None:
        return [math.nan] * len(built.networks)
    module, inputs = probe
    states = {name: built.parameters[name] for name in module.state_dict()}
    found = path_emergence(module, inputs, states=states, sources="all", activity="sample")
    values: list[float] = found.value.tolist()
    return values


def _coefficients(built: Networks, loss: Loss, reach: float, seed: int) -> list[float]:
    """Return the learning coefficients by walks of variance `reach`, whose noise is the same at every checkpoint."""
    trained = {name: values for name, values in built.parameters.items() if values.is_floating_point()}
    found = local_learning_coefficients(
        lambda weights: loss({**built.parameters, **weights}),
        trained,
        n=SAMPLES,
        generator=RandomStreams(seed).at("atlas"),
        chains=1,
        steps=CHAIN,
        burn_in=BURN_IN,
        step_size=8 * reach / CHAIN,
        localisation=1 / reach,
    )
    return [measure.value for measure in found]


def _mean_square(tensors: Mapping[str, Tensor]) -> float:
    weights = [
        values for name, values in tensors.items() if name.startswith("parameters.") and values.is_floating_point()
    ]
    return sum(float(values.double().square().sum()) for values in weights) / sum(values.numel() for values in weights)


def _recorded(run: Run, metric: str, step: int) -> list[float]:
    steps, values = network_metric(run, metric)
    of_step: list[float] = values[int(np.flatnonzero(steps == step)[0])].tolist()
    return of_step
