"""The hubs in a report: who is well linked, whether it shows, and whether it could be chance."""

from __future__ import annotations

import math

import numpy as np

from hubbub.analysis.hubs.graph_nulls import DEGREE_PRESERVING, ERDOS_RENYI, NO_SCORE
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.numbers import listed, null_text, number, percent
from hubbub.analysis.views.population.findings import PopulationFindings

MOST_NAMED, MOST_ROWS = 5, 10


def hub_section(found: PopulationFindings, figures: Html) -> Html:
    """Return what a report says of the hubs of a graph."""
    return join(
        [
            _paragraph([*_links(found), *_on_the_way(found)]),
            figures,
            _best_linked(found),
            _paragraph(_standing(found)),
            _measures(found),
        ]
    )


def _paragraph(sentences: list[str]) -> Html:
    return tag("p", " ".join(sentences)) if sentences else Html()


def _links(found: PopulationFindings) -> list[str]:
    """Whether being well linked shows."""
    if math.isnan(found.gini.value):
        return ["The graph has no links."]
    text = [
        f"Links are spread with a Gini coefficient of {number(found.gini.value)} (0: all agents have as many); the "
        f"{found.top_share.estimator.removeprefix('share of the ')} of agents have {percent(found.top_share.value)} "
        "of them."
    ]
    linked = found.degree_and_success
    text.append(
        f"The rank correlation of the number of listeners with success as a speaker is {number(linked.value)} "
        f"{null_text(linked)}."
        if not math.isnan(linked.value)
        else "All agents have as many listeners, so links cannot explain who is understood."
    )
    return text


def _standing(found: PopulationFindings) -> list[str]:
    """Which measures of the graph stand out against random graphs."""
    if not found.hub_rows:
        return ["The graph was not compared with random ones: it is complete, or too large for that in a report."]
    high = _standing_out(found, ERDOS_RENYI)
    text = (
        f"Against random graphs with as many links the graph stands out in {listed(high)} (|z| > 3)."
        if high
        else "Against random graphs with as many links the graph stands out in nothing (|z| ≤ 3 throughout)."
    )
    beyond = _standing_out(found, DEGREE_PRESERVING)
    kept = f"stands out in {listed(beyond)}" if beyond else "does not stand out"
    return [text, f"Against random graphs in which every agent keeps its number of links it {kept}."]


def _standing_out(found: PopulationFindings, null: str) -> list[str]:
    return [row.name for row in found.hub_rows if row.null == null and abs(row.z_score) > 3]


def _on_the_way(found: PopulationFindings) -> list[str]:
    """Who the hubs were while the graph changed."""
    course = found.hubs_over_time
    if course is None:
        return []
    text = [f"The graph changed while it was learned on; its hubs were followed over {len(course.steps)} steps."]
    first, last = course.hubs[0], course.hubs[-1]
    if last.any():
        names = [found.agents.names[agent] for agent in np.flatnonzero(last)[np.argsort(-course.degrees[-1][last])]]
        more = len(names) - MOST_NAMED
        shown = listed([*names[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])])
        text.append(f"At the end the best linked are {shown}; {int((first & last).sum())} of them were at the start.")
    else:
        text.append("At the end no agent stands out by its links.")
    turnover = course.turnover[np.isfinite(course.turnover)]
    if len(turnover):
        text.append(f"From one of these steps to the next {percent(float(turnover.mean()))} of the best linked change.")
    kept = course.rank_correlation_with_first[-1]
    if not math.isnan(kept):
        text.append(f"The rank correlation of the numbers of links at the start and at the end is {number(kept)}.")
    return text


def _best_linked(found: PopulationFindings) -> Html:
    degrees = found.degrees
    top = np.lexsort((-degrees["betweenness"], -degrees["out_degree"]))[:MOST_ROWS]
    heads = [
        "agent",
        "heard by",
        "hears",
        "betweenness",
        "PageRank",
        "dialect",
        "success speaking",
        "success listening",
    ]
    rows = (
        [
            degrees["name"][agent],
            int(degrees["out_degree"][agent]),
            int(degrees["in_degree"][agent]),
            number(degrees["betweenness"][agent], digits=3),
            number(degrees["pagerank"][agent], digits=3),
            int(found.dialects.labels[agent]) + 1,
            percent(degrees["success_as_speaker"][agent]),
            percent(degrees["success_as_listener"][agent]),
        ]
        for agent in top.tolist()
    )
    return table(heads, rows) if len(found.edges) else Html()


def _measures(found: PopulationFindings) -> Html:
    """Return a row for each measure: its value, and mean and z-score of both nulls."""
    rows: dict[str, list[object]] = {}
    reasons: dict[str, str] = {}
    for row in found.hub_rows:
        cells = rows.setdefault(row.name, [row.name, number(row.value)])
        if row.null:
            cells += [number(row.null_mean), number(row.z_score, digits=1)]
        if row.reason and not row.reason.startswith(NO_SCORE):
            reasons.setdefault(row.reason, row.name)
    heads = ["measure of the graph", "value", "random", "z", "same degrees", "z"]
    notes = [f"{name}: {reason}." for reason, name in reasons.items()]
    if not rows:
        return Html()
    about = (
        "Links count in both directions unless in- or out-degrees are named. Random: as many links. Same degrees: "
        "links swapped, every agent keeps its number of them. z: distance from the mean of these graphs in their "
        "standard deviations; none where that number settles the measure."
    )
    filled = (row + ["–"] * (len(heads) - len(row)) for row in rows.values())
    return join([table(heads, filled), tag("p", " ".join([about, *notes]), class_="about")])
