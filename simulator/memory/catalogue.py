"""The names that a configuration may give as `memory.kind`."""

from __future__ import annotations

from hubbub.simulator.memory.model import Model
from hubbub.simulator.registry import Registry

memory = Registry("memory", package="hubbub.simulator.memory.models", supplied=("topology",), contract=Model)
"""Decorator and catalogue of `Model` classes; a parameter `topology` receives the graph of the run, or None."""
