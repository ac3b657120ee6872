"""The checker of topologies passes all of ours, and names what is broken."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest

import hubbub
from hubbub.simulator.errors import ConfigurationError, ContractError, TopologyError
from hubbub.simulator.topology import Topology, topology

OPTIONS: dict[str, dict[str, Any]] = {
    "complete": {"n_agents": 4},
    "ring": {"n_agents": 6},
    "torus": {"width": 3, "height": 4},
    "star": {"n_agents": 5},
    "two-hubs": {"n_agents": 5},
    "erdos-renyi": {"n_agents": 8, "links": 10},
    "random-regular": {"n_agents": 8, "degree": 3},
    "watts-strogatz": {"n_agents": 10, "neighbours": 2, "rewiring_probability": 0.3},
    "barabasi-albert": {"n_agents": 10, "links_per_agent": 2},
    "stochastic-block": {"sizes": [4, 5], "within": 0.9, "between": 0.3},
    "configuration-model": {"n_agents": 20, "exponent": 2.5},
    "chain-of-pools": {"pools": 3, "pool_size": 4},
    "caveman": {"caves": 3, "cave_size": 4, "bridges": 5},
    "random-geometric": {"n_agents": 12, "radius": 0.4},
}
OURS = [name for name in topology if topology[name].__module__.startswith("hubbub.simulator")]


@pytest.mark.parametrize("name", OURS)
def test_ours_meet_all_demands(name: str, tmp_path: Any) -> None:
    options = OPTIONS.get(name, {})
    if name == "file":
        nx.write_graphml(nx.path_graph(4), tmp_path / "graph.graphml")
        options = {"path": str(tmp_path / "graph.graphml")}
    assert "the same generator gives the same graph" in hubbub.check_topology(name, **options)


@pytest.mark.parametrize(
    ("made", "demand"),
    [
        (lambda n_agents, generator: "a ring", "returns a Topology, a networkx graph or pairs; got str"),
        (lambda n_agents, generator: Topology.from_pairs(n_agents, []), "it has at least one link"),
        (lambda n_agents, generator: nx.path_graph(3), "it has `n_agents` agents; got 3"),
        (lambda n_agents, generator: [(0, 1), (1, 1 / 0)], "it can be made"),
        (lambda n_agents, generator: nx.gnm_random_graph(n_agents, 9, seed=np.random), "passed; got a global one"),
    ],
)
def test_a_broken_one_is_refused_by_the_demand(made: Any, demand: str, registered: Any) -> None:
    def broken(n_agents: int, *, generator: np.random.Generator) -> Any:
        return made(n_agents, generator)

    error = TopologyError if "can be made" in demand else ContractError
    with pytest.raises(error) as refused:
        hubbub.check_topology(registered(topology, broken), n_agents=6)
    assert demand in str(refused.value) or "ZeroDivisionError" in str(refused.value)
    assert str(refused.value).startswith("topology 'broken': ")


def test_one_that_has_a_generator_of_its_own_is_refused(registered: Any) -> None:
    own = np.random.default_rng()

    def broken(n_agents: int) -> Any:
        return nx.gnm_random_graph(n_agents, 2 * n_agents, seed=int(own.integers(2**31)))

    with pytest.raises(ContractError, match="the same generator gives the same graph"):
        hubbub.check_topology(registered(topology, broken), n_agents=30)


def test_bad_input_is_refused_as_in_a_configuration() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'ring'"):
        hubbub.check_topology("rings", n_agents=4)
    with pytest.raises(ConfigurationError, match="did you mean 'n_agents'"):
        hubbub.check_topology("ring", n_agent=4)
