"""One set of measures on eight systems: do general measures of emergence see the published transitions?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.crossing import crossing
from analysis.figures.atlas_grid import AtlasRow, atlas_grid
from analysis.measure import Measure, over_seeds
from analysis.ranks import rank_correlation
from scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from scenarios.reproductions.correlating import WEAK
from scenarios.reproductions.emergence_atlas_networks import LOCALISATION, SAMPLES, STEP_SIZE
from scenarios.reproductions.emergence_atlas_psi import GROUPS
from scenarios.reproductions.emergence_atlas_systems import LOOKS, PLACES, Place, atlas_rows
from scenarios.reproductions.lab import Job, Lab
from scenarios.reproductions.measuring import measured
from scenarios.reproductions.network_rows import shortened
from scenarios.reproductions.rows import Rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SMALL_SEEDS, FULL_SEEDS = 5, 20
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


@reproduction("emergence-atlas")
def emergence_atlas(lab: Lab) -> Outcome:
    """Paths, dimensions, learning coefficient and Ψ of every system, beside the transition that its source tells of."""
    seeds = FULL_SEEDS if lab.is_full else SMALL_SEEDS
    jobs = {
        (name, seed): Job(f"{name}-s{seed}", name, place.changes, seed)
        for name, place in PLACES.items()
        for seed in range(seeds)
    }
    runs = lab.run(list(jobs.values()))
    by_run = dict(zip(jobs, measured(lab, runs, atlas_rows), strict=True))
    seen = {
        name: Seen(place, [_course(by_run[name, seed], place) for seed in range(seeds)])
        for name, place in PLACES.items()
    }
    claims = [_claim(of, measure) for measure in MEASURES for of in seen.values() if measure not in of.place.lacks]
    return Outcome(
        "Atlas: do general measures of emergence see the published transitions?",
        claims,
        shortened([{"system": name, **row} for (name, _), rows in by_run.items() for row in rows]),
        {
            "atlas": (
                _figure(seen),
                "Every system (rows) under the same measures (columns): mean and 95 % interval over seeds; the dashed "
                "line is where the order parameter is halfway, with its interval.",
            )
        },
        [
            *_in_plain_words(claims),
            f"{seeds} seeds of each system, {LOOKS} looks at equal steps; sizes are smaller than those of the systems' "
            "own reproductions. Order parameters: "
            + "; ".join(f"{place.label}: {place.tells}" for place in PLACES.values())
            + ".",
            "A measure sees a transition when it changes most at the looks between which the order parameter changes "
            "most: rank correlation over looks of how far each moves, seed by seed. That two things move at the same "
            "time does not say that one is the other's reason; all of them move most while a network learns at all.",
            "E: every sample's paths from inactive to active units, from the input on, in the mean. Participation "
            f"ratio: of the last hidden layer. Ψ: from one look to the next, parts are {GROUPS} groups of units of "
            "that layer, in quartiles over inputs, redundancy taken off as often as it occurs: a lower bound, so "
            "below 0 it does not show that there is no emergence.",
            "Caution: the learning coefficient is that of a short walk (one chain, temperature of "
            f"{SAMPLES} samples, ε = {STEP_SIZE:g}, γ = {LOCALISATION:g}) around weights that are no minimum while "
            "training goes on: there it is low or negative, and tells how much is still to be gained.",
        ],
    )


def _course(rows: Rows, place: Place) -> Rows:
    """Return the rows of one run along the axis of its system."""
    if place.along == "step":
        return rows

    def setting(row: Mapping[str, Any]) -> Any:
        return row[place.along]

    last = max(row["step"] for row in rows)
    trained = sorted((row for row in rows if row["step"] == last), key=setting)
    return [min(alike, key=lambda row: row.get("loss", 0.0)) for _, alike in groupby(trained, key=setting)]


@dataclass(frozen=True)
class Seen:
    """One system: the rows of every seed along its axis."""

    place: Place
    seeds: Sequence[Rows]

    def settings(self) -> list[float]:
        """Return the places on the axis `[T]`."""
        return [float(row[self.place.along]) for row in self.seeds[0]]

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
        """Return the rank correlation of how far a quantity and the order parameter move between two looks."""
        found = []
        for order, values in zip(self.values("order"), self.values(name), strict=True):
            one, other = np.abs(np.diff(order)), np.abs(np.diff(values))
            kept = np.isfinite(one) & np.isfinite(other)
            found.append(rank_correlation(one[kept], other[kept], permutations=0).value if kept.sum() > 2 else math.nan)
        return over_seeds(found)


def _claim(of: Seen, measure: str) -> Claim:
    value = of.together(measure)
    return Claim(
        f"{MEASURES[measure]}: {of.place.label}",
        SOURCES[measure],
        "the measure moves where the order parameter does",
        f"rank correlation over {len(of.settings()) - 1} intervals of how far both move",
        value,
        judge(value, above=WEAK),
        f"holds above {WEAK:g}, which is ours; half of its moves by {of.halfway(measure).value:.3g}, the transition at "
        f"{of.transition().value:.3g} ({of.place.along})",
    )


def _in_plain_words(claims: Sequence[Claim]) -> list[str]:
    """Return for each measure the systems whose transition it sees, does not see, or leaves open."""
    sentences = []
    for title in MEASURES.values():
        of: dict[str, list[str]] = {"holds": [], "does not hold": [], "not decided": []}
        for claim in claims:
            if claim.name.startswith(f"{title}: "):
                of[claim.verdict].append(f"{claim.name.removeprefix(f'{title}: ')} ({claim.value.value:+.2f})")
        said = {"holds": "sees", "does not hold": "does not see", "not decided": "not decided"}
        parts = [f"{said[verdict]}: {', '.join(names)}" for verdict, names in of.items() if names]
        sentences.append(f"{title}: {'; '.join(parts)}.")
    return sentences


def _figure(seen: dict[str, Seen]) -> Figure:
    rows = {}
    for of in seen.values():
        columns: dict[str, Any] = {"order parameter": [over_seeds(at) for at in of.values("order").T.tolist()]}
        for name, title in MEASURES.items():
            columns[title] = of.place.lacks.get(name) or [over_seeds(at) for at in of.values(name).T.tolist()]
        rows[of.place.label] = AtlasRow(
            "training step" if of.place.along == "step" else of.place.along.replace("_", " "),
            of.settings(),
            columns,
            of.transition(),
        )
    return atlas_grid(rows)
