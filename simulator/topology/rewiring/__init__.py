"""Graphs that change during a run: the rules, when they are due, and what they changed.

A rule is one file with a function under `@rewiring("name")`: it takes a topology and returns the same agents with other
links.
"""

from hubbub.simulator.topology.rewiring.catalogue import rewiring
from hubbub.simulator.topology.rewiring.changes import changes, edge_events
from hubbub.simulator.topology.rewiring.schedule import Rewiring, ScheduledRule, scheduled_rule

__all__ = ["Rewiring", "ScheduledRule", "changes", "edge_events", "rewiring", "scheduled_rule"]
