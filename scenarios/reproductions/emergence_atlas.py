"""One set of measures on many systems: do general measures of emergence see the published transitions?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.crossing import crossing
from hubbub.analysis.figures.atlas_grid import AtlasRow, atlas_grid
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.ranks import rank_correlation
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.correlating import WEAK
from hubbub.scenarios.reproductions.emergence_atlas_networks import REACH, SAMPLES
from hubbub.scenarios.reproductions.emergence_atlas_psi import GROUPS
from hubbub.scenarios.reproductions.emergence_atlas_systems import LOOKS, PLACES, Place, atlas_rows
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.measuring import measured
from hubbub.scenarios.reproductions.network_rows import shortened
from hubbub.scenarios.reproductions.rows import Rows, mean_of_known

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
    claims += [_beyond(seen, measure) for measure in MEASURES]
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
            "most: rank correlation over looks of how far each moves, seed by seed.",
            "Caution: all networks of a system learn at about the same step, and everything moves most while a network "
            "learns at all. So the same is said for the order parameters of other seeds, and of the loss; only what is "
            "beyond both tells of more than the schedule of training.",
            "E: every sample's paths from inactive to active units, from the input on, in the mean. Participation "
            f"ratio: of the last hidden layer. Ψ: from one look to the next, parts are {GROUPS} groups of units of "
            "that layer, in quartiles over inputs, redundancy taken off as often as it occurs: a lower bound, so "
            "below 0 it does not show that there is no emergence. Of talking agents it is that of groups of agents, of "
            "the memory that of groups of spins, with their overlap as whole.",
            f"Caution: the learning coefficient is that of a short walk that goes {REACH:g} of the weights' size away, "
            f"at the temperature of {SAMPLES} samples. Directions that are not much steeper than that count less, and "
            "losses are those that are trained (squared errors are no likelihoods; for control, how unlikely a policy "
            "finds its own actions), so values of different systems do not compare. Around weights that are no "
            "minimum it is low or negative, and tells how much is still to be gained.",
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
        """Return how far a quantity moves between two looks `[seeds, T − 1]`."""
        return np.abs(np.diff(self.values(name)))


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    kept = np.isfinite(one) & np.isfinite(other)
    return rank_correlation(one[kept], other[kept], permutations=0).value if kept.sum() > 2 else math.nan


def _claim(of: Seen, measure: str) -> Claim:
    value, transition = of.together(measure), of.transition()
    loss = f", of the loss itself {of.together('loss').value:+.2f}" if "loss" in of.seeds[0][0] else ""
    return Claim(
        f"{MEASURES[measure]}: {of.place.label}",
        SOURCES[measure],
        "the measure moves where the order parameter does",
        f"rank correlation over {np.isfinite(of.moves(measure)[0]).sum()} intervals of how far both move",
        value,
        judge(value, above=WEAK),
        f"holds above {WEAK:g}, which is ours; with the order parameter of other seeds "
        f"{of.with_others(measure).value:+.2f}{loss}; half of its moves by {of.halfway(measure).value:.3g}, the "
        f"transition at {transition.value:.3g} ({of.place.along}, {transition.n} of {len(of.seeds)} seeds)",
    )


def _beyond(seen: Mapping[str, Seen], measure: str) -> Claim:
    """Return whether a measure follows its own network, or what all networks of a system do at the same time."""
    apart = {}
    for of in seen.values():
        if measure not in of.place.lacks:
            pairs = zip(of.together(measure).each, of.with_others(measure).each, strict=True)
            apart[of.place.label] = [own.value - others.value for own, others in pairs]
    value = mean_of_known([list(zip(apart, seed, strict=True)) for seed in zip(*apart.values(), strict=True)])
    return Claim(
        f"beyond the schedule: {MEASURES[measure]}",
        "control",
        "the measure moves with the order parameter of its own network, and not only when all networks' do",
        f"correlation with its own order parameter less that with other seeds', in the mean over {len(apart)} systems",
        value,
        judge(value, above=0.0),
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
