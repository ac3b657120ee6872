"""What one graph file says, before anything is done to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool, Float, Int


@dataclass(frozen=True, kw_only=True)
class Contents:
    """All that a format says of a graph; `to_topology` makes the communication graph of it.

    A reader reports the file as it is: links to oneself, links side by side and weights of 0 stay, because the user's
    options decide about them, and the summary counts them. N agents, E links as the file lists them.

    Attributes
    ----------
    format
        Name of the format, as a user reads it: "GraphML", "edge table (CSV)".
    names
        One label per agent, `[N]`, no two alike.
    links
        Numbers of the agents at the two ends, `[E, 2]` int64; a directed link leads from the first to the second.
    directed
        Whether links have a direction, for all of them or for each, `[E]` (a mixed graph).
    weights
        Finite numbers `[E]` float64, or None if the file gives none. A link that has none where others have is 1.
    weights_from, names_from
        Where both come from: "column 'weight'", "node ids".
    attributes, link_attributes
        Name → N (or E) values, None where the file says nothing.
    positions
        Places of the agents `[N, d]`, or None.
    times
        First and last moment of each link `[E, 2]` float64, both included (an open end is the next number,
        `numpy.nextafter`), minus and plus infinity where there is no end; None for a graph without time. A link that is
        there several times has a row for each. Dates are seconds since 1970, UTC.
    dated, times_from
        Whether times are dates, and where they come from: "column 'timestamp'".
    span
        First and last moment of the graph, as `times`; without it, those of the links.
    moment
        Which links count if the user names no moment: "all", or those of the "last" one.
    parallel
        What is done with links side by side if the user does not say: "add" (weights are added, a link without a weight
        counts 1), "once", or "refuse".
    left_out
        Columns, keys or parts of the file that are not used.
    notes
        What else a reader of this file must know, one short sentence each, in plain words.
    """

    format: str
    names: Sequence[str]
    links: Int[np.ndarray, "E 2"]
    directed: bool | Bool[np.ndarray, " E"]
    weights: Float[np.ndarray, " E"] | None = None
    weights_from: str = ""
    names_from: str = ""
    attributes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    link_attributes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    positions: Float[np.ndarray, "N d"] | None = None
    times: Float[np.ndarray, "E 2"] | None = None
    dated: bool = False
    times_from: str = ""
    span: tuple[float, float] | None = None
    moment: Literal["all", "last"] = "all"
    parallel: Literal["add", "once", "refuse"] = "add"
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.span is None and self.times is not None:
            known = self.times[np.isfinite(self.times)]
            if len(known):
                object.__setattr__(self, "span", (float(known.min()), float(known.max())))
