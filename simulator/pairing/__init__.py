"""Who talks to whom in a step: one file per rule."""

from hubbub.simulator.pairing.exchanges import Exchanges, pairing

__all__ = ["Exchanges", "pairing"]
