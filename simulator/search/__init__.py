"""Search for good graphs: candidates are tried side by side, and the best are kept."""

from hubbub.simulator.search.constraints import constraint
from hubbub.simulator.search.fitness import fitness
from hubbub.simulator.search.graph_search import GraphSearch
from hubbub.simulator.search.objectives import objective
from hubbub.simulator.search.partner_search import Partners, PartnerSearch
from hubbub.simulator.search.settings import Search

__all__ = ["GraphSearch", "PartnerSearch", "Partners", "Search", "constraint", "fitness", "objective"]
