"""The section on hubs: agents with most links, their success, and a comparison with random graphs."""

from __future__ import annotations

import math

import numpy as np

from hubbub.analysis.hubs import most_links
from hubbub.analysis.hubs.graph_nulls import DEGREE_PRESERVING, ERDOS_RENYI, NO_SCORE
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.numbers import listed, null_text, number, percent
from hubbub.analysis.page.parts import paragraph
from hubbub.analysis.views.population.findings import PopulationFindings

MOST_NAMED, MOST_ROWS = 5, 10


def hub_section(found: PopulationFindings, figures: Html) -> Html:
    """Return the section on the hubs of the graph."""
    return join(
        [
            paragraph([*_links(found), *_over_time(found)]),
            figures,
            _most_links(found),
            paragraph(_compared(found)),
            _measures(found),
        ]
    )


def _links(found: PopulationFindings) -> list[str]:
    """How unequal the numbers of links are, and whether they go with success."""
    if math.isnan(found.gini.value):
        return ["The graph has no links."]
    text = [
        f"The Gini coefficient of the numbers of links is {number(found.gini.value)} (0: all agents have the same "
        f"number); the {found.top_share.estimator.removeprefix('share of the ')} of agents have "
        f"{percent(found.top_share.value)} of the links."
    ]
    linked = found.degree_and_success
    text.append(
        f"The rank correlation of the number of listeners with success as a speaker is {number(linked.value)} "
        f"{null_text(linked)}."
        if not math.isnan(linked.value)
        else "All agents have the same number of listeners, so links cannot explain differences in success."
    )
    return text


def _compared(found: PopulationFindings) -> list[str]:
    """Which measures of the graph differ from those of random graphs."""
    if not found.hub_rows:
        return [
            "The graph was not compared with random graphs: it is complete, or too large for a comparison in a report."
        ]
    high = _clearly_different(found, ERDOS_RENYI)
    text = (
        f"Compared with random graphs with the same number of links, the graph differs in {listed(high)} (|z| > 3)."
        if high
        else "Compared with random graphs with the same number of links, the graph differs in no measure (|z| ≤ 3)."
    )
    beyond = _clearly_different(found, DEGREE_PRESERVING)
    kept = f"differs in {listed(beyond)}" if beyond else "does not differ"
    return [text, f"Compared with random graphs in which every agent keeps its number of links, it {kept}."]


def _clearly_different(found: PopulationFindings, null: str) -> list[str]:
    return [row.name for row in found.hub_rows if row.null == null and abs(row.z_score) > 3]


def _over_time(found: PopulationFindings) -> list[str]:
    """Which agents were hubs while the graph changed."""
    course = found.hubs_over_time
    if course is None:
        return []
    text = [f"The graph changed during training; its hubs were determined at {len(course.steps)} {found.clock}s."]
    first, last = course.hubs[0], course.hubs[-1]
    if last.any():
        names = [found.agents.names[agent] for agent in np.flatnonzero(last)[np.argsort(-course.degrees[-1][last])]]
        more = len(names) - MOST_NAMED
        shown = listed([*names[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])])
        text.append(f"At the end the hubs are {shown}; {int((first & last).sum())} of them were hubs at the start.")
    else:
        text.append("At the end no agent is a hub.")
    turnover = course.turnover[np.isfinite(course.turnover)]
    if len(turnover):
        share = percent(float(turnover.mean()))
        text.append(f"From one of these {found.clock}s to the next, {share} of the hubs change.")
    kept = course.rank_correlation_with_first[-1]
    if not math.isnan(kept):
        text.append(f"The rank correlation of the numbers of links at the start and at the end is {number(kept)}.")
    return text


def _most_links(found: PopulationFindings) -> Html:
    degrees = found.degrees
    top = most_links(degrees["out_degree"], MOST_ROWS, then=degrees["betweenness"])
    heads = [
        "agent",
        "heard by",
        "hears",
        "betweenness",
        "PageRank",
        "dialect",
        "success as speaker",
        "success as listener",
    ]
    rows = (
        [
            degrees["name"][agent],
            int(degrees["out_degree"][agent]),
            int(degrees["in_degree"][agent]),
            number(degrees["betweenness"][agent], digits=3),
            number(degrees["pagerank"][agent], digits=3),
            int(found.dialects.labels[agent]) + 1 or "–",
            percent(degrees["success_as_speaker"][agent]),
            percent(degrees["success_as_listener"][agent]),
        ]
        for agent in top.agents.tolist()
    )
    if not len(top.agents):
        return Html()
    tie = f"; the last rows are {top.note}, those with the highest betweenness" if top.note else ""
    about = f"The {len(top.agents)} agents that most others may hear{tie}." if len(top.agents) > 1 else ""
    return join([tag("p", about, class_="about") if about else Html(), table(heads, rows)])


def _measures(found: PopulationFindings) -> Html:
    """Return a table with a row for each measure: its value, and mean and z-score for both kinds of random graphs."""
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
        "Links count in both directions unless in- or out-degrees are named. Random: random graphs with the same "
        "number of links. Same degrees: links are swapped, every agent keeps its number of links. z: (value − mean of "
        "these graphs) / their standard deviation; none where the numbers of links determine the measure."
    )
    filled = (row + ["–"] * (len(heads) - len(row)) for row in rows.values())
    return join([table(heads, filled), tag("p", " ".join([about, *notes]), class_="about")])
