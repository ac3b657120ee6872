"""Kim & Oh 2021, first claim: languages drift apart as a group grows, while success holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hubbub.analysis.dialects import similarity
from hubbub.analysis.figures.interval_curves import Varied, interval_curves
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.plateau import late_change
from hubbub.simulator.store import Run

SOURCE = "Kim & Oh 2021, abstract"
CONVERGED, SETTLED, KEPT = 0.95, 0.03, 0.01
"""Mean success that every size must reach, the largest mean change in the last fifth of the steps that counts as a
plateau, and the loss of success per doubling of N that counts as none."""


@dataclass(frozen=True)
class Condition:
    """One way to run the comparison: which sizes, how many seeds, what is changed in the scenario."""

    sizes: tuple[int, ...]
    seeds: int
    changes: Mapping[str, Any]


@reproduction("group-size")
def group_size(lab: Lab) -> Outcome:
    """Complete graphs of growing size, the same updates per agent: do languages drift apart, does success hold?"""
    conditions = _conditions(full=lab.is_full)
    jobs = {
        (name, size, seed): Job(
            f"{name.replace(' ', '-')}/n{size:03d}-s{seed}",
            "group-size",
            {"topology.n_agents": size, **condition.changes},
            seed,
        )
        for name, condition in conditions.items()
        for size in condition.sizes
        for seed in range(condition.seeds)
    }
    runs = dict(zip(jobs, lab.run(list(jobs.values())), strict=True))
    rows = [_measure(run, *key) for key, run in runs.items()]
    claims: list[Claim] = []
    panels: dict[str, dict[str, Varied]] = {}
    for name in conditions:
        mine = [row for row in rows if row["condition"] == name]
        claims += _claims(name, mine)
        panels[name] = {
            "success, linked pairs": _over_sizes(mine, "success_over_links"),
            "similarity (edit)": _over_sizes(mine, "similarity_edit"),
            "similarity (exact match)": _over_sizes(mine, "similarity_exact"),
        }
    figure = interval_curves(panels, along="agents N", logarithmic=True)
    caption = (
        "Success and similarity of all pairs against the size of the group; lines: means over seeds, bands: 95 % "
        "intervals, dots: seeds."
    )
    return Outcome(
        "Group size: do languages drift apart while success holds?",
        claims,
        rows,
        {"group-size": (figure, caption)},
        [
            "A reproduction of the abstract's qualitative claim under our own specification, not a replication of the "
            "paper's numbers: sizes, similarity measure and agents are not given there.",
            "Similarity is judged over N ≥ 3: of two agents each hears one voice only, and need not speak like it.",
        ],
    )


def _conditions(*, full: bool) -> dict[str, Condition]:
    separate = {"agent.coupling": "separate", "agent.self_talk": 0.0}
    large = {"channel.vocabulary": 20, "channel.max_length": 10}
    if not full:
        return {"tied": Condition((2, 4, 8, 16), 5, {}), "separate": Condition((2, 4, 8, 16), 5, separate)}
    return {
        "tied": Condition((2, 3, 5, 10, 20, 50, 100, 200), 5, {}),
        "separate": Condition((2, 3, 5, 10, 20), 5, separate),
        "large channel": Condition((2, 3, 5, 10, 20), 5, large),
        "edge pairing": Condition((2, 3, 5, 10, 20, 50), 5, {"training.pairing": "edge"}),
    }


def _measure(run: Run, condition: str, size: int, seed: int) -> dict[str, Any]:
    train = run.lexicon().splits["train"]
    end = 0 if run.configuration["channel"]["end_symbol"] else None
    others = ~np.eye(size, dtype=bool)
    row: dict[str, Any] = {"condition": condition, "n_agents": size, "seed": seed, "steps": run.step}
    for name in ("success_over_links", "success_self", "generalisation_over_links"):
        row[name] = float(run.metric(name)[1][-1])
    for metric in ("edit", "exact", "positional"):
        alike = similarity(train.messages, lengths=train.lengths, kind=metric, end_symbol=end, permutations=20)
        row[f"similarity_{metric}"] = float(alike.matrix[others].mean())
        row[f"similarity_{metric}_chance"] = alike.mean.null.mean if alike.mean.null else math.nan
    row["late_change_success"] = late_change(*run.metric("success_over_links"))
    row["late_change_similarity"] = late_change(*run.metric("similarity_all_pairs"))
    return row


def _claims(condition: str, rows: Sequence[Mapping[str, Any]]) -> list[Claim]:
    where = f"complete graphs, N = {', '.join(str(size) for size in _sizes(rows))}; {condition}"
    lowest = min(_over_sizes(rows, "success_over_links").measures, key=lambda measure: measure.value)
    drift = {
        what: max((measure.value for measure in _over_sizes(rows, f"late_change_{what}").measures), key=abs)
        for what in ("success", "similarity")
    }
    counts = lowest.value >= CONVERGED and all(abs(change) <= SETTLED for change in drift.values())
    conditions = (
        f"lowest mean success {lowest.value:.3f}; largest mean change in the last fifth of the steps: success "
        f"{drift['success']:+.3f}, similarity {drift['similarity']:+.3f}"
    )
    if not counts:
        conditions = f"not converged (mean success at least {CONVERGED}, changes at most {SETTLED}): {conditions}"
    kept = _per_doubling(rows, "success_over_links", above=2)
    claims = [
        Claim(
            f"C1 success ({condition})",
            SOURCE,
            "success is kept as the group grows",
            f"change of success over links per doubling of N; {where}",
            kept,
            judge(kept, above=-KEPT) if counts else "not decided",
            f"holds when the interval lies above {-KEPT}; {conditions}",
        )
    ]
    for kind in ("edit", "exact"):
        slope = _per_doubling(rows, f"similarity_{kind}", above=3)
        claims.append(
            Claim(
                f"C1 similarity, {kind} ({condition})",
                SOURCE,
                "languages grow less alike as the group grows",
                f"change of similarity of all pairs per doubling of N, N ≥ 3; {where}",
                slope,
                judge(slope, below=0.0) if counts else "not decided",
                "" if counts else conditions,
            )
        )
    return claims


def _sizes(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    return sorted({row["n_agents"] for row in rows})


def _over_sizes(rows: Sequence[Mapping[str, Any]], name: str) -> Varied:
    sizes = _sizes(rows)
    return Varied(sizes, [over_seeds([row[name] for row in rows if row["n_agents"] == size]) for size in sizes])


def _per_doubling(rows: Sequence[Mapping[str, Any]], name: str, *, above: int) -> Measure:
    """Return the slope of a quantity over log2 N for sizes of at least `above`, one least-squares fit per seed."""
    slopes = []
    for seed in sorted({row["seed"] for row in rows}):
        mine = [row for row in rows if row["seed"] == seed and row["n_agents"] >= above]
        slopes.append(float(np.polyfit(np.log2([row["n_agents"] for row in mine]), [row[name] for row in mine], 1)[0]))
    return over_seeds(slopes)
