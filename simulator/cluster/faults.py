"""What can go wrong with workers though nothing is wrong with the run."""

from __future__ import annotations


class Fault(Exception):
    """A worker was lost, hangs, or has no room; others can take its place."""


class NoRoom(Fault):
    """The cluster has no room for so many workers."""
