"""Where a system runs: in this process, or sharded among Ray actors."""

from hubbub.simulator.cluster.connection import remote
from hubbub.simulator.cluster.mailbox import Driver
from hubbub.simulator.cluster.placement import place
from hubbub.simulator.cluster.sharding import sharded

__all__ = ["Driver", "place", "remote", "sharded"]
