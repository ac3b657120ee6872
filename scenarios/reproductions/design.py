"""What a reproduction runs: a scenario, what all runs have in common, what differs, and the seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeAlias

from hubbub.scenarios.reproductions.table import Row, Rows
from hubbub.simulator.store import Run

Changes: TypeAlias = Mapping[str, Any]
"""Fields of a scenario, by dotted path, and their values."""


@dataclass(frozen=True)
class Job:
    """One run: its key in the table, its folder `name`, a scenario with overrides, and a seed."""

    name: str
    scenario: str | Mapping[str, Any]
    overrides: Changes = field(default_factory=dict)
    seed: int = 0
    key: Row = field(default_factory=dict)


@dataclass(frozen=True)
class Design:
    """Runs of one scenario: every combination of the levels of all factors, with every seed.

    Attributes
    ----------
    scenario
        Name of the scenario, or its sections.
    names
        Name of a run, with factors and `seed` in braces; in the names of levels "," is left out and " " becomes "-".
    measure
        Returns the row, or the rows, of a run. Factors and seed are put before them.
    seeds
        Runs of every combination, with seeds 0, 1, 2 …
    common
        Overrides of all runs.
    factors
        By name of a factor: its levels, and the overrides of each.
    labels
        More columns, the same in all rows.
    first_seed
        The first of the seeds, where it is not 0.
    is_slow
        Whether runs are measured in several processes, and what was measured is kept beside each run.
    """

    scenario: str | Mapping[str, Any]
    names: str
    measure: Callable[[Run], Row | Rows]
    seeds: int = 1
    common: Changes = field(default_factory=dict)
    factors: Mapping[str, Mapping[Any, Changes]] = field(default_factory=dict)
    labels: Row = field(default_factory=dict)
    first_seed: int = 0
    is_slow: bool = False

    def jobs(self) -> Iterator[Job]:
        """Yield all runs, the last factor changing faster than those before it, and the seed fastest."""
        for chosen in product(*(levels.items() for levels in self.factors.values())):
            levels = dict(zip(self.factors, (level for level, _ in chosen), strict=True))
            overrides = {**self.common, **{path: value for _, changes in chosen for path, value in changes.items()}}
            for seed in range(self.first_seed, self.first_seed + self.seeds):
                key = {**self.labels, **levels, "seed": seed}
                name = self.names.format(**{of: _as_in_names(value) for of, value in key.items()})
                yield Job(name, self.scenario, overrides, seed, key)


def level(path: str, *values: Any) -> dict[Any, Changes]:
    """Return the levels of a factor that is one field of the scenario."""
    return {value: {path: value} for value in values}


def _as_in_names(value: Any) -> Any:
    return value.replace(",", "").replace(" ", "-") if isinstance(value, str) else value
