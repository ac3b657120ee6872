"""Numbers that stand for kinds of events and for states of an avalanche, shared by the detectors and their kernel."""

from __future__ import annotations

BIRTH, DEATH, COINCIDENCE, SWITCH = range(4)
KINDS = ("avalanche-birth", "avalanche-death", "coincidence", "switch")
"""Names of the kinds, in the order of their numbers."""
BIRTH_NOT_SEEN, NO_AVALANCHE = -2, -1
"""Sizes that stand for an avalanche that was running before the search began, and for none."""
