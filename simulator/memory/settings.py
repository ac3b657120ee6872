"""The sections of a memory's configuration."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import pydantic
from pydantic import Field

from hubbub.simulator.configuration import Section

Count = Annotated[int, Field(ge=1)]
Index = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Grid(Section):
    """The copies: every noise level with every load, `repetitions` times each."""

    noise: Annotated[
        tuple[Annotated[float, Field(ge=0)], ...], Field(min_length=1, json_schema_extra={"uniqueItems": True})
    ]
    """Noise levels; the memory says what they are (mostly the chance that a spin flips after its update)."""
    load: Annotated[tuple[Count, ...], Field(min_length=1, json_schema_extra={"uniqueItems": True})] = (10,)
    """K: numbers of stored patterns; ignored by a memory without patterns."""
    repetitions: Count = 1
    """Copies of each noise and load, each with its own random numbers, and its own patterns where they are random."""
    start: Literal["pattern", "random"] = "pattern"
    """State at step 0: the target pattern, or fair coins."""
    flipped: Share = 0.0
    """Share of the spins that are flipped at step 0, drawn for each copy."""
    target: Index = 0
    """Number of the stored pattern whose overlap with the state is recorded."""

    @pydantic.field_validator("noise", "load")
    @classmethod
    def _each_once(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        if len(set(values)) < len(values):
            raise ValueError(f"expected each value once (copies.repetitions repeats each), got {list(values)}")
        return values


class Dynamics(Section):
    """How many steps the copies make and which kernel computes them."""

    steps: Index = 100_000
    """T: number of steps of the run; the noise at which a pattern is lost falls with its logarithm."""
    kernel: Literal["fastest", "plain", "loop", "packed"] = "fastest"
    """Code of a step: torch (`plain`), a compiled `loop`, or 64 spins per word (`packed`). All give the same run."""


class Recording(Section):
    """Which events are detected in the activity (number of spins that are on) while the copies run."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (
        {
            "if": {"required": ["burn_in_steps"], "properties": {"burn_in_steps": {"maximum": 1}}},
            "then": {
                "allOf": [
                    {
                        "anyOf": [
                            {"required": [name], "properties": {name: {"const": False}}},
                            {"required": [threshold], "properties": {threshold: {"type": "number"}}},
                        ]
                    }
                    for name, threshold in (
                        ("avalanches", "avalanche_threshold"),
                        ("coincidences", "coincidence_threshold"),
                    )
                ]
            },
        },
    )
    burn_in_steps: Index = 1000
    """Number of first steps, in which the thresholds are learnt and no event is detected."""
    avalanches: bool = True
    """Whether births and deaths of avalanches are recorded: runs of steps with activity at the threshold or above.

    An avalanche that is already running when the burn-in ends is left out.
    """
    avalanche_threshold: float | None = None
    """Least activity of an avalanche; without it, mean + `avalanche_sds` standard deviations of the burn-in."""
    avalanche_sds: float = 0.0
    """Number of standard deviations above the mean."""
    coincidences: bool = True
    """Whether coincidences are recorded: steps in which the number of spins that turn on reaches the threshold."""
    coincidence_threshold: float | None = None
    """Least number of spins; without it, mean + `coincidence_sds` standard deviations of the burn-in."""
    coincidence_sds: float = 2.0
    """Number of standard deviations above the mean."""
    switches: bool = False
    """Whether changes of the pattern nearest to the state are recorded; in strong noise that is every step."""
    series_every: Index = 0
    """Steps between two rows of overlap and activity of every copy; 0 for none."""

    @pydantic.model_validator(mode="after")
    def _something_to_learn_from(self) -> Recording:
        learnt = (self.avalanches and self.avalanche_threshold is None) or (
            self.coincidences and self.coincidence_threshold is None
        )
        if learnt and self.burn_in_steps < 2:
            raise ValueError(
                f"burn_in_steps: expected at least 2, because thresholds are learnt from them, got {self.burn_in_steps}"
            )
        return self
