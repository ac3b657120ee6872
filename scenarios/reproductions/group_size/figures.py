"""One figure for all conditions, and one for how similarity goes with the size of the group."""

from __future__ import annotations

from hubbub.analysis.figures.interval_curves import interval_curves
from hubbub.analysis.figures.interval_dots import interval_dots
from hubbub.scenarios.reproductions.catalogue import Figures
from hubbub.scenarios.reproductions.group_size.claims import BASE, FACTORS, by_condition, slope
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Table

SLOPES = {
    "similarity (edit)": "similarity_edit",
    "similarity (exact match)": "similarity_exact",
    "success": "success_over_links",
}
LINES = {
    "success, linked pairs": "success_over_links",
    "similarity (edit)": "similarity_edit",
    "one agent twice (edit)": "consistency",
    "chance (edit)": "chance_edit",
}


def figures(table: Table, _: MadeRuns) -> Figures:
    """Draw the slopes of all conditions, and the curves of those that differ from the base in one factor at most."""
    conditions = by_condition(table.where(part="size"))
    slopes = {
        title: {condition: slope(part, name) for condition, part in conditions.items()}
        for title, name in SLOPES.items()
    }
    near = {
        condition: {said: part.curve("n_agents", name) for said, name in LINES.items()}
        for condition, part in conditions.items()
        if sum(part.rows[0][factor] != BASE[factor] for factor in FACTORS) < 2
    }
    return {
        "conditions": (
            interval_dots(slopes, along="change per doubling of N"),
            "Under what conditions do languages drift apart? Change of similarity of all pairs, and of success, per "
            "doubling of the size of the group, for each condition: means over seeds, 95 % intervals, dots: seeds. "
            "Left of 0 languages grow less alike.",
        ),
        "group-size": (
            interval_curves(near, along="agents N", logarithmic=True),
            "Success and similarity of all pairs against the size of the group, with the similarity of two samples of "
            "one agent and of messages permuted over referents; lines: means over seeds, bands: 95 % intervals, dots: "
            "seeds.",
        ),
    }
