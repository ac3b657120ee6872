"""The sections of a memory's configuration."""

from __future__ import annotations

from typing import Annotated, Literal

import pydantic
from pydantic import Field

from hubbub.simulator.configuration import Section

Count = Annotated[int, Field(ge=1)]
Index = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Grid(Section):
    """The copies: every noise level with every load, so many times over."""

    noise: Annotated[tuple[Annotated[float, Field(ge=0)], ...], Field(min_length=1)]
    """Noise levels; what they are is said at the memory (mostly the chance that a spin flips after its update)."""
    load: Annotated[tuple[Count, ...], Field(min_length=1)] = (10,)
    """K: numbers of stored patterns; no matter to a memory without patterns."""
    repetitions: Count = 1
    """Copies of each noise and load, each with its own draws, of patterns too where they are drawn."""
    start: Literal["pattern", "random"] = "pattern"
    """State at step 0: the target pattern, or fair coins."""
    flipped: Share = 0.0
    """Share of the spins that are flipped at step 0, drawn for each copy."""
    target: Index = 0
    """Number of the stored pattern that the overlap is taken with."""

    @pydantic.field_validator("noise", "load")
    @classmethod
    def _each_once(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        if len(set(values)) < len(values):
            raise ValueError(f"expected each value once (repetitions make more copies of it), got {list(values)}")
        return values


class Dynamics(Section):
    """How long the copies are stepped and by which code."""

    steps: Index = 100_000
    """T: number of steps of the run; the noise at which a pattern is lost falls with its logarithm."""
    kernel: Literal["fastest", "plain", "loop", "packed"] = "fastest"
    """The code of a step: torch (`plain`), a compiled `loop`, or 64 spins a word (`packed`). All give the same run."""


class Recording(Section):
    """Which events are looked for in the activity (number of spins that are on) while the copies run."""

    burn_in_steps: Index = 1000
    """First steps, in which no event is looked for and the thresholds are learnt."""
    avalanches: bool = True
    """Whether births and deaths of avalanches are written, runs of steps with activity at the threshold or above.

    An avalanche that runs already when the burn-in ends is left out.
    """
    avalanche_threshold: float | None = None
    """Activity from which an avalanche runs; without it, mean + `avalanche_sds` standard deviations of the burn-in."""
    avalanche_sds: float = 0.0
    """Standard deviations above the mean."""
    coincidences: bool = True
    """Whether coincidences are written: steps in which the number of spins that turn on reaches the threshold."""
    coincidence_threshold: float | None = None
    """Number of spins; without it, mean + `coincidence_sds` standard deviations of the burn-in."""
    coincidence_sds: float = 2.0
    """Standard deviations above the mean."""
    switches: bool = False
    """Whether changes of the pattern nearest to the state are written; in strong noise that is every step."""
    series_every: Index = 0
    """Steps between two rows of overlap and activity of every copy; 0 for none."""

    @pydantic.model_validator(mode="after")
    def _something_to_learn_from(self) -> Recording:
        learnt = (self.avalanches and self.avalanche_threshold is None) or (
            self.coincidences and self.coincidence_threshold is None
        )
        if learnt and self.burn_in_steps < 2:
            raise ValueError(
                f"burn_in_steps: expected at least 2, from which thresholds are learnt, got {self.burn_in_steps}"
            )
        return self
