"""A grid whose edges meet."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_agents

Side = Annotated[int, Field(ge=2)]


@topology("torus")
def torus(width: Side, height: Side) -> Topology:
    """Return the two-dimensional torus of `width × height` agents, each linked to its four neighbours.

    Agents are numbered row by row; positions `[N, 2]` are their columns and rows.
    """
    check_agents(width * height)
    numbers = np.arange(width * height).reshape(height, width)
    near = [np.roll(numbers, hop, axis) for hop, axis in ((1, 0), (1, 1), (-1, 1), (-1, 0))]
    rows, columns = np.divmod(numbers.ravel(), width)
    return Topology.from_neighbours(np.stack(near, axis=-1).reshape(-1, 4), positions=np.column_stack([columns, rows]))
