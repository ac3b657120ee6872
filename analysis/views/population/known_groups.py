"""The section that compares dialects with known groups of the agents."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.numbers import by_chance, null_text, number, p_text, percent
from hubbub.analysis.page.parts import paragraph, section, show
from hubbub.analysis.views.population.attributes import Attributes, KnownPartition
from hubbub.analysis.views.population.findings import PopulationFindings
from hubbub.analysis.views.population.verdicts import well_above


def known_groups(found: PopulationFindings, figures: Mapping[str, ReportFigure]) -> Html:
    """Return the section on dialects over time, and on the known groups with which they agree most clearly."""
    known = found.partition
    if known is None:
        return section("Dialects over time", show(figures, "dialects-over-time"), _not_compared(found.attributes))
    return section(
        f"Dialects compared with “{known.name}”",
        paragraph(compared_with_partition(known, found.chance, found.clock)),
        partition_cautions(known, found.dialects.n_clusters),
        join([_all_attributes(found.attributes, found.clock), show(figures, "agreement", "dialects-over-time")]),
    )


def compared_with_partition(known: KnownPartition, chance: float, clock: str = "step") -> list[str]:
    """How well the dialects agree with the known partition, over time."""
    found = known.over_time
    sizes = np.bincount(known.groups[known.groups >= 0])
    groups = ", ".join(f"{value}: {size}" for value, size in zip(known.values, sizes, strict=True))
    text = [f"The source graph groups its agents by “{known.name}” ({groups}).", _course(known, chance)]
    value, p_value, n_steps = found.values[found.peak], known.p_value, len(found.steps)
    if n_steps == 1:
        return [
            *text,
            f"Divided into {found.n_clusters} dialects, the agents agree with it with an adjusted Rand index of "
            f"{number(value)} ({p_text(p_value)}{_corrected(known)}; 1: identical groups, 0: chance). "
            f"Success over links is {percent(known.success_at_end)}{by_chance(chance)}.",
        ]
    return [
        *text,
        f"Divided into {found.n_clusters} dialects at each of {n_steps} recorded {clock}s, the agents agree with it "
        f"best at {clock} {found.steps[found.peak]:,}: adjusted Rand index {number(value)} ({p_text(p_value)}"
        f"{_corrected(known)}; 1: identical groups, 0: chance), with a success over links of "
        f"{percent(known.success_at_peak)}{by_chance(chance)}. At the end, {clock} {found.steps[-1]:,}, the index is "
        f"{number(found.values[-1])} ({p_text(found.p_values[-1])} for that {clock} alone).",
    ]


def partition_cautions(known: KnownPartition, n_dialects: int) -> list[str]:
    """What limits the agreement with the known partition."""
    end = known.at_end
    return [
        f"With {n_dialects} dialects, the number that fits best at the end, the adjusted Rand index at the end is "
        f"{number(end.rand.value)} {null_text(end.rand)} and the adjusted mutual information "
        f"{number(end.mutual_information.value)}.",
        f"Communities of the graph alone, without any messages ({known.over_time.n_clusters} of them), have an "
        f"index of {number(known.graph_alone)}. The null distribution permutes the groups over the agents and does not "
        "keep the graph fixed: agreement above it may come from the links alone.",
    ]


def _all_attributes(attributes: Attributes, clock: str) -> Html:
    """Return a table of all attributes that were compared, where there are several, and which ones were not."""
    rows = [
        (
            name,
            one.over_time.n_clusters,
            number(float(one.over_time.values.max())),
            f"{one.over_time.steps[one.over_time.peak]:,}",
            number(float(one.over_time.values[-1])),
            p_text(one.p_value),
        )
        for name, one in attributes.compared.items()
    ]
    about = f"All {len(rows)} attributes of the agents that were compared, each at the {clock} of its best agreement."
    heads = ["attribute", "groups", "highest index", f"at {clock}", "index at the end", "p, corrected"]
    shown = join([tag("p", about, class_="about"), table(heads, rows)]) if len(rows) > 1 else Html()
    return join([shown, paragraph(_not_compared(attributes))])


def _not_compared(attributes: Attributes) -> list[str]:
    if not attributes.left_out:
        return []
    named = ", ".join(f"“{name}” ({reason})" for name, reason in attributes.left_out.items())
    return [f"Not compared, because groups need from two values to half as many as there are agents: {named}."]


def _corrected(known: KnownPartition) -> str:
    """Say for how many comparisons the p-value is corrected."""
    n_steps, n = len(known.over_time.steps), known.n_attributes
    if n == 1:
        return f", corrected for {n_steps} comparisons" if n_steps > 1 else ""
    return f", corrected for {n_steps * n} comparisons: {n} attributes, {n_steps} times"


def _course(known: KnownPartition, chance: float) -> str:
    """Say that dialects follow known groups only where agreement is clear (p < .01) and success well above chance."""
    found = known.over_time
    if known.p_value >= 0.05:
        return "At no step is the agreement higher than expected by chance for this number of comparisons."
    if known.p_value >= 0.01:
        return "There is weak evidence that the dialects follow the known groups (0.01 ≤ p < 0.05)."
    if not well_above(known.success_at_peak, chance):
        return (
            "Messages are grouped like the known groups, but the agents hardly understand each other: there is no "
            "common language yet."
        )
    if len(found.steps) == 1:
        return "The dialects follow the known groups."
    if found.p_values[-1] >= 0.01 or not well_above(known.success_at_end, chance):
        return "The dialects followed the known groups during training, but not clearly at the end."
    if found.values[-1] == found.values[found.peak]:
        return "The dialects follow the known groups, at the end as well as at any other step."
    return "The dialects follow the known groups, best during training, and still at the end."
