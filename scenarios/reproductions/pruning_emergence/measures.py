"""Path emergence of networks over training, thresholds of activity, and the landscape; ratios of them, seed by seed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hubbub.analysis.emergence import path_emergence
from hubbub.analysis.emergence.ruggedness import hessian_trace, linear_interpolation, random_slices
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.ranks import rank_correlation
from hubbub.analysis.trainings import network_metric, network_table
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.table import Row, Rows, Table
from hubbub.scenarios.running import load_system
from hubbub.scenarios.systems import assemble
from hubbub.simulator.store import Run
from hubbub.simulator.training import Networks

COUNTS = {
    "paths": "hidden, mask-aware",
    "paths_closed_form": "hidden, closed form",
    "paths_from_input": "pixels too, mask-aware",
    "paths_from_input_closed_form": "pixels too, closed form",
}
SHARES = (0.0, 0.3, 0.5, 0.7)
MOST = SHARES[-1]
RATES = SLOW, FAST = 0.01, 0.05
WHEN = ("initialisation", "after", "iterative")
SMALL_WEIGHTS = 0.408
"""Scale at which initial weights are as torch draws them, √(1/3) of a unit instead of √2."""
THRESHOLDS = (0.01, 0.02, 0.05, 0.1, 0.2)


@dataclass(frozen=True)
class Landscape:
    """How a landscape is sampled: training images, random lines, points on a line and along a plane, probes of the
    Hessian."""

    samples: int
    lines: int
    points: int
    plane: int
    probes: int


def measure(run: Run, *, part: str, case: str, landscape: Landscape | None) -> Rows:
    """Return the course of training, and for networks pruned at its start thresholds and (if asked) landscape too."""
    is_drawn = (part, case) == ("training", "initialisation")
    rows = course_rows(run, is_early=part == "early", is_drawn=is_drawn)
    if is_drawn:
        rows += threshold_rows(run)
    if is_drawn and landscape:
        rows += landscape_rows(run, landscape)
    return rows


def course_rows(run: Run, *, is_early: bool, is_drawn: bool) -> list[Row]:
    """Return a row for each network at the first and the last record, or at all of those that are drawn as curves."""
    names = ["accuracy", "train_accuracy", "train_loss", *COUNTS, *(f"relative_{count}" for count in COUNTS)]
    values = {name: network_metric(run, name) for name in names}
    steps, train_accuracy = values["train_accuracy"]
    early = train_accuracy[1:].mean(axis=0) if is_early else None
    rows: list[Row] = []
    networks = network_table(run).to_pylist()
    for at in range(len(steps)) if is_drawn else sorted({0, len(steps) - 1}):
        for number, network in enumerate(networks):
            row = {name: network[name] for name in ("seed", "learning_rate", "pruning", "alpha")}
            row |= {"step": int(steps[at]), "last": at == len(steps) - 1}
            row |= {name: float(of[at, number]) for name, (_, of) in values.items()}
            if early is not None:
                row["early_accuracy"] = float(early[number])
            rows.append(row)
    return rows


def threshold_rows(run: Run) -> list[Row]:
    """Return E at every threshold, of the networks at the start and at the end."""
    rows: list[Row] = []
    for last, built in ((False, _start_of(run)), (True, load_system(run.path))):
        probe = built.task.probe()
        assert probe is not None
        counted = path_emergence(*probe, states=built.parameters, sweep=THRESHOLDS)
        for network, swept in zip(built.networks, counted.swept, strict=True):
            for threshold, paths in zip(counted.thresholds, swept, strict=True):
                row = {"part": "threshold", "seed": network.seed, "pruning": network.pruning, "last": last}
                rows.append({**row, "threshold": float(threshold), "paths": float(paths)})
    return rows


def landscape_rows(run: Run, grid: Landscape) -> list[Row]:
    """Return local minima and curvature around the networks at the start and at the end, and on the way between."""
    rows: list[Row] = []
    start, end = _start_of(run), load_system(run.path)

    def loss(parameters: Any) -> Any:
        return end.task.fixed_loss(parameters, samples=grid.samples)

    path = linear_interpolation(loss, start.parameters, end.parameters, points=grid.points)
    for last, built in ((False, start), (True, end)):
        around: dict[str, Any] = {"generator": np.random.default_rng(0), "masks": built.masks}
        lines = random_slices(loss, built.parameters, slices=grid.lines, points=grid.points, **around)
        planes = random_slices(loss, built.parameters, axes=2, slices=1, points=grid.plane, **around)
        trace = hessian_trace(loss, built.parameters, probes=grid.probes, **around)
        for number, network in enumerate(built.networks):
            row = {
                "part": "landscape",
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


def ratio(one: Table, other: Table, name: str) -> Measure:
    """Return the geometric mean over seeds of a column over that in the other rows."""
    pairs = zip(one.column(name), other.column(name), strict=True)
    return geometric([mine / theirs if theirs else math.nan for mine, theirs in pairs])


def fall(table: Table, kind: str, name: str = "paths", *, case: str = "initialisation") -> Measure:
    """Return E of whole networks at the end of training over that at the start."""
    whole = table.where(part="training", case=case, kind=kind, pruning=0.0)
    return ratio(whole.where(last=True), whole.where(step=0), name)


def pruned(table: Table, kind: str, name: str, share: float = MOST, *, case: str = "initialisation") -> Measure:
    """Return E or Ẽ of networks pruned at the start, or otherwise at the end, over that of whole ones."""
    mine = table.where(part="start" if case == "layer" else "training", case=case, kind=kind)
    mine = mine.where(last=True) if case in ("after", "iterative") else mine.where(step=0)
    return ratio(mine.where(pruning=share), mine.where(pruning=0.0), name)


def threshold_fall(table: Table, kind: str, threshold: float) -> Measure:
    """Return E of whole networks at the end of training over that at the start, at a threshold of activity."""
    whole = table.where(part="threshold", kind=kind, pruning=0.0, threshold=threshold)
    return ratio(whole.where(last=True), whole.where(last=False), "paths")


def along_alpha(table: Table, kind: str, one: str, other: str, learning_rate: float) -> Measure:
    """Return the mean over seeds of the rank correlation over α of two columns, E taken at the start."""

    def correlation(mine: Table) -> float:
        columns = [
            np.array((mine.where(step=0) if name in COUNTS else mine.where(last=True)).column(name))
            for name in (one, other)
        ]
        return rank_correlation(*columns, permutations=0).value

    return table.where(part="early", case="alpha", kind=kind, learning_rate=learning_rate).each(correlation)


def geometric(ratios: Sequence[float]) -> Measure:
    """Return the geometric mean of one ratio per seed with the interval of the mean of its logarithm."""
    logarithms = over_seeds([math.log(ratio) if ratio > 0 else math.nan for ratio in ratios])
    low, high = logarithms.interval or (math.nan, math.nan)
    return replace(
        logarithms,
        value=math.exp(logarithms.value),
        interval=(math.exp(low), math.exp(high)),
        each=tuple(replace(each, value=math.exp(each.value)) for each in logarithms.each),
        estimator="geometric mean over seeds, Student's t interval of the logarithm",
    )
