"""Pairing by all links: everybody hears all partners in every step."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.pairing.exchanges import Exchanges, pairing
from hubbub.simulator.topology import Topology


@pairing("all-links")
def all_links(*, topology: Topology, generator: np.random.Generator) -> Exchanges:
    """Every directed link carries one exchange in every step; nothing is drawn, and weights do not matter."""
    return Exchanges(topology.sources, topology.targets)
