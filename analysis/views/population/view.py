"""The view of a population."""

from __future__ import annotations

from collections.abc import Mapping

from hubbub.analysis.views.catalogue import view
from hubbub.analysis.views.formats import Format, table_formats
from hubbub.analysis.views.population.elcc import elcc_files
from hubbub.analysis.views.population.figures import population_figures
from hubbub.analysis.views.population.findings import find_population
from hubbub.analysis.views.population.graphs import gexf_files, graphml_files
from hubbub.analysis.views.population.page import population_page
from hubbub.analysis.views.population.summary import population_summary
from hubbub.analysis.views.population.tables import population_tables


@view("population")
class PopulationView:
    """Success, dialects, hubs and language of the last lexicon, and how they developed."""

    find = staticmethod(find_population)
    figures = staticmethod(population_figures)
    summary = staticmethod(population_summary)
    page = staticmethod(population_page)

    def formats(self) -> Mapping[str, Format]:
        """Return the corpus, the graph and the tables."""
        return {"elcc": elcc_files, "graphml": graphml_files, "gexf": gexf_files, **table_formats(population_tables)}
