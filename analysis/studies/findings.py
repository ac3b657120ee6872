"""All that a report says about a study, computed once."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.comparison import Differences, compare_conditions, holm
from hubbub.analysis.figures import layout
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.run_measures.dialects import LastLexicon
from hubbub.analysis.studies.conditions import Condition, conditions_of
from hubbub.analysis.studies.last_values import courses
from hubbub.analysis.studies.study import StudyResult
from hubbub.analysis.text import ignore
from hubbub.analysis.views.default.findings import Course

OF_LANGUAGES = ("similarity", "topographic_similarity", "dialects", "hubs")
"""Measures of a study that chooses none, where its runs have lexicons."""
MOST_PAIRED = 6
"""Where there are more conditions, each is compared with the first one only."""
MOST_MAPS, MOST_MAPPED = 6, 12
"""Maps of a condition, and conditions with maps."""
LEAST_NUMBERS = 4
"""A numeric field with at least so many different values is related to the quantities by rank."""


@dataclass(frozen=True)
class Pair:
    """Two conditions compared: their numbers, whether by shared seeds, how many seeds, and what they differ in.

    `corrected` are p-values over the quantities and over all pairs of conditions `[M]`.
    """

    first: int
    second: int
    paired: bool
    n_seeds: tuple[int, int]
    found: Differences
    corrected: Float[np.ndarray, " M"]
    least_p: float


@dataclass(frozen=True)
class Association:
    """Spearman correlation of a numeric field with a quantity over the runs, with its p-value, corrected by Holm."""

    path: str
    quantity: str
    value: float
    n: int
    p_value: float
    corrected: float = math.nan


@dataclass(frozen=True)
class DialectMap:
    """The dialects of one run: seed, directed links `[E, 2]`, places `[N, 2]`, dialect of each agent `[N]`."""

    seed: int
    edges: Int[np.ndarray, "E 2"]
    places: Float[np.ndarray, "N 2"]
    labels: Int[np.ndarray, " N"]


@dataclass(frozen=True)
class StudyFindings:
    """What a report says of a study with C conditions and M quantities.

    Attributes
    ----------
    quantities
        Names of the quantities that vary, metrics named by the system first, then measures, then other metrics.
    n_first
        How many of these are named by the system or are measures.
    means
        Mean over seeds of each condition and quantity `[C][M]`, with interval and single seeds.
    constant
        Quantities that have one value in all runs.
    undefined
        Quantities without a value in any run, with the reason.
    pairs
        Pairs of conditions that are compared.
    associations
        Numeric fields against quantities.
    curves
        By metric, the course in each run `[C][S]` by condition.
    maps
        By number of the condition, dialects of some of its runs.
    """

    study: StudyResult
    measures: tuple[str, ...]
    conditions: tuple[Condition, ...]
    quantities: tuple[str, ...]
    n_first: int
    means: tuple[tuple[Measure, ...], ...]
    constant: dict[str, float]
    undefined: dict[str, str]
    pairs: tuple[Pair, ...]
    associations: tuple[Association, ...]
    curves: dict[str, list[list[Course | None]]]
    maps: dict[int, list[DialectMap]]

    @property
    def is_adaptive(self) -> bool:
        """Whether a sampler has chosen the settings."""
        return self.study.about.get("mode") == "optuna"

    @property
    def objective(self) -> str:
        """What an adaptive study makes as large or as small as possible; "" for others."""
        told = self.study.about.get("optuna") or {}
        return str(told.get("maximize") or told.get("minimize") or "")


def find_study(
    study: StudyResult, measures: Sequence[str] | None = None, *, notify: Callable[[str], None] = ignore
) -> StudyFindings:
    """Return the findings of a study; measures are those that it chooses when not given, or those of languages.

    All permutations are drawn from `np.random.default_rng(0)`: the same study gives the same findings.
    """
    conditions = conditions_of(study)
    names = [name for condition in conditions for name in condition.runs]
    chosen = tuple(study.measures if measures is None else measures)
    if not chosen and measures is None and names and study.run(names[0]).lexicon_steps():
        chosen = OF_LANGUAGES
    table = study.table(measures=chosen, notify=notify)
    rows = {row["run"]: row for row in table.to_pylist()}
    recorded = {name: courses(study.run(name)) for name in names}
    columns = [name for name in table.column_names if name not in {*study.rows[0], "problem"} - {*study.headline}]
    values = {column: np.array([_number(rows[name][column]) for name in names]) for column in columns}
    constant, undefined, varied = _sorted_out(values, study, names, chosen)
    metrics = {name for one in recorded.values() for name in one}
    first = [*study.headline, *(name for name in varied if name not in metrics)]
    quantities = sorted(varied, key=lambda name: first.index(name) if name in first else len(first))
    n_first = sum(name in first for name in quantities)
    place = {name: number for number, name in enumerate(names)}
    of = [
        np.stack([values[quantity][[place[run] for run in condition.runs]] for quantity in quantities], axis=1)
        if quantities
        else np.empty((len(condition.runs), 0))
        for condition in conditions
    ]
    return StudyFindings(
        study=study,
        measures=chosen,
        conditions=conditions,
        quantities=tuple(quantities),
        n_first=n_first,
        means=tuple(tuple(over_seeds(column.tolist()) for column in rows_of.T) for rows_of in of),
        constant=constant,
        undefined=undefined,
        pairs=_pairs(study, conditions, of),
        associations=_associations(study, conditions, of, quantities[:n_first]),
        curves={
            name: [[recorded[run].get(name) for run in condition.runs] for condition in conditions]
            for name in quantities
            if name in metrics
        },
        maps=_maps(study, conditions),
    )


def compared(study: StudyResult, conditions: Sequence[Condition]) -> list[tuple[int, int]]:
    """Return which conditions are compared: all pairs, the others with the first where there are many; or none.

    Settings that were drawn or searched for are no conditions that anybody asked to compare.
    """
    if study.about.get("mode") in ("random", "optuna"):
        return []
    if len(conditions) <= MOST_PAIRED:
        return list(itertools.combinations(range(len(conditions)), 2))
    return [(0, other) for other in range(1, len(conditions))]


def best_first(study: StudyResult, conditions: Sequence[Condition]) -> list[int]:
    """Return the numbers of the conditions with a run that finished: in their order, or by the value of their trial."""
    numbers = [number for number, condition in enumerate(conditions) if condition.runs]
    values = {run: trial["value"] for trial in study.trials for run in trial["runs"] if trial["value"] is not None}
    if not values:
        return numbers
    sign = -1 if study.about["optuna"]["maximize"] else 1
    return sorted(numbers, key=lambda number: sign * values.get(conditions[number].runs[0], -sign * math.inf))


def _sorted_out(
    values: dict[str, np.ndarray], study: StudyResult, names: Sequence[str], measures: Sequence[str]
) -> tuple[dict[str, float], dict[str, str], list[str]]:
    """Return quantities with one value, those without any and why, and those that vary."""
    constant, undefined, varied = {}, {}, []
    for name, of_runs in values.items():
        known = of_runs[np.isfinite(of_runs)]
        if not len(known):
            found = study.measured(names[0], measures).get(name) if names else None
            undefined[name] = (found.reason if found else "") or "no run has a value"
        elif np.ptp(known) <= 1e-12 * np.abs(known).max() and (len(known) == len(of_runs)):
            constant[name] = float(known[0])
        else:
            varied.append(name)
    return constant, undefined, varied


def _pairs(study: StudyResult, conditions: Sequence[Condition], of: Sequence[np.ndarray]) -> tuple[Pair, ...]:
    chosen = [pair for pair in compared(study, conditions) if all(conditions[one].runs for one in pair)]
    made = []
    for first, second in chosen:
        shared = sorted(set(conditions[first].seeds) & set(conditions[second].seeds))
        paired = len(shared) > 1
        one, other = (
            of[number][[conditions[number].seeds.index(seed) for seed in shared]] if paired else of[number]
            for number in (first, second)
        )
        found = compare_conditions(one, other, paired=paired)
        corrected = np.minimum(found.corrected * len(chosen), 1)
        made.append(Pair(first, second, paired, (len(one), len(other)), found, corrected, found.least_p * len(chosen)))
    return tuple(made)


def _associations(
    study: StudyResult, conditions: Sequence[Condition], of: Sequence[np.ndarray], quantities: Sequence[str]
) -> tuple[Association, ...]:
    from scipy.stats import spearmanr

    made: list[Association] = []
    if study.about.get("mode") == "optuna":  # settings that depend on the values before them are no sample
        return ()
    every = np.concatenate(of)
    for path in study.varying:
        at = [condition.settings[path] for condition in conditions]
        if not is_numeric(at) or len(set(at)) < LEAST_NUMBERS:
            continue
        settings = np.repeat(np.array(at, dtype=float), [len(rows) for rows in of])
        for number, quantity in enumerate(quantities):
            known = np.isfinite(every[:, number])
            if known.sum() < 3 or np.ptp(every[known, number]) == 0 or np.ptp(settings[known]) == 0:
                continue
            found = spearmanr(settings[known], every[known, number])
            made.append(Association(path, quantity, float(found.statistic), int(known.sum()), float(found.pvalue)))
    corrected = holm(np.array([one.p_value for one in made], dtype=float))
    return tuple(replace(one, corrected=float(p)) for one, p in zip(made, corrected, strict=True))


def is_numeric(values: Sequence[Any]) -> bool:
    """Whether all values of a field are numbers."""
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _maps(study: StudyResult, conditions: Sequence[Condition]) -> dict[int, list[DialectMap]]:
    """Return the dialects of some runs of each condition, where there are lexicons."""
    made: dict[int, list[DialectMap]] = {}
    places: dict[bytes, np.ndarray] = {}
    for number in best_first(study, conditions)[:MOST_MAPPED]:
        condition = conditions[number]
        for name, seed in list(zip(condition.runs, condition.seeds, strict=True))[:MOST_MAPS]:
            run = study.run(name)
            last = LastLexicon.of(run)
            if last is None:
                continue
            where, n_agents = run.agents().positions, len(last.heard)
            if where is None or where.shape[1] != 2:
                key = last.edges.tobytes()
                where = places[key] if key in places else places.setdefault(key, layout(last.edges, n_agents))
            made.setdefault(number, []).append(DialectMap(seed, last.edges, where, last.labels))
    return made


def _number(value: float | None) -> float:
    return math.nan if value is None else value
