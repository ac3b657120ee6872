"""Where a system runs: in this process, or shared out among Ray actors."""

from simulator.cluster.place import place
from simulator.cluster.post import Driver
from simulator.cluster.sharing import shared_out

__all__ = ["Driver", "place", "shared_out"]
