"""The names that a configuration may give as `memory.kind`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory.model import Model
from hubbub.simulator.registry import Registry

memory = Registry("memory", package="hubbub.simulator.memory.models", supplied=("topology",), contract=Model)
"""Decorator and catalogue of `Model` classes; a parameter `topology` receives the graph of the run, or None."""


def check_takes_graph(model: Callable[..., Any], name: str) -> None:
    """Refuse a graph for a memory that would not use it: one whose constructor has no parameter `topology`.

    Raises
    ------
    ConfigurationError
        The memory, called `name` in the message, has no such parameter.
    """
    if not _takes_graph(model):
        others = " or ".join(repr(other) for other in memory if _takes_graph(memory[other]))
        raise ConfigurationError(
            f"topology: expected no graph with the memory {name!r}, which would not use it (every spin acts on every "
            f"other), got one; leave out `topology`, or choose memory.kind {others}"
        )


def _takes_graph(model: Callable[..., Any]) -> bool:
    return "topology" in inspect.signature(model).parameters
