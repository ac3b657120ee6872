"""The sections of a population's configuration that belong to no other package."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hubbub.simulator.configuration import Section

Count = Annotated[int, Field(ge=1)]


class Training(Section):
    """How long and how the agents learn."""

    steps: Annotated[int, Field(ge=0)] = 3000
    """Number of steps of the run."""
    games_per_step: Count = 32
    """G: games in one exchange. In a step, `node` and `edge` pairing hold about one exchange per agent."""
    pairing: str = "node"
    """Who talks in a step: N links drawn (`edge`), every agent once (`node`), everyone at most once (`matching`), every
    link once (`all-links`)."""
    first_weights: Literal["own", "shared"] = "own"
    """Whether every agent starts with weights of its own, or all with the same ones, and so with the same first words.

    Agents that come in by turnover have weights of their own. Associative agents start without memories, all alike."""
    learning_rate: Annotated[float, Field(gt=0)] = 3e-3
    """Learning rate of Adam."""


class Intervention(Section):
    """A change of how all agents learn, from a step on."""

    at: Count
    """The step before which the change is made."""
    self_talk: Annotated[float, Field(ge=0, le=1)]
    """Probability with which an agent hears its own message, from this step on; before, it is `agent.self_talk`."""


class Recording(Section):
    """What is recorded besides the metrics."""

    lexicon_every: Count | None = None
    """Steps between two lexicons (messages and success matrices), a multiple of `engine.record_every`.

    Without it, there is one at every record.
    """
    referents: Count = 256
    """Largest number of referents of each split in cross-play, chosen so that all meanings are equally frequent."""
