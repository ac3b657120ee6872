"""The view of a search: the graph that it found, and the population on it."""

from __future__ import annotations

from typing import Any

from hubbub.analysis.views.catalogue import view
from hubbub.analysis.views.population.findings import PopulationFindings
from hubbub.analysis.views.population.summary import population_summary
from hubbub.analysis.views.population.view import PopulationView
from hubbub.analysis.views.search.figures import search_figures
from hubbub.analysis.views.search.found import found_graph
from hubbub.analysis.views.search.page import search_page


@view("graph-search")
@view("partner-search")
class SearchView(PopulationView):
    """The graph that was found, how good it is, and success, dialects, hubs and language on it."""

    figures = staticmethod(search_figures)
    page = staticmethod(search_page)

    @staticmethod
    def summary(found: PopulationFindings) -> dict[str, Any]:
        """Return the numbers of a population, and those of the graph that was found."""
        return {**population_summary(found), "search": found_graph(found).numbers}
