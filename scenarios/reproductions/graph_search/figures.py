"""Success of all graphs; the penalty from star to hubs to lattice; the graphs of one seed."""

from __future__ import annotations

from hubbub.analysis.figures.graph_gallery import graph_gallery
from hubbub.analysis.figures.interval_curves import interval_curves
from hubbub.analysis.figures.interval_dots import interval_dots
from hubbub.analysis.hubs import undirected_links
from hubbub.scenarios.reproductions.catalogue import Figures
from hubbub.scenarios.reproductions.graph_search.trials import PENALTY, both_ways, graphs_of
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Table

PANELS = {
    "success_all_pairs": "success, all pairs",
    "max_degree": "largest degree",
    "degree_gini": "Gini of degrees",
    "link_length": "mean length of links",
}


def figures(table: Table, searches: MadeRuns) -> Figures:
    """Draw the success of all graphs, what the penalty does, and the graphs of the first seed."""
    graphs = table.where(part="graphs")
    success = {
        f"{kind}, {pairing} pairing": {
            name: rows.mean("success_all_pairs") for name, rows in part.where(pairing=pairing).by("graph").items()
        }
        for kind, part in graphs.by("cap").items()
        for pairing in part.levels("pairing")
    }
    penalised = table.where(part="penalty")
    n_agents = len(searches[0].run.agents().names)
    first = min(graphs.levels("seed"))
    drawn = {
        (name if len(graphs.levels("cap")) == 1 else f"{name}, {kind}"): (both_ways(links), n_agents)
        for (kind, name, seed), links in graphs_of(searches).items()
        if seed == first
    }
    for made in searches:
        if made.key["kind"] == PENALTY and made.key["seed"] == first:
            n = len(made.run.agents().names)
            drawn[f"λ = {made.key['penalty']:g}"] = (both_ways(undirected_links(made.run.edges(), n)), n)
    return {
        "success": (
            interval_dots(success, along="success, all pairs"),
            "All-pairs success of GRU agents after training from scratch on seeds that no search has used.",
        ),
        "penalty": (
            interval_curves(
                {title: {"optimised": penalised.curve("penalty", name)} for name, title in PANELS.items()},
                along="λ, penalty on the mean length of links",
                logarithmic=True,
                limits=None,
            ),
            "Graphs optimised for success − λ × mean length of links, agents in the unit square.",
        ),
        "graphs": (
            graph_gallery(drawn),
            "The graphs of the first seed; agents are sized by their number of links.",
        ),
    }
