"""A sharded system is a system and nothing else."""

from __future__ import annotations

import pytest

from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble
from hubbub.simulator.cluster import Driver
from hubbub.simulator.cluster.sharded_system import ShardedSystem


def test_it_does_not_forward_what_a_system_does_not_have() -> None:
    """Attributes of the driver's member, such as its topology, are read from that member, which has no blocks."""
    team = Driver(2)
    member = assemble(load("ring-dialects", {"topology.n_agents": 4}), team=team)
    system = ShardedSystem(
        member, team, lambda team: member, device="cpu", threads=1, restore=lambda: None, noticed=print
    )
    assert (system.now, system.work, system.sent(), system.heartbeats()) == (0, ("games", 0), (0, 0), [])
    assert member.topology.n_agents == 4 and member.blocks == []
    for name in ("topology", "blocks", "recording", "games"):
        with pytest.raises(AttributeError, match=f"'ShardedSystem' object has no attribute '{name}'"):
            getattr(system, name)
