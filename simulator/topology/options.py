"""Types of the options that many generators and rules share, with the bounds that the configuration checks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hubbub.simulator.topology.limits import MAX_AGENTS

Agents = Annotated[int, Field(ge=2, le=MAX_AGENTS, description="Number of agents N.")]
Count = Annotated[int, Field(ge=1)]
Probability = Annotated[float, Field(ge=0, le=1)]
