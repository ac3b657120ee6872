"""Checkers: what is demanded of what users write (a topology, a game, an agent …), as functions that check it.

Each takes the name under which something is registered and its options, and returns the list of demands that were
checked. The first one that is not met raises a `ContractError` that names it; a wrong argument, a `ConfigurationError`.

>>> from hubbub.checks import check_topology
>>> check_topology("ring", n_agents=6)[0]
'the topology function returns a Topology, a networkx graph or pairs'
"""

from hubbub.checks.agent import check_agent
from hubbub.checks.game import check_game
from hubbub.checks.memory import check_memory
from hubbub.checks.metric import check_metric
from hubbub.checks.reward import check_reward
from hubbub.checks.system import check_system
from hubbub.checks.topology import check_topology

__all__ = [
    "check_agent",
    "check_game",
    "check_memory",
    "check_metric",
    "check_reward",
    "check_system",
    "check_topology",
]
