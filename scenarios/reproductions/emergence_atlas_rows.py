"""The same measures on every system of the atlas, at every checkpoint of a run."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from analysis.emergence import local_learning_coefficients, participation_ratio, path_emergence, psi_delta_gamma
from analysis.trainings import network_metric
from scenarios.loading import parse
from scenarios.reproductions.emergence_atlas_systems import PLACES
from scenarios.reproductions.rows import Rows
from scenarios.systems import assemble
from simulator.engine import State
from simulator.randomness import Luck
from simulator.store import Run
from simulator.training import Networks

SAMPLES, CHAIN, BURN_IN, STEP_SIZE, LOCALISATION = 200, 150, 75, 1e-4, 100.0
"""Langevin walks: the temperature is that of so many samples, and one chain is short."""
FRESH = 2**40
"""A step that no training reaches: its batch is one that the networks have not seen."""
GROUPS, LEVELS, SHUFFLES = 4, 4, 20
"""Ψ: groups of hidden units, levels of their activity (quartiles), and shuffles for the null."""


def atlas_rows(run: Run) -> Rows:
    """Return a row for each network at the start and at every checkpoint: order parameter, loss, and every measure."""
    place = PLACES[str(run.configuration["name"])]
    built: Networks = assemble(parse(run.configuration))
    checkpoints = {checkpoint.step: checkpoint for checkpoint in run.checkpoints() if checkpoint.step}
    rows: list[dict[str, Any]] = []
    before: np.ndarray | None = None
    for step in (0, *checkpoints):
        if step:
            tensors, values, _ = checkpoints[step].load()
            built.load(State(tensors, values))
        features = _features(built)
        found = {
            "order": place.order(built) if callable(place.order) else _recorded(run, place.order, step),
            "loss": built.task.loss(built.parameters, built.networks, FRESH).tolist(),
            "paths": _paths(built),
            "dimensions": [participation_ratio(each).value for each in features],
            "learning_coefficient": _coefficients(built, Luck(int(run.configuration["seed"])).at("atlas", step)),
            "psi": [math.nan] * len(features)
            if before is None
            else [psi_between(*pair).value for pair in zip(before, features, strict=True)],
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


def psi_between(before: np.ndarray, after: np.ndarray) -> Any:
    """Return Ψ from features `[M, H]` to those of the same M inputs at a later moment of training.

    The parts are the mean activities of four groups of hidden units, V is that of all, each as quartile over inputs.
    """
    groups = np.array_split(np.arange(before.shape[1]), min(GROUPS, before.shape[1]))

    def levels(features: np.ndarray) -> np.ndarray:
        """Return the quartile of V and of every part over inputs: `[M, 1 + groups]`."""
        each = np.column_stack([features.mean(axis=1), *(features[:, group].mean(axis=1) for group in groups)])
        bounds = np.quantile(each, np.arange(1, LEVELS) / LEVELS, axis=0)
        return (each[None] > bounds[:, None]).sum(axis=0)

    seen = np.concatenate([levels(before), levels(after)])
    return psi_delta_gamma(
        seen[:, 0], seen[:, 1:], lag=len(before), generator=np.random.default_rng(0), shuffles=SHUFFLES
    ).psi


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
    found = path_emergence(*probe, states=built.parameters, sources="all", activity="sample")
    values: list[float] = found.value.tolist()
    return values


def _coefficients(built: Networks, luck: np.random.Generator) -> list[float]:
    found = local_learning_coefficients(
        lambda weights: built.task.loss(weights, built.networks, FRESH),
        built.parameters,
        n=SAMPLES,
        generator=luck,
        chains=1,
        steps=CHAIN,
        burn_in=BURN_IN,
        step_size=STEP_SIZE,
        localisation=LOCALISATION,
    )
    return [measure.value for measure in found]


def _recorded(run: Run, metric: str, step: int) -> list[float]:
    steps, values = network_metric(run, metric)
    of_step: list[float] = values[int(np.flatnonzero(steps == step)[0])].tolist()
    return of_step
