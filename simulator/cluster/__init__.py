"""Where a system runs: in this process, or shared out among Ray actors."""

from hubbub.simulator.cluster.mailbox import Driver
from hubbub.simulator.cluster.place import place
from hubbub.simulator.cluster.sharing import shared_out

__all__ = ["Driver", "place", "shared_out"]
