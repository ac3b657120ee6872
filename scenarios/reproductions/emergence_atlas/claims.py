"""Whether general measures move where the order parameter of a system does, judged for every system and measure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from hubbub.analysis.crossing import crossing
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.ranks import rank_correlation
from hubbub.scenarios.reproductions.claim import CONTROL, Claim
from hubbub.scenarios.reproductions.criteria import WEAK, Above
from hubbub.scenarios.reproductions.emergence_atlas.systems import SYSTEMS, System
from hubbub.scenarios.reproductions.table import Row, Rows, Table, mean_of_known

MEASURES = {
    "paths": "E (paths)",
    "dimensions": "participation ratio",
    "learning_coefficient": "learning coefficient",
    "psi": "Ψ (bits)",
}
SOURCES = {
    "paths": "AlShinaifi et al. 2024",
    "dimensions": "ours",
    "learning_coefficient": "Lau et al. 2023",
    "psi": "Rosas, Mediano et al. 2020",
}


def courses(table: Table) -> dict[str, Course]:
    """Return the course of every system along its axis."""
    return {
        name: Course(SYSTEMS[name], [_along(rows, SYSTEMS[name]) for rows in part.by("seed").values()])
        for name, part in table.by("system").items()
    }


def _along(rows: Table, system: System) -> Rows:
    """Return the rows of one run along the axis of its system."""
    if system.along == "step":
        return rows.rows

    def setting(row: Row) -> Any:
        return row[system.along]

    trained = sorted(rows.where(step=max(rows.levels("step"))), key=setting)
    return [min(alike, key=lambda row: row.get("loss") or 0.0) for _, alike in groupby(trained, key=setting)]


class Course:
    """One system: the rows of every seed along its axis."""

    def __init__(self, system: System, seeds: Sequence[Rows]) -> None:
        self.system, self.seeds = system, seeds

    def settings(self) -> list[float]:
        """Return the settings on the axis `[T]`."""
        return [float(row[self.system.along]) for row in self.seeds[0]]

    def values(self, name: str) -> np.ndarray:
        """Return a quantity `[seeds, T]`."""
        return np.array([[row[name] for row in rows] for rows in self.seeds], dtype=float)

    def transition(self) -> Measure:
        """Return where the order parameter is halfway between its first and its last value."""
        found = []
        for values in self.values("order"):
            rising = values if values[-1] > values[0] else -values
            found.append(crossing(self.settings(), rising.tolist(), level=(rising[0] + rising[-1]) / 2))
        return over_seeds(found)

    def halfway(self, name: str) -> Measure:
        """Return where a quantity has made half of all its moves."""
        found, settings = [], self.settings()
        for values in self.values(name):
            moves = np.nan_to_num(np.abs(np.diff(values)))
            reached = np.concatenate([[0.0], np.cumsum(moves)]) / (moves.sum() or math.nan)
            found.append(float(np.interp(0.5, reached, settings)))
        return over_seeds(found)

    def together(self, name: str) -> Measure:
        """Return the rank correlation of how far a quantity and the order parameter move between two records."""
        return over_seeds([_correlation(*pair) for pair in zip(self.moves("order"), self.moves(name), strict=True)])

    def with_others(self, name: str) -> Measure:
        """Return the same with the order parameter of all other seeds, in the mean: what a common schedule explains."""
        orders = self.moves("order")
        return over_seeds(
            [
                float(np.mean([_correlation(other, own) for at, other in enumerate(orders) if at != seed]))
                for seed, own in enumerate(self.moves(name))
            ]
        )

    def moves(self, name: str) -> np.ndarray:
        """Return how far a quantity moves between two records `[seeds, T − 1]`."""
        return np.abs(np.diff(self.values(name)))


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    kept = np.isfinite(one) & np.isfinite(other)
    return rank_correlation(one[kept], other[kept], permutations=0).value if kept.sum() > 2 else math.nan


def claims(table: Table) -> list[Claim]:
    """Judge every measure of every system, and whether it tells of more than the schedule of training."""
    all_courses = courses(table)
    of_systems = [
        _claim(of, measure) for measure in MEASURES for of in all_courses.values() if measure not in of.system.lacks
    ]
    return [*of_systems, *(beyond_schedule(all_courses, measure) for measure in MEASURES)]


def _claim(of: Course, measure: str) -> Claim:
    transition = of.transition()
    has_loss = of.seeds[0][0].get("loss") is not None
    loss = f", of the loss itself {of.together('loss').value:+.2f}" if has_loss else ""
    return Claim(
        f"{MEASURES[measure]}: {of.system.label}",
        "the measure moves where the order parameter does",
        f"rank correlation over {np.isfinite(of.moves(measure)[0]).sum()} intervals of how far both move",
        of.together(measure),
        Above(WEAK),
        f"with the order parameter of other seeds {of.with_others(measure).value:+.2f}{loss}; half of its moves by "
        f"{of.halfway(measure).value:.3g}, the transition at {transition.value:.3g} ({of.system.along}, {transition.n} "
        f"of {len(of.seeds)} seeds)",
        SOURCES[measure],
    )


def beyond_schedule(all_courses: Mapping[str, Course], measure: str) -> Claim:
    """Judge whether a measure follows its own network, or what all networks of a system do at the same time."""
    apart = {}
    for of in all_courses.values():
        if measure not in of.system.lacks:
            pairs = zip(of.together(measure).each, of.with_others(measure).each, strict=True)
            apart[of.system.label] = [own.value - others.value for own, others in pairs]
    return Claim(
        f"beyond the schedule: {MEASURES[measure]}",
        "the measure moves with the order parameter of its own network, and not only when all networks' do",
        f"correlation with its own order parameter minus that with other seeds', in the mean over {len(apart)} systems",
        mean_of_known([list(zip(apart, seed, strict=True)) for seed in zip(*apart.values(), strict=True)]),
        Above(0),
        source=CONTROL,
    )


def in_plain_words(judged: Sequence[Claim]) -> list[str]:
    """Return for each measure the systems whose transition it sees, does not see, or leaves open."""
    sentences = []
    for title in MEASURES.values():
        of: dict[str, list[str]] = {"holds": [], "does not hold": [], "not decided": []}
        for claim in judged:
            if claim.name.startswith(f"{title}: "):
                of[claim.verdict].append(f"{claim.name.removeprefix(f'{title}: ')} ({claim.value.value:+.2f})")
        said = {"holds": "sees", "does not hold": "does not see", "not decided": "not decided"}
        parts = [f"{said[verdict]}: {', '.join(names)}" for verdict, names in of.items() if names]
        sentences.append(f"{title}: {'; '.join(parts)}.")
    return sentences
