"""Hubs: measures of graphs and degrees, their null models, and success as a function of degree."""

from hubbub.analysis.hubs.assortativity import degree_assortativity
from hubbub.analysis.hubs.centralisation import (
    betweenness_centralisation,
    degree_centralisation,
    eigenvector_centralisation,
    eigenvector_centrality,
)
from hubbub.analysis.hubs.communities import graph_communities, modularity
from hubbub.analysis.hubs.concentration import gini, largest_to_mean, top_share
from hubbub.analysis.hubs.cores import core_numbers, k_core
from hubbub.analysis.hubs.degree_distribution import degree_distribution, degrees
from hubbub.analysis.hubs.degree_table import degree_table, page_rank, success_of_agents
from hubbub.analysis.hubs.graph_nulls import (
    against_given_nulls,
    against_graph_nulls,
    degree_preserving,
    directed_erdos_renyi,
    erdos_renyi,
    graph_nulls,
)
from hubbub.analysis.hubs.heavy_tailed import heavy_tailed
from hubbub.analysis.hubs.links import link_counts, undirected_links
from hubbub.analysis.hubs.over_time import HubsOverTime, hubs_over_time
from hubbub.analysis.hubs.paths import betweenness, distances, efficiency, path_length, shortest_paths
from hubbub.analysis.hubs.ranking import MostLinks, most_links
from hubbub.analysis.hubs.rich_club import rich_club, rich_club_curve
from hubbub.analysis.hubs.scale_free_form import ScaleFreeForm, scale_free_form
from hubbub.analysis.hubs.shortest_paths import ShortestPaths
from hubbub.analysis.hubs.small_world import clustering, ring_lattice, small_world_omega, small_world_sigma
from hubbub.analysis.hubs.table import HubRow, hub_table

__all__ = [
    "HubRow",
    "HubsOverTime",
    "MostLinks",
    "ScaleFreeForm",
    "ShortestPaths",
    "against_given_nulls",
    "against_graph_nulls",
    "betweenness",
    "betweenness_centralisation",
    "clustering",
    "core_numbers",
    "degree_assortativity",
    "degree_centralisation",
    "degree_distribution",
    "degree_preserving",
    "degree_table",
    "degrees",
    "directed_erdos_renyi",
    "distances",
    "efficiency",
    "eigenvector_centralisation",
    "eigenvector_centrality",
    "erdos_renyi",
    "gini",
    "graph_communities",
    "graph_nulls",
    "heavy_tailed",
    "hub_table",
    "hubs_over_time",
    "k_core",
    "largest_to_mean",
    "link_counts",
    "modularity",
    "most_links",
    "page_rank",
    "path_length",
    "rich_club",
    "rich_club_curve",
    "ring_lattice",
    "scale_free_form",
    "shortest_paths",
    "small_world_omega",
    "small_world_sigma",
    "success_of_agents",
    "top_share",
    "undirected_links",
]
