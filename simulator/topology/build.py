"""From a configuration section to the communication graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from simulator.configuration import Choice
from simulator.errors import TopologyError
from simulator.topology.graph import Topology

if TYPE_CHECKING:  # it brings torch, which graphs can do without
    from simulator.randomness import Luck


def build_topology(section: Choice, luck: Luck) -> Topology:
    """Return the graph that the section describes.

    Draws at `luck.at("topology")`. The topology function may return a `Topology`, any networkx graph, or an
    integer array (or list) of undirected pairs `[P, 2]`; for pairs, N is the option `n_agents` where the
    function has one, else the highest number plus one.

    Raises
    ------
    TopologyError
        If the function returned something else, or a graph without links.
    """
    made = section.build(generator=luck.at("topology"))
    graph = _topology(made, section)
    if not graph.n_edges:
        raise TopologyError(
            f"topology {section.kind!r}: expected at least one link, got {graph.n_agents} agents and none"
        )
    return graph


def _topology(made: Any, section: Choice) -> Topology:
    if isinstance(made, Topology):
        return made
    if isinstance(made, nx.Graph):
        return Topology.from_networkx(made)
    if isinstance(made, (np.ndarray, list, tuple)):
        pairs = _pairs(made, section.kind)
        return Topology.from_pairs(section.options().get("n_agents", int(pairs.max(initial=0)) + 1), pairs)
    raise _wrong(section.kind, type(made).__name__)


def _pairs(made: Any, kind: str) -> np.ndarray:
    try:
        pairs = np.asarray(made)
    except ValueError:
        raise _wrong(kind, "rows of unequal length") from None
    if not pairs.size:
        return np.empty((0, 2), dtype=np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.issubdtype(pairs.dtype, np.integer):
        raise _wrong(kind, f"{pairs.dtype} of shape {pairs.shape}")
    return pairs


def _wrong(kind: str, got: str) -> TopologyError:
    return TopologyError(
        f"topology {kind!r}: expected the function to return a Topology, a networkx graph or an integer array of "
        f"pairs [P, 2], got {got}"
    )
