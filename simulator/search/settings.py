"""The section of a configuration that says how graphs are searched."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hubbub.simulator.configuration import Choice, Section

Count = Annotated[int, Field(ge=1)]


class Search(Section):
    """An evolution strategy (μ + λ) over graphs: children move links, all are tried, the best stay."""

    generations: Count = 40
    """Number of generations; the step of a search is one generation."""
    constraint: Choice = Field(default={"kind": "out-links"}, validate_default=True)
    """What a graph may cost."""
    objective: Choice = Field(default={"kind": "success"}, validate_default=True)
    """What makes a graph good."""
    distance_penalty: Annotated[float, Field(ge=0)] = 0.0
    """λ: taken off is λ times the mean length of the links, by the positions of the topology."""
    parents: Count = 4
    """μ: graphs that stay; they are tried again in every generation, and their values averaged."""
    children: Count = 8
    """λ: new graphs in every generation."""
    seeds: Count = 2
    """How often a graph is tried in a generation, always on fresh seeds, the same for all graphs."""
