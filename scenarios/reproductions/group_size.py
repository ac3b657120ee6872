"""Kim & Oh 2021, first claim: languages drift apart as a group grows, while success holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from hubbub.analysis.dialects import similarity
from hubbub.analysis.figures.interval_curves import interval_curves
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim, Condition
from hubbub.scenarios.reproductions.criteria import Above, Below
from hubbub.scenarios.reproductions.design import Changes, Design, level
from hubbub.scenarios.reproductions.plateau import late_change
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Row, Table
from hubbub.simulator.store import Run

CONVERGED, SETTLED, KEPT = 0.95, 0.03, 0.01
"""Mean success that every size must reach, the largest mean change in the last fifth of the steps that counts as a
plateau, and the loss of success per doubling of N that counts as none."""
SEPARATE = {"agent.coupling": "separate", "agent.self_talk": 0.0}
LARGE = {"channel.vocabulary": 20, "channel.max_length": 10}
SMALL: Mapping[str, tuple[tuple[int, ...], Changes]] = {
    "tied": ((2, 4, 8, 16), {}),
    "separate": ((2, 4, 8, 16), SEPARATE),
}
FULL: Mapping[str, tuple[tuple[int, ...], Changes]] = {
    "tied": ((2, 3, 5, 10, 20, 50, 100, 200), {}),
    "separate": ((2, 3, 5, 10, 20), SEPARATE),
    "large channel": ((2, 3, 5, 10, 20), LARGE),
    "edge pairing": ((2, 3, 5, 10, 20, 50), {"training.pairing": "edge"}),
}
"""By condition: sizes of the group, and what is changed in the scenario."""


@reproduction("group-size")
@sizes(small={"conditions": SMALL}, full={"conditions": FULL})
def group_size(*, conditions: Mapping[str, tuple[tuple[int, ...], Changes]], seeds: int = 5) -> Reproduction:
    """Complete graphs of growing size, the same updates per agent: do languages drift apart, does success hold?"""
    designs = [
        Design(
            "group-size",
            "{condition}/n{n_agents:03d}-s{seed}",
            measure,
            seeds=seeds,
            common=changes,
            factors={"n_agents": level("topology.n_agents", *numbers)},
            labels={"condition": name},
        )
        for name, (numbers, changes) in conditions.items()
    ]
    remarks = [
        "A reproduction of the abstract's qualitative claim under our own specification, not a replication of the "
        "paper's numbers: sizes, similarity measure and agents are not given there.",
        "Similarity is judged over N ≥ 3: of two agents each hears one voice only, and need not speak like it.",
    ]
    title = "Group size: do languages drift apart while success holds?"
    return Reproduction(title, "Kim & Oh 2021, abstract", designs, claims, figures, remarks)


def measure(run: Run) -> Row:
    """Return success and similarity at the end, and how much they still change."""
    train = run.lexicon().splits["train"]
    end = 0 if run.configuration["channel"]["end_symbol"] else None
    others = ~np.eye(len(train.messages), dtype=bool)
    row: dict[str, Any] = {"steps": run.step}
    for name in ("success_over_links", "success_self", "generalisation_over_links"):
        row[name] = float(run.metric(name)[1][-1])
    for metric in ("edit", "exact", "positional"):
        alike = similarity(train.messages, lengths=train.lengths, kind=metric, end_symbol=end, permutations=20)
        row[f"similarity_{metric}"] = float(alike.matrix[others].mean())
        row[f"similarity_{metric}_chance"] = alike.mean.null.mean if alike.mean.null else math.nan
    row["late_change_success"] = late_change(*run.metric("success_over_links"))
    row["late_change_similarity"] = late_change(*run.metric("similarity_all_pairs"))
    return row


def claims(table: Table) -> list[Claim]:
    """Judge every condition by itself."""
    return [claim for condition, part in table.by("condition").items() for claim in _of_condition(condition, part)]


def _of_condition(condition: str, table: Table) -> list[Claim]:
    where = f"complete graphs, N = {', '.join(map(str, table.levels('n_agents')))}; {condition}"

    def means(name: str) -> list[float]:
        return [measure.value for measure in table.curve("n_agents", name).measures]

    conditions = [Condition("lowest mean success", min(means("success_over_links")), at_least=CONVERGED)]
    for what in ("success", "similarity"):
        change = max(means(f"late_change_{what}"), key=abs)
        name = f"largest mean change of {what} in the last fifth of the steps"
        conditions.append(Condition(name, change, at_least=-SETTLED, at_most=SETTLED))
    slopes = table.added("doublings", lambda row: float(np.log2(row["n_agents"])))
    large = slopes.filter(lambda row: row["n_agents"] >= 3)
    return [
        Claim(
            f"C1 success ({condition})",
            "success is kept as the group grows",
            f"change of success over links per doubling of N; {where}",
            slopes.slope("doublings", "success_over_links"),
            Above(-KEPT, "a smaller loss per doubling counts as none: our choice"),
            conditions=conditions,
        ),
        *(
            Claim(
                f"C1 similarity, {kind} ({condition})",
                "languages grow less alike as the group grows",
                f"change of similarity of all pairs per doubling of N, N ≥ 3; {where}",
                large.slope("doublings", f"similarity_{kind}"),
                Below(0),
                conditions=conditions,
            )
            for kind in ("edit", "exact")
        ),
    ]


def figures(table: Table, _: MadeRuns) -> Figures:
    """Draw success and similarity over the size of the group."""
    shown = {
        "success, linked pairs": "success_over_links",
        "similarity (edit)": "similarity_edit",
        "similarity (exact match)": "similarity_exact",
    }
    panels = {
        condition: {said: part.curve("n_agents", name) for said, name in shown.items()}
        for condition, part in table.by("condition").items()
    }
    return {
        "group-size": (
            interval_curves(panels, along="agents N", logarithmic=True),
            "Success and similarity of all pairs against the size of the group; lines: means over seeds, bands: 95 % "
            "intervals, dots: seeds.",
        )
    }
