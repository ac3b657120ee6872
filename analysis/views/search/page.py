"""The page of a report on a search: what it found first, then all about the population on that graph."""

from __future__ import annotations

import math
from collections.abc import Mapping

from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.numbers import by_chance, listed, number, percent, significant
from hubbub.analysis.page.parts import answer, cards, document, section, show
from hubbub.analysis.views.population.findings import PopulationFindings
from hubbub.analysis.views.population.page import population_header, population_sections
from hubbub.analysis.views.search.found import GraphFound, SearchFound, found_graph

MOST_NAMED = 5


def search_page(found: PopulationFindings, figures: Mapping[str, ReportFigure]) -> str:
    """Return the HTML document; every text that comes from the run is escaped."""
    graphs = found_graph(found)
    of_search = found.clock == "generation"
    body = tag(
        "main",
        population_header(found),
        section(
            "What the search found" if of_search else "Which partners agents chose",
            join([answer(_answer(found, graphs)), _cards(graphs), _table(found, graphs)]),
            _cautions(found, graphs) if of_search else _of_partners(found),
            show(figures, "graphs", "search"),
        ),
        population_sections(found, figures),
    )
    return document(str(found.run.info["name"]), body)


def _answer(found: PopulationFindings, graphs: SearchFound) -> list[str]:
    last, first = graphs.last, graphs.first
    where = "On the best graph found" if found.clock == "generation" else "On the graph of the chosen partners"
    text = [
        f"{where}, at {found.clock} {found.lexicon.step:,}, agents understand {percent(last.success['all_pairs'])} of "
        f"what any other agent says{by_chance(found.chance)}, and {percent(last.success['over_links'])} of what a "
        f"linked one says."
    ]
    if found.run.lexicon_steps()[0] != found.lexicon.step:
        text.append(f"On the graph at the start it was {percent(first.success['all_pairs'])} between any two agents.")
    return [*text, _shape(last)]


def _shape(graph: GraphFound) -> str:
    """Say who has the most links."""
    links, names = graph.most
    if not names:
        return "The graph has no links."
    if len(names) == 1:
        return f"Its hub is {names[0]}, with {links} links."
    shown = [*names[:MOST_NAMED], *([f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else [])]
    return f"No single agent has most links: {listed(shown)} have {links} each."


def _cards(graphs: SearchFound) -> Html:
    last, metrics = graphs.last, graphs.metrics
    return cards(
        [
            (percent(last.success["all_pairs"]), "understood between any two agents"),
            (percent(last.success["over_links"]), "between linked agents"),
            (f"{len(last.edges) / 2:g}", "links"),
            (number(last.path_length), "links from agent to agent on the shortest path"),
            (number(last.gini), "Gini coefficient of the numbers of links"),
            (significant(metrics["best_value"], digits=3), "expected value of the best graph"),
        ]
    )


def _table(found: PopulationFindings, graphs: SearchFound) -> Html:
    steps = found.run.lexicon_steps()
    if len(steps) < 2:
        return Html()
    rows = [
        (name, of(graphs.first), of(graphs.last))
        for name, of in (
            ("success, all pairs", lambda graph: percent(graph.success["all_pairs"])),
            ("success, linked pairs", lambda graph: percent(graph.success["over_links"])),
            ("links", lambda graph: f"{len(graph.edges) / 2:g}"),
            ("mean shortest path", lambda graph: number(graph.path_length)),
            ("most links of an agent", lambda graph: str(graph.most[0])),
            ("Gini coefficient of links", lambda graph: number(graph.gini)),
        )
    ]
    return table(["graph", f"{found.clock} {steps[0]:,}", f"{found.clock} {steps[-1]:,}"], rows)


def _cautions(found: PopulationFindings, graphs: SearchFound) -> list[str]:
    """Say how the graph was selected, and what its value means."""
    search, metrics = found.run.configuration["search"], graphs.metrics
    text = [
        f"The search tried graphs that keep to the constraint “{search['constraint']['kind']}” in "
        f"{found.run.step:,} generations and kept those with the highest “{search['objective']['kind']}”."
    ]
    if not math.isnan(metrics["best_value"]):
        text.append(
            f"The best one has an expected value of {significant(metrics['best_value'], digits=3)} over "
            f"{metrics['best_tries']:.0f} tries (mean over the graphs that were kept: "
            f"{significant(metrics['mean_value'], digits=3)})."
        )
    text.append(
        "The success above comes from one more training of the graph, with random numbers that no selection used; "
        "another training gives another number."
    )
    return text


def _of_partners(found: PopulationFindings) -> list[str]:
    n = found.run.configuration["partners"]["links_per_agent"]
    chosen = "the partner that it chooses" if n == 1 else f"the {n} partners that it chooses"
    return [
        f"Every agent is linked to {chosen} with the highest probability; agents are linked in both directions. An "
        "agent seeks its own success only, so the graph need not be good for all."
    ]
