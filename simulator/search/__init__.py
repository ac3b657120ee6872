"""Which graph is good: candidates are tried side by side, kept or dropped."""

from simulator.search.constraints import constraint
from simulator.search.graph_search import GraphSearch
from simulator.search.objectives import objective
from simulator.search.partner_search import Partners, PartnerSearch
from simulator.search.settings import Search

__all__ = ["GraphSearch", "PartnerSearch", "Partners", "Search", "constraint", "objective"]
