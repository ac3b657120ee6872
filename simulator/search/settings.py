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
    fitness: Choice = Field(default={"kind": "associative"}, validate_default=True)
    """Which agents try a graph during the search; the winner is trained with the agents of the scenario."""
    distance_penalty: Annotated[float, Field(ge=0)] = 0.0
    """λ: the value of a graph is reduced by λ times the mean length of its links, by the positions of the topology."""
    parents: Count = 4
    """μ: graphs that are kept; they are tried again in every generation, and their values are averaged."""
    children: Count = 8
    """λ: new graphs in every generation."""
    seeds: Count = 2
    """How often a graph is tried in a generation, always with new seeds, the same for all graphs."""
    screening: Count = 10
    """So many times as many children are drawn; a model of the value, learned from the tries, chooses which to try.

    1: no model.
    """
    lookahead: Annotated[int, Field(ge=0, le=1000)] = 4
    """So often, children of the children that the model expects most of are drawn and screened, before any is tried."""
    halvings: Annotated[int, Field(ge=0, le=20)] = 0
    """So often in a generation, the better half of the graphs that were tried last is tried again on new seeds."""
    restart_after: Count | None = None
    """The search starts from new graphs after so many generations without a child that was kept; the best graph so far
    and the model stay."""
