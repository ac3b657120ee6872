"""Hubs over time: which agents are hubs while the graph changes, and how long they stay hubs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float, Int

from hubbub.analysis.hubs.degree_distribution import degrees
from hubbub.analysis.ranks import standard_ranks
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


@dataclass(frozen=True)
class HubsOverTime:
    """The degrees of N agents at T steps.

    Attributes
    ----------
    steps
        Step 0, every step at which an edge was added or removed, and every step with a lexicon, `[T]`.
    degrees
        `[T, N]`; see `degrees` for what is counted.
    hubs
        Whether each agent is a hub, `[T, N]`: its degree is at least that of the last of the `top` agents, and above
        the mean. So agents tied for the last place are all hubs, and where all degrees are equal there is no hub.
    turnover
        1 − (hubs at both times) / (hubs at either), from the time before to each time `[T]`; NaN at the first, and
        where neither has hubs.
    rank_correlation, rank_correlation_with_first
        Spearman correlation of the degrees with those of the time before, and of the first time, `[T]`; NaN where all
        degrees are equal.
    """

    steps: Int[np.ndarray, " T"]
    degrees: Int[np.ndarray, "T N"]
    hubs: Bool[np.ndarray, "T N"]
    turnover: Float[np.ndarray, " T"]
    rank_correlation: Float[np.ndarray, " T"]
    rank_correlation_with_first: Float[np.ndarray, " T"]


@validated()
def hubs_over_time(run: Run, *, top: int | None = None, kind: str = "links") -> HubsOverTime:
    """Return the hubs of a run at every change of its graph and every lexicon.

    Parameters
    ----------
    top
        Number of agents at the top; a tenth of all, at least one, when not given.
    kind
        "links", "out" or "in", as in `degrees`.

    O(E + events + T N log N).

    Raises
    ------
    ConfigurationError
        `top` outside 1 … N, or an unknown kind.
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


def _degrees_over_time(run: Run, n_agents: int, kind: str) -> tuple[Int[np.ndarray, " T"], Int[np.ndarray, "T N"]]:
    """Return steps and degrees, updated at every event that adds or removes an edge."""
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
