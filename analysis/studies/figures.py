"""The figures of a report on a study."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.figures import Varied, interval_curves, interval_dots, map_gallery, setting_scatter, trial_curve
from hubbub.analysis.measure import over_seeds
from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.thinning import thinned
from hubbub.analysis.studies.findings import StudyFindings, best_first, is_numeric
from hubbub.analysis.studies.words import short_names, spoken, value_text
from hubbub.analysis.views.default.findings import Course

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_PANELS, MOST_LINES, MOST_ROWS, MOST_RECORDS = 9, 8, 40, 40
ACROSS = 3


def study_figures(found: StudyFindings) -> dict[str, ReportFigure]:
    """Return the figures by name; those for which a study has no data are left out."""
    drawn = {
        "conditions": _conditions(found),
        "curves": _curves(found),
        "dialect-maps": _dialect_maps(found),
        "settings": _settings(found),
        "trials": _trials(found),
    }
    return {name: figure for name, figure in drawn.items() if figure is not None}


def _conditions(found: StudyFindings) -> ReportFigure | None:
    shown = best_first(found.study, found.conditions)[:MOST_ROWS]
    if (
        found.is_adaptive
        or len(shown) < 2
        or not found.quantities
        or max(len(found.conditions[one].runs) for one in shown) < 2
    ):
        return None
    numbers = list(range(len(found.quantities)))[:MOST_PANELS]

    def draw(chosen: Sequence[int]) -> Figure:
        rows = {
            spoken(found.quantities[number]): {found.conditions[one].label: found.means[one][number] for one in shown}
            for number in chosen
        }
        return interval_dots(rows, along="", columns=ACROSS)

    caption = "Mean over the seeds of each condition with its 95 % interval (Student's t); small dots are single runs."
    return _in_panels(draw, numbers, caption + _more(len(found.quantities), "quantities"))


def _curves(found: StudyFindings) -> ReportFigure | None:
    shown = best_first(found.study, found.conditions)[:MOST_LINES]
    drawn = {}
    for name, of_conditions in found.curves.items():
        lines = {found.conditions[one].label: _line(of_conditions[one]) for one in shown}
        lines = {label: line for label, line in lines.items() if len(line.settings) > 1}
        if lines:
            drawn[name] = lines
    if not drawn:
        return None

    def draw(chosen: Sequence[str]) -> Figure:
        return interval_curves({spoken(name): drawn[name] for name in chosen}, along="step", limits=None)

    caption = "Metrics over the steps: mean over the seeds of each condition, bands are its 95 % interval."
    if len(found.conditions) > len(shown):
        which = "best trials" if found.is_adaptive else "first conditions"
        caption += f" Only the {len(shown)} {which} are shown."
    return _in_panels(draw, list(drawn)[:MOST_PANELS], caption + _more(len(drawn), "metrics"))


def _line(of_runs: Sequence[Course | None]) -> Varied:
    """Return mean and interval over seeds at some of the recorded steps."""
    known = [course for course in of_runs if course is not None]
    every = np.unique(np.concatenate([course.steps for course in known])) if known else np.empty(0, dtype=np.int64)
    steps = thinned(every.tolist(), MOST_RECORDS)
    measures = []
    for step in steps:
        values = [course.mean[course.steps == step] for course in known]
        measures.append(over_seeds([float(value[0]) for value in values if len(value)]))
    kept = [number for number, measure in enumerate(measures) if np.isfinite(measure.value)]
    return Varied([steps[number] for number in kept], [replace(measures[number], each=()) for number in kept])


def _dialect_maps(found: StudyFindings) -> ReportFigure | None:
    if not found.maps:
        return None

    def draw(number: int) -> Figure:
        maps = {
            f"seed {one.seed}: {_count(one.labels)}": (one.edges, one.places, one.labels) for one in found.maps[number]
        }
        return map_gallery(maps, heading=found.conditions[number].label)

    panels = [draw(number) for number in found.maps]
    whole = map_gallery(
        {
            f"{found.conditions[number].label}, seed {one.seed}": (one.edges, one.places, one.labels)
            for number, maps in found.maps.items()
            for one in maps
        }
    )
    caption = (
        "Groups of agents with similar messages at the last lexicon of single runs; dialects, where agents of "
        "a group understand each other. Colours and shapes go by size in each run: blue circles are the largest group; "
        "grey crosses are agents that nobody hears."
    )
    most = max(len(condition.runs) for condition in found.conditions)
    shown = max(map(len, found.maps.values()))
    if most > shown:
        caption += f" The first {shown} of up to {most} runs of a condition are shown."
    if len(found.maps) < sum(bool(condition.runs) for condition in found.conditions):
        caption += f" {len(found.maps)} of {len(found.conditions)} conditions are shown."
    return ReportFigure(whole, panels, caption)


def _count(labels: np.ndarray) -> str:
    n = int(labels.max(initial=-1)) + 1
    return "1 group" if n == 1 else f"{n} groups"


def _settings(found: StudyFindings) -> ReportFigure | None:
    """Return one quantity against each field that varies, where that is more than the conditions side by side."""
    numeric = [
        path
        for path in found.study.varying
        if is_numeric(at := [condition.settings[path] for condition in found.conditions]) and len(set(at)) > 2
    ]
    paths = found.study.varying if found.is_adaptive else numeric
    if not paths or not found.quantities:
        return None
    number = found.quantities.index(found.objective) if found.objective in found.quantities else 0
    rows = [
        (one, value) for one, means in enumerate(found.means) for value in (seed.value for seed in means[number].each)
    ]
    names = short_names(found.study.varying)
    values = np.array([value for _, value in rows])
    label = spoken(found.quantities[number])

    def draw(chosen: Sequence[str]) -> Figure:
        given = {names[path]: [_shown(found.conditions[one].settings[path]) for one, _ in rows] for path in chosen}
        return setting_scatter(given, values, label=label)

    return _in_panels(draw, list(paths)[:MOST_PANELS], f"{label.capitalize()} of every run against each field.")


def _shown(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else value_text(value)


def _trials(found: StudyFindings) -> ReportFigure | None:
    values = [trial["value"] for trial in found.study.trials]
    if not any(value is not None for value in values):
        return None
    told = found.study.about["optuna"]
    curve = trial_curve(
        np.array([np.nan if value is None else value for value in values]),
        label=spoken(found.objective),
        maximize=bool(told["maximize"]),
    )
    return ReportFigure(curve, [curve], "The value of every trial in order, and the best value so far.")


def _in_panels(draw: Callable[[Sequence[Any]], Figure], parts: Sequence[Any], caption: str) -> ReportFigure:
    return ReportFigure(draw(parts), [draw([part]) for part in parts], caption)


def _more(n: int, what: str) -> str:
    return f" The first {MOST_PANELS} of {n} {what} are shown; the table has all." if n > MOST_PANELS else ""
