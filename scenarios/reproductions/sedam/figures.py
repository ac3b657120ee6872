"""The figures of the reproduction `sedam`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.figures import (
    Varied,
    activity_raster,
    interval_curves,
    phase_diagram,
    scaling_curves,
    survival_curves,
)
from hubbub.analysis.measure import Measure
from hubbub.analysis.memories import copy_statistics
from hubbub.analysis.tails import compare
from hubbub.analysis.temporal import avalanches
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.catalogue import Figures
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.sedam.measures import ABOVE, NoiseSweep
from hubbub.scenarios.reproductions.table import Table
from hubbub.scenarios.systems import assemble
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN_LOAD, SHOWN_BELOW = 100, 0.2
"""Load of which single records are shown, and the noise of the one below the onset."""


def figures(table: Table, runs: MadeRuns, *, steps: int, load: int = SHOWN_LOAD) -> Figures:
    """Draw means over seeds, in records of so many steps, and single copies of the first seed at one load."""
    sweeps = {patterns: NoiseSweep(patterns, part) for patterns, part in table.by("patterns").items()}
    drawn = _means(sweeps, steps)
    for patterns, one in sweeps.items():
        drawn |= _copies(one, runs.find(patterns=patterns, load=load, seed=0), load)
    return drawn


def _means(sweeps: Mapping[str, NoiseSweep], steps: int) -> dict[str, tuple[Figure, str]]:
    drawn: dict[str, tuple[Figure, str]] = {}
    panels = {name: {**_curves(one, "mean_overlap"), "1 − 2p": _straight(one)} for name, one in sweeps.items()}
    drawn["overlap"] = (
        interval_curves(panels, along="noise p"),
        "Mean overlap with the target pattern by load; lines: means over seeds, bands: 95 % intervals, dots: seeds.",
    )
    for name, statistic, text in (
        ("h", "h", "H over windows of 10 … T/10 steps"),
        ("h-segment", "h_segment", "Slope of the widest straight segment"),
    ):
        panels = {patterns: _curves(one, statistic) for patterns, one in sweeps.items()}
        drawn[name] = interval_curves(panels, along="noise p", limits=None), f"{text}, by load."
    for patterns, one in sweeps.items():
        onsets = np.array([np.mean(one.table.where(load=load).column("onset")) for load in one.loads])
        h, critical = one.phases.mean("h"), one.phases.critical
        drawn[f"phase-{patterns.lower()}"] = (
            phase_diagram(one.phases.noise, one.phases.loads, h, interval=critical, onset=onsets),
            f"H over noise and load, {patterns} patterns: the critical interval, and the onset in closed form for T = "
            f"{steps:,}.",
        )
    panels = {
        f"{patterns}, {what}": _curves(one, statistic)
        for patterns, one in sweeps.items()
        for what, statistic in (
            ("coincidences, all times", "coincidences_against_exponential_all"),
            ("births, tail", "births_against_exponential"),
        )
    }
    drawn["power-law-or-exponential"] = (
        interval_curves(panels, along="noise p", limits=None),
        "Log-likelihood ratio of a power law over an exponential, in its standard deviations; above 0: power law.",
    )
    return drawn


def _copies(one: NoiseSweep, run: Run, load: int) -> dict[str, tuple[Figure, str]]:
    """Draw copies of a run below, at and above the noise of the largest H."""
    patterns, kind, peak = one.patterns, one.patterns.lower(), one.peaks[load]
    copies = {copy.noise: copy for copy in copy_statistics(run)}
    levels = {"below": SHOWN_BELOW, "inside": peak, "above": ABOVE}
    drawn = {
        f"scaling-{kind}": (
            scaling_curves({f"{where}, p = {noise:g}": copies[noise].h for where, noise in levels.items()}),
            f"DFA of the overlap with its segments; {patterns}, K = {load}, first seed.",
        )
    }
    for name, what in (("coincidences", "coincidences"), ("births", "births of avalanches")):
        waiting = getattr(copies[peak], name)
        drawn[f"{name}-{kind}"] = (
            survival_curves(
                waiting.times, waiting.fit, compare(waiting.times, waiting.fit), label="steps between events"
            ),
            f"Times between {what} at p = {peak:g}; {patterns}, K = {load}, first seed.",
        )
    drawn[f"raster-{kind}"] = (
        _raster(run, peak),
        f"Spins that are on and their number, avalanches shaded, at p = {peak:g}; {patterns}, K = {load}.",
    )
    return drawn


def _curves(one: NoiseSweep, name: str) -> dict[str, Varied]:
    return one.table.curves("load", "noise", name, "K = {}")


def _straight(one: NoiseSweep) -> Varied:
    noise = [float(p) for p in one.phases.noise]
    return Varied(noise, [Measure(1 - 2 * p, "1", "1 − 2p", 1) for p in noise])


def _raster(run: Run, noise: float, *, steps: int = 300) -> Figure:
    """Draw the copy of a run at this noise, stepped once more because runs keep no states."""
    settings = run.configuration
    settings = {**settings, "copies": {**settings["copies"], "noise": [noise]}}
    made = assemble(parse(settings))
    made.step(settings["recording"]["burn_in_steps"])
    states = []
    for _ in range(steps):
        made.step(1)
        states.append(made.state().tensors["spins"][0].numpy().copy())
    activity = (np.array(states) > 0).sum(axis=1)
    return activity_raster(activity, avalanches(activity), states=np.array(states))
