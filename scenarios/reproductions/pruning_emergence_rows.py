"""What was seen of the networks of `pruning-emergence`: courses, thresholds of activity, and the landscape."""

from __future__ import annotations

from typing import Any

import numpy as np

from hubbub.analysis.emergence import path_emergence
from hubbub.analysis.emergence.ruggedness import hessian_trace, linear_interpolation, random_slices
from hubbub.analysis.trainings import network_metric, network_table
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.pruning_emergence_plan import COUNTS, THRESHOLDS, Size
from hubbub.scenarios.running import load_system
from hubbub.scenarios.systems import assemble
from hubbub.simulator.store import Run
from hubbub.simulator.training import Networks


def course_rows(run: Run, part: str, case: str) -> list[dict[str, Any]]:
    """Return a row for each network at the first and the last record, or at all of those that are drawn as curves."""
    names = ["accuracy", "train_accuracy", "train_loss", *COUNTS, *(f"relative_{count}" for count in COUNTS)]
    values = {name: network_metric(run, name) for name in names}
    steps, train_accuracy = values["train_accuracy"]
    early = train_accuracy[1:].mean(axis=0) if part == "early" else None
    rows, networks = [], network_table(run).to_pylist()
    drawn = part == "training" and case == "initialisation"
    for at in range(len(steps)) if drawn else sorted({0, len(steps) - 1}):
        for number, network in enumerate(networks):
            row = {name: network[name] for name in ("seed", "learning_rate", "pruning", "alpha")}
            row |= {"step": int(steps[at]), "last": at == len(steps) - 1}
            row |= {name: float(of[at, number]) for name, (_, of) in values.items()}
            if early is not None:
                row["early_accuracy"] = float(early[number])
            rows.append(row)
    return rows


def threshold_rows(run: Run) -> list[dict[str, Any]]:
    """Return E at every threshold, of the networks at the start and at the end."""
    rows = []
    for last, built in ((False, _start_of(run)), (True, load_system(run.path))):
        probe = built.task.probe()
        assert probe is not None
        counted = path_emergence(*probe, states=built.parameters, sweep=THRESHOLDS)
        for network, swept in zip(built.networks, counted.swept, strict=True):
            for threshold, paths in zip(counted.thresholds, swept, strict=True):
                row = {"seed": network.seed, "pruning": network.pruning, "last": last}
                rows.append({**row, "threshold": float(threshold), "paths": float(paths)})
    return rows


def landscape_rows(run: Run, size: Size) -> list[dict[str, Any]]:
    """Return local minima and curvature around the networks at the start and at the end, and on the way between."""
    rows = []
    start, end = _start_of(run), load_system(run.path)

    def loss(parameters: Any) -> Any:
        return end.task.fixed_loss(parameters, samples=size.samples)

    path = linear_interpolation(loss, start.parameters, end.parameters, points=size.points)
    for last, built in ((False, start), (True, end)):
        around: dict[str, Any] = {"generator": np.random.default_rng(0), "masks": built.masks}
        lines = random_slices(loss, built.parameters, slices=size.lines, points=size.points, **around)
        planes = random_slices(loss, built.parameters, axes=2, slices=1, points=size.plane, **around)
        trace = hessian_trace(loss, built.parameters, probes=size.probes, **around)
        for number, network in enumerate(built.networks):
            row = {
                "seed": network.seed,
                "pruning": network.pruning,
                "last": last,
                "minima_on_lines": float(lines.minima[number].mean()),
                "minima_on_planes": float(planes.minima[number].mean()),
                "hessian_trace": float(trace.value[number]),
            }
            if last:
                row["minima_on_path"] = float(path.minima[number, 0])
            rows.append(row)
    return rows


def _start_of(run: Run) -> Networks:
    built: Networks = assemble(parse(run.configuration))
    return built
