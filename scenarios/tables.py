"""The tables of a run directory that describe its agents, links and referents."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa

from hubbub.formats.values import plain_value, text_of, without_numpy
from hubbub.simulator.population import Population
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.files import write_graphml


def topology_files(topology: Topology) -> dict[str, pa.Table | str]:
    """Return the files of a run that hold its agents and its first graph, the graph also as GraphML for other tools."""
    graph = BytesIO()
    write_graphml(topology, graph)
    return {
        "agents.parquet": agents_table(topology),
        "topology/edges.parquet": edges_table(topology),
        "topology/graph.graphml": graph.getvalue().decode(),
    }


def agents_table(topology: Topology) -> pa.Table:
    """Return agent, name, positions, and every node attribute as a column `attribute:NAME`."""
    columns: dict[str, Any] = {"agent": np.arange(topology.n_agents), "name": pa.array(topology.names, pa.string())}
    if topology.positions is not None:
        columns |= dict(zip("xyz", topology.positions.T, strict=False))
    for name, values in topology.attributes.items():
        columns[f"attribute:{name}"] = column(values)
    return pa.table(columns)


def edges_table(topology: Topology) -> pa.Table:
    """Return source, target, weight (null in a graph without weights), and link attributes as `attribute:NAME`."""
    weights = pa.nulls(topology.n_edges) if topology.weights is None else topology.weights
    columns = {"source": topology.sources, "target": topology.targets, "weight": pa.array(weights, pa.float64())}
    for name, values in topology.link_attributes.items():
        columns[f"attribute:{name}"] = column(values)
    return pa.table(columns)


def referents_table(population: Population) -> pa.Table:
    """Return the referents of cross-play: number, split and attribute values."""
    referents = population.game.referents
    chosen = {split: population.recorded_referents(split) for split in referents.splits}
    numbers = np.concatenate(list(chosen.values()))
    columns: dict[str, Any] = {
        "referent": numbers,
        "split": pa.array([split for split, members in chosen.items() for _ in members], pa.string()),
    }
    for column, name in enumerate(referents.attribute_names):
        columns[name] = referents.attributes[numbers, column]
    return pa.table(columns)


def column(values: Sequence[Any]) -> pa.Array:
    """Return values as a column that holds exactly them, or as text (`hubbub.formats.values`) where there is none."""
    plain = [without_numpy(list(value) if isinstance(value, tuple) else value) for value in values]
    try:
        array = pa.array(plain)
        exact = all(
            one == kept or (one != one and kept != kept) for one, kept in zip(plain, array.to_pylist(), strict=True)
        )
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        exact = False
    if exact:
        return array
    return pa.array([None if value is None else text_of(value) for value in map(plain_value, values)], pa.string())
