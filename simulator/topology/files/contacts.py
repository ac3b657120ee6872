"""Whether rows without a heading are contacts: time, agent, agent, and perhaps the class of each of both."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from hubbub.simulator.topology.files.columns import numbers
from hubbub.simulator.topology.files.plain_weights import LARGE
from hubbub.simulator.topology.files.table import Table

STEP_S = 20
"""Seconds between two times of SocioPatterns."""

LOW = 100
"""Numbers below this are often weights."""

MOST_COMPARED = 10_000
"""Rows that are looked at."""


def are(table: Table) -> bool:
    """Whether rows plainly are contacts: the times are those of SocioPatterns or since 1970, and what follows fits."""
    times = _clock(table)
    if times is None or len(table.columns) not in (3, 5):
        return False
    if len(table.columns) == 5:
        return classes(table) is not None
    return _is_usual(times) and _share_agents(table) and (len(np.unique(times)) > 1 or _are_large_ids(table))


def may_be(table: Table) -> bool:
    """Whether rows may be contacts, so that the third of three columns is not plainly one of weights."""
    times = _clock(table)
    return times is not None and (_is_usual(times) or _share_agents(table))


def classes(table: Table) -> dict[str, str] | None:
    """Return the class of each agent, which the fourth and fifth columns give, or None if one has several."""
    known: dict[str, str] = {}
    for agents, its in ((1, 3), (2, 4)):
        pairs = zip(table.columns[agents].to_pylist(), table.columns[its].to_pylist(), strict=True)
        if any(known.setdefault(agent, one) != one for agent, one in set(pairs)):
            return None
    return known


def _clock(table: Table) -> np.ndarray | None:
    """Return the first column if it is numbers that never fall and that are no agents of the next two columns."""
    clock, first, second = (column.slice(0, MOST_COMPARED) for column in table.columns[:3])
    times, wrong = numbers(clock)
    if clock.null_count or wrong.any() or (np.diff(times) < 0).any():
        return None
    own = pc.unique(clock)
    taken = any(pc.any(pc.is_in(own, value_set=column)).as_py() for column in (first, second))
    return None if taken else times


def _is_usual(times: np.ndarray) -> bool:
    return bool((times % STEP_S == 0).all() or (times >= LARGE).all())


def _are_large_ids(table: Table) -> bool:
    """Whether no agent has so low a number that it may be a weight: one time alone may be one agent and its links."""
    return all(numbers(column.slice(0, MOST_COMPARED))[0].min() >= LOW for column in table.columns[1:3])


def _share_agents(table: Table) -> bool:
    first, second = (column.slice(0, MOST_COMPARED) for column in table.columns[1:3])
    return bool(pc.any(pc.is_in(pc.unique(first), value_set=second)).as_py())
