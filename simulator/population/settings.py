"""The sections of a population's configuration that belong to no other package."""

from __future__ import annotations

from typing import Annotated

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
    """Who talks in a step: N links drawn (`edge`), every agent once (`node`), everyone at most once (`matching`)."""
    learning_rate: Annotated[float, Field(gt=0)] = 3e-3
    """Learning rate of Adam."""


class Recording(Section):
    """What is recorded besides the metrics."""

    lexicon_every: Count | None = None
    """Steps between two lexicons (messages and success matrices), a multiple of `engine.record_every`.

    Without it, there is one at every record.
    """
    referents: Count = 256
    """Largest number of referents of each split in cross-play, chosen so that all meanings are equally frequent."""
