"""Hubs: who is well linked, and whether that shows in who is understood."""

from analysis.hubs.communities import graph_communities
from analysis.hubs.concentration import gini, top_share
from analysis.hubs.degrees import degree_table

__all__ = ["degree_table", "gini", "graph_communities", "top_share"]
