"""Hubs over time: who they are while the graph changes, and how long they stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.hubs.degree_distribution import degrees
from hubbub.analysis.ranks import standard_ranks
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


@dataclass(frozen=True)
class HubsOverTime:
    """The degrees of N agents at T steps.

    Attributes
    ----------
    steps
        Step 0, every step at which a link came or went, and every step with a lexicon, `[T]`.
    degrees
        `[T, N]`; see `degrees` for what is counted.
    hubs
        Who is a hub, `[T, N]` booleans: at least as many links as the agent in the last place of the top, and more than
        the mean. So places that are shared are shared, and where all have as many links nobody is a hub.
    turnover
        1 − (hubs of both times) / (hubs of either), from the time before to each time `[T]`; NaN at the first, and
        where neither has hubs.
    rank_correlation, rank_correlation_with_first
        Spearman correlation of the degrees with those of the time before, and of the first time, `[T]`; NaN where all
        agents have as many links.
    """

    steps: np.ndarray
    degrees: np.ndarray
    hubs: np.ndarray
    turnover: np.ndarray
    rank_correlation: np.ndarray
    rank_correlation_with_first: np.ndarray


def hubs_over_time(run: Run, *, top: int | None = None, kind: str = "links") -> HubsOverTime:
    """Return the hubs of a run at every change of its graph and every lexicon.

    Parameters
    ----------
    top
        Number of places at the top; a tenth of the agents, at least one, when not given.
    kind
        "links", "out" or "in", as in `degrees`.

    O(E + events + T N log N).
    """
    n_agents = len(run.agents().names)
    places = max(1, round(n_agents / 10)) if top is None else top
    if not 1 <= places <= n_agents:
        raise ConfigurationError(complaint("top", expected=f"1 … {n_agents}", got=top))
    steps, counts = _degrees_over_time(run, n_agents, kind)
    last = np.sort(counts, axis=1)[:, -places]
    hubs = (counts >= last[:, None]) & (counts > counts.mean(axis=1, keepdims=True))
    either, both = (hubs[1:] | hubs[:-1]).sum(axis=1), (hubs[1:] & hubs[:-1]).sum(axis=1)
    turnover = np.full(len(steps), np.nan)
    np.divide(either - both, either, out=turnover[1:], where=either > 0)
    ranks = np.array([standard_ranks(row) for row in counts])
    before = np.full(len(steps), np.nan)
    before[1:] = (ranks[1:] * ranks[:-1]).sum(axis=1)
    return HubsOverTime(steps, counts, hubs, turnover, before, ranks @ ranks[0])


def _degrees_over_time(run: Run, n_agents: int, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Return steps `[T]` and degrees `[T, N]`, each link followed from event to event."""
    edges = run.edges(-1)
    present, now = set(map(tuple, edges.tolist())), degrees(edges, n_agents, kind=kind)
    changes = [event for event in run.events().to_pylist() if event["kind"] in ("edge-added", "edge-removed")]
    steps = sorted({0, *run.lexicon_steps(), *(event["step"] for event in changes)})
    counts, waiting = [], iter([*changes, None])
    event = next(waiting)
    for step in steps:
        while event is not None and event["step"] <= step:
            edge, added = (event["source"], event["target"]), event["kind"] == "edge-added"
            if added != (edge in present):
                (present.add if added else present.remove)(edge)
                if kind == "links" and edge[::-1] not in present:
                    now[list(edge)] += 1 if added else -1
                elif kind != "links":
                    now[edge[0 if kind == "out" else 1]] += 1 if added else -1
            event = next(waiting)
        counts.append(now.copy())
    return np.array(steps), np.array(counts)
