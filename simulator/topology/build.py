"""From a configuration section to the communication graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from hubbub.simulator.configuration import Choice, section_of
from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology

if TYPE_CHECKING:  # it brings torch, which graphs can do without
    from hubbub.simulator.randomness import RandomStreams


def build_topology(section: Choice, rng: RandomStreams) -> Topology:
    """Return the graph that the section describes.

    Random numbers come from `rng.at("topology")`. The topology function may return whatever `as_topology` takes; for
    pairs, N is the option `n_agents` where the function has one, else the highest number plus one.

    Raises
    ------
    TopologyError
        If the function fails, or returns something else or a graph without links.
    """
    made = section.build(generator=rng.at("topology"))
    try:
        graph = as_topology(made, n_agents=section.options().get("n_agents"))
    except TopologyError as error:
        raise TopologyError(f"topology {section.kind!r}: {error}") from error
    return linked(graph, f"topology {section.kind!r}")


def linked(graph: Topology, name: str = "topology") -> Topology:
    """Return a graph with at least one link; `TopologyError` for one without, on which nobody exchanges messages.

    `name` is what the message calls it.
    """
    if not graph.n_edges:
        raise TopologyError(f"{name}: expected at least one link, got {graph.n_agents} agents and none")
    return graph


def given_topology(given: Any, rng: RandomStreams) -> Topology:
    """Return the graph that a user gives in Python, in any of these forms.

    Parameters
    ----------
    given
        A topology, a networkx graph, undirected pairs `[P, 2]`, the name of a registered topology that needs no
        options ("karate"), or a mapping with its options (`{"kind": "ring", "n_agents": 8}`).
    rng
        Random numbers come from `rng.at("topology")`.

    Raises
    ------
    HubbubError
        It is something else, the name or an option is not known, or the graph has no links.
    """
    if isinstance(given, str):
        return build_topology(section_of(topology, given), rng)
    if isinstance(given, Mapping):
        options = {str(name): value for name, value in given.items() if name != "kind"}
        return build_topology(section_of(topology, str(given.get("kind")), options), rng)
    return linked(as_topology(given))


def as_topology(made: Any, *, n_agents: int | None = None) -> Topology:
    """Return what a user has made as a `Topology`: one already, any networkx graph, or undirected pairs.

    Pairs are an integer array or list `[P, 2]`; without `n_agents`, N is the highest number plus one.

    Raises
    ------
    TopologyError
        If it is something else.
    """
    if isinstance(made, Topology):
        return made
    if isinstance(made, nx.Graph):
        return Topology.from_networkx(made)
    if isinstance(made, (np.ndarray, list, tuple)):
        pairs = _pairs(made)
        return Topology.from_pairs(int(pairs.max(initial=0)) + 1 if n_agents is None else n_agents, pairs)
    raise _wrong(f"{made!r:.80}")


def _pairs(made: Any) -> np.ndarray:
    try:
        pairs = np.asarray(made)
    except ValueError:
        raise _wrong("rows of unequal length") from None
    if not pairs.size:
        return np.empty((0, 2), dtype=np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.issubdtype(pairs.dtype, np.integer):
        raise _wrong(f"{pairs.dtype} of shape {pairs.shape}")
    return pairs


def _wrong(got: str) -> TopologyError:
    return TopologyError(f"expected a Topology, a networkx graph or an integer array of pairs [P, 2], got {got}")
