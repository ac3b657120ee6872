"""What a reproduction is, and the names that `hubbub reproduce` knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from hubbub.scenarios.reproductions.claim import Claim
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.run_set import MadeRuns, RunSet
from hubbub.scenarios.reproductions.table import Row, Table
from hubbub.simulator.registry import Registry

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Scale = Literal["small", "full"]
Figures: TypeAlias = "Mapping[str, tuple[Figure, str]]"
"""Figures by name, with captions."""

reproduction = Registry("reproduction", package="hubbub.scenarios.reproductions", supplied=("scale",), folders=True)
"""Decorator and catalogue of functions (scale) → `Reproduction`."""


@dataclass(frozen=True)
class Outcome:
    """What a reproduction found: claims, the table that they are computed from, figures, and remarks."""

    title: str
    claims: Sequence[Claim]
    table: Table
    figures: Figures = field(default_factory=dict)
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class Reproduction:
    """What a source claims, and how it is run, measured and judged.

    Attributes
    ----------
    title, source
        What is asked, and who says what is claimed, where a claim names nobody else.
    designs
        All runs.
    claims
        Returns the claims, computed from the table alone.
    figures
        Draws figures from the table and the runs.
    remarks
        What is to be said below the table, as lines or as a function of the table.
    rows
        Returns the rows of the table; by default every run is measured by its design.
    digits
        Digits of the numbers in the table, None for all.
    """

    title: str
    source: str
    designs: Sequence[Design]
    claims: Callable[[Table], list[Claim]]
    figures: Callable[[Table, MadeRuns], Figures]
    remarks: Sequence[str] | Callable[[Table], Sequence[str]] = ()
    rows: Callable[[RunSet, MadeRuns], Sequence[Row]] = RunSet.rows
    digits: int | None = None

    def reproduce(self, runs: RunSet) -> Outcome:
        """Make the runs, measure them, and judge the claims."""
        made = runs.made(self.designs)
        table = Table(self.rows(runs, made)).rounded(self.digits)
        return self.judge(table, self.figures(table, made))

    def judge(self, table: Table, figures: Figures | None = None) -> Outcome:
        """Judge the claims by a table, which may be one that was kept."""
        remarks = self.remarks(table) if callable(self.remarks) else self.remarks
        claims = [claim.of_source(self.source) for claim in self.claims(table)]
        return Outcome(self.title, claims, table, figures or {}, remarks)


def sizes(
    *, small: Mapping[str, Any], full: Mapping[str, Any]
) -> Callable[[Callable[..., Reproduction]], Callable[..., Reproduction]]:
    """Turn a function of sizes into one of the scale: `small` takes minutes, `full` hours; sizes may be replaced."""

    def decorate(function: Callable[..., Reproduction]) -> Callable[..., Reproduction]:
        @wraps(function)
        def of_scale(scale: Scale = "small", **changed: Any) -> Reproduction:
            return function(**{**(full if scale == "full" else small), **changed})

        return of_scale

    return decorate
