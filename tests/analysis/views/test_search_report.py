"""The report of a search says first what it found, and calls its steps what they are."""

from collections.abc import Callable

import networkx as nx
import pytest

from hubbub.analysis.views.population.findings import find_population
from hubbub.analysis.views.search.figures import search_figures
from hubbub.analysis.views.search.found import found_graph
from hubbub.analysis.views.search.page import search_page
from hubbub.analysis.views.search.view import SearchView
from hubbub.simulator.store import Run

SEARCH = {"constraint": {"kind": "out-links"}, "objective": {"kind": "success"}}


def searched(run: Run, system: str) -> Run:
    run.info["configuration"] |= {"system": system, "search": SEARCH, "partners": {"links_per_agent": 1}}
    return run


@pytest.mark.files_of_figures
def test_a_graph_search_says_its_graph_first_and_counts_generations(make_run: Callable[..., Run]) -> None:
    moved = [(200, "edge-removed", 5, 6), (200, "edge-removed", 6, 5), (200, "edge-added", 0, 6)]
    run = make_run(nx.path_graph(7), n_lexicons=2, names=list("abcdefg"), changes=moved)
    found = find_population(searched(run, "graph-search"))
    graphs = found_graph(found)
    assert (len(graphs.first.edges), len(graphs.last.edges)) == (12, 11)
    assert graphs.last.success["all_pairs"] == pytest.approx(found.success["train"]["all_pairs"])
    assert graphs.first.success["all_pairs"] != graphs.last.success["all_pairs"]
    figures = search_figures(found)
    text = search_page(found, figures)
    first_section = text[text.index("<h2>") : text.index("<h2>Who understands whom")]
    assert "What the search found" in first_section
    assert "On the best graph found, at generation 200, agents understand " in first_section
    assert "keep to the constraint “out-links” in 200 generations" in first_section
    assert "generation 200 · seed" in text
    assert "at step 200" not in text.replace("All agents at step 200", "")
    assert "graphs" in figures
    assert SearchView.summary(found)["search"]["last"]["links"] == 5.5


def test_chosen_partners_are_told_with_the_hub(make_run: Callable[..., Run]) -> None:
    found = find_population(searched(make_run(nx.star_graph(4), n_lexicons=2, names=list("abcde")), "partner-search"))
    text = search_page(found, search_figures(found))
    assert "Which partners agents chose" in text
    assert "Its hub is a, with 4 links." in text
    assert "generation" not in text.split("<details>")[0]
