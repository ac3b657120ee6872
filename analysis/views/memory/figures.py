"""The figures of a report on memories."""

from __future__ import annotations

from collections.abc import Sequence
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
from hubbub.analysis.measure import over_seeds
from hubbub.analysis.memories import WaitingTimes
from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.tails import compare
from hubbub.analysis.views.memory.findings import MemoryFindings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STEPS_SHOWN = 400
MANY_NOISES, MANY_LOADS, MOST_LINES = 3, 3, 6


def memory_figures(found: MemoryFindings) -> dict[str, ReportFigure]:
    """Return the figures by name; those for which a run has no data are left out."""
    drawn: dict[str, ReportFigure] = {}
    if len(found.phases.noise) >= MANY_NOISES:
        drawn["over-noise"] = _over_noise(found)
        if len(found.phases.loads) > 1:
            drawn["phase-diagram"] = _phases(found)
    elif len(found.phases.loads) >= MANY_LOADS:
        drawn["over-load"] = _over_load(found)
    if len(found.activity):
        drawn["activity"] = _activity(found)
    if found.has_series:
        drawn |= _scaling(found)
    waits = {"births of avalanches": found.peak.births, "coincidences": found.peak.coincidences}
    for name, waiting in waits.items():
        if len(waiting.times):
            drawn[f"survival-{name.split()[0]}"] = _survival(found, name, waiting)
    return drawn


def _over_noise(found: MemoryFindings) -> ReportFigure:
    phases = found.phases
    loads = phases.loads[np.unique(np.linspace(0, len(phases.loads) - 1, MOST_LINES).astype(int))]
    at = phases.noise.tolist()

    def lines(name: str) -> dict[str, Varied]:
        def values(load: int, noise: float) -> list[float]:
            return [row[name] for row in phases.rows if row["load"] == load and row["noise"] == noise]

        return {
            f"K = {load}" if found.has_patterns else "copies": Varied(
                at, [over_seeds(values(load, noise)) for noise in at]
            )
            for load in loads.tolist()
        }

    names = {"H": "h", "mean overlap" if found.has_patterns else "mean activity": _mean_of(found)}
    panels = {title: lines(name) for title, name in names.items() if found.has_series or name != "h"}
    bands = " Lines: means over repetitions, bands: 95 % intervals, dots: repetitions." if _repeated(found) else ""
    caption = f"{' and '.join(panels)} over noise.{bands}"

    def draw(titles: Sequence[str]) -> Figure:
        return interval_curves({title: panels[title] for title in titles}, along="noise", limits=None)

    return ReportFigure(draw(list(panels)), [draw([title]) for title in panels], caption)


def _over_load(found: MemoryFindings) -> ReportFigure:
    phases, name = found.phases, _mean_of(found)
    loads = phases.loads.tolist()

    def overlap(load: int, noise: float) -> list[float]:
        return [row[name] for row in phases.rows if row["load"] == load and row["noise"] == noise]

    lines = {
        f"noise {noise:g}": Varied(loads, [over_seeds(overlap(load, noise)) for load in loads])
        for noise in phases.noise.tolist()
    }
    title = "mean overlap" if name == "mean_overlap" else "overlap at the end"
    figure = interval_curves({title: lines}, along="load (stored patterns)", logarithmic=True)
    return ReportFigure(figure, [figure], "Overlap with the target pattern over load; dots are repetitions.")


def _mean_of(found: MemoryFindings) -> str:
    """Return the name of the statistic to draw; a run shorter than its burn-in has no means over time."""
    if not found.has_patterns:
        return "mean_activity"
    return "mean_overlap" if np.isfinite(found.copies[0].mean_overlap) else "overlap"


def _repeated(found: MemoryFindings) -> bool:
    return any(copy.repetition for copy in found.copies)


def _phases(found: MemoryFindings) -> ReportFigure:
    phases = found.phases
    if not found.has_series:
        figure = phase_diagram(phases.noise, phases.loads, phases.mean(_mean_of(found)), label="overlap")
        return ReportFigure(figure, [figure], "Overlap over noise and load.")
    figure = phase_diagram(phases.noise, phases.loads, phases.mean("h"), label="H", interval=phases.critical)
    caption = "H over noise and load; bars are the critical intervals, dots are the maxima of H − error."
    return ReportFigure(figure, [figure], caption)


def _activity(found: MemoryFindings) -> ReportFigure:
    last = min(STEPS_SHOWN, len(found.activity))
    figure = activity_raster(found.activity, found.avalanches, last=last)
    caption = f"Activity and avalanches (shaded) in the first {last} records after the burn-in; {_which(found)}."
    return ReportFigure(figure, [figure], caption)


def _scaling(found: MemoryFindings) -> dict[str, ReportFigure]:
    copies = {f"noise {found.copies[i].noise:g}": found.copies[i] for i in found.shown}
    signal = "overlap" if found.has_patterns else "activity"
    load = f"; load {found.peak.load}" if found.has_patterns else ""
    fluctuation = scaling_curves({name: copy.h for name, copy in copies.items()})
    entropy = scaling_curves({name: copy.delta for name, copy in copies.items()}, axis="entropy in nats")
    return {
        "scaling": ReportFigure(fluctuation, [fluctuation], f"DFA of the {signal}: slopes are H{load}."),
        "entropy": ReportFigure(entropy, [entropy], f"Diffusion entropy of the {signal}: slopes are δ{load}."),
    }


def _survival(found: MemoryFindings, name: str, waiting: WaitingTimes) -> ReportFigure:
    ratios = compare(waiting.times, waiting.fit)
    figure = survival_curves(waiting.times, waiting.fit, ratios, label=f"steps between {name}")
    caption = f"Times between {name}, with a power law and alternatives; {_which(found)}."
    return ReportFigure(figure, [figure], caption)


def _which(found: MemoryFindings) -> str:
    copy = found.peak
    load = f", load {copy.load}" if found.has_patterns else ""
    return f"noise {copy.noise:g}{load}, repetition {copy.repetition}"
