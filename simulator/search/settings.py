"""The section of a configuration that says how graphs are searched."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hubbub.simulator.configuration import Choice, Section

Count = Annotated[int, Field(ge=1)]


class Search(Section):
    """An evolution strategy (μ + λ) over graphs: children change links, all graphs are tried, the best are kept."""

    generations: Count = 40
    """Number of generations; the step of a search is one generation."""
    constraint: Choice = Field(default={"kind": "out-links"}, validate_default=True)
    """Which graphs are allowed."""
    objective: Choice = Field(default={"kind": "success"}, validate_default=True)
    """What makes a graph good."""
    distance_penalty: Annotated[float, Field(ge=0)] = 0.0
    """λ: the value of a graph is reduced by λ times the mean length of its links, by the positions of the topology."""
    parents: Count = 4
    """μ: graphs that are kept; they are tried again in every generation, and their values are averaged."""
    children: Count = 8
    """λ: new graphs in every generation."""
    seeds: Count = 2
    """How often a graph is tried in a generation, always with new seeds, the same for all graphs."""
