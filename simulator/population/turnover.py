"""Turnover: agents are replaced by new ones that have learned nothing."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from jaxtyping import Int
from pydantic import Field

from hubbub.simulator.configuration import Section

Count = Annotated[int, Field(ge=1)]


class Turnover(Section):
    """Every so many steps some agents are replaced by new ones with fresh weights; their links stay.

    With all agents replaced one after the other a language is handed on by learning alone: iterated learning
    (Kirby 2001; in populations of neural agents Li & Bowling 2019).
    """

    every: Count
    """Steps between two replacements: with 100, before steps 100, 200, 300 …"""
    agents: Count = 1
    """How many agents are replaced at once."""
    order: Literal["oldest", "random"] = "oldest"
    """Who is replaced: the oldest agents (ties are drawn), or any."""
    start: Annotated[int, Field(ge=0)] = 1
    """First step at which agents are replaced."""
    until: Count | None = None
    """Last step at which agents are replaced; without it, the end of the run."""

    def due(self, step: int) -> bool:
        """Whether agents are replaced before training step `step`."""
        last = step if self.until is None else self.until
        return step % self.every == 0 and self.start <= step <= last

    def leaving(self, born: Int[np.ndarray, " N"], generator: np.random.Generator) -> Int[np.ndarray, " n"]:
        """Return which agents are replaced, ascending; `born [N]` is the step at which each agent was made."""
        keys = generator.random(len(born))
        order = np.lexsort((keys, born)) if self.order == "oldest" else np.argsort(keys)
        return np.sort(order[: self.agents])
