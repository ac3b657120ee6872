"""Hubs: who is well linked, whether it could be chance, and whether that shows in who is understood."""

from analysis.hubs.assortativity import degree_assortativity
from analysis.hubs.centralisation import (
    betweenness_centralisation,
    degree_centralisation,
    eigenvector_centralisation,
)
from analysis.hubs.communities import graph_communities
from analysis.hubs.concentration import gini, top_share
from analysis.hubs.cores import core_numbers, k_core
from analysis.hubs.degrees import degree_table
from analysis.hubs.graph_nulls import against_graph_nulls, degree_preserving, erdos_renyi
from analysis.hubs.links import link_counts, undirected_links
from analysis.hubs.paths import betweenness, distances, efficiency, path_length
from analysis.hubs.rich_club import rich_club, rich_club_curve
from analysis.hubs.small_world import clustering, ring_lattice, small_world_omega, small_world_sigma

__all__ = [
    "against_graph_nulls",
    "betweenness",
    "betweenness_centralisation",
    "clustering",
    "core_numbers",
    "degree_assortativity",
    "degree_centralisation",
    "degree_preserving",
    "degree_table",
    "distances",
    "efficiency",
    "eigenvector_centralisation",
    "erdos_renyi",
    "gini",
    "graph_communities",
    "k_core",
    "link_counts",
    "path_length",
    "rich_club",
    "rich_club_curve",
    "ring_lattice",
    "small_world_omega",
    "small_world_sigma",
    "top_share",
    "undirected_links",
]
