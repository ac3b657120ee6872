"""The recorded series and events of a run of associative memories, as arrays for the measures of this package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.temporal.avalanches import Avalanches, avalanches
from hubbub.analysis.validation import whole_number
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from hubbub.simulator.store import Run

EVENT_KINDS = ("avalanche-birth", "avalanche-death", "coincidence", "switch")
SERIES = ("overlap", "activity")


def recorded_series(run: Run, name: str) -> Float[np.ndarray, "C T"]:
    """Return the "overlap" or the "activity" of every copy of a run at every recorded step. O(C T).

    Raises
    ------
    ConfigurationError
        An unknown series, or a run that recorded none.
    """
    if name not in SERIES:
        raise ConfigurationError(complaint("series", expected=f"one of {', '.join(SERIES)}", got=name, valid=SERIES))
    table = run.series()
    if not len(table):
        raise ConfigurationError(f"{run.path}: expected recorded series, got none; was `series_every` set?")
    n_copies = int(table["copy"].to_numpy().max()) + 1
    return table[name].to_numpy().astype(np.float64).reshape(-1, n_copies).T  # rows are ordered by step, then by copy


def recorded_events(run: Run, kind: str) -> tuple[Int[np.ndarray, " n"], ...]:
    """Return the steps of the n events of one kind for every copy of a run.

    The first step of a run is step 1, and events are not detected in its first `burn_in_steps`: subtract
    `burn_in_steps` + 1 from the times for an event-driven walk of `run.step` − `burn_in_steps` steps.

    Raises
    ------
    ConfigurationError
        An unknown kind of event, or a run without copies.
    """
    kinds = ", ".join(EVENT_KINDS)
    if kind not in EVENT_KINDS:
        raise ConfigurationError(complaint("kind", expected=f"one of {kinds}", got=kind, valid=EVENT_KINDS))
    steps, copies, _ = _events(run, kind)
    return tuple(steps[copies == copy] for copy in range(_n_copies(run)))


def recorded_avalanches(run: Run) -> tuple[Avalanches, ...]:
    """Return the avalanches detected during a run, for every copy; those that have not ended are left out.

    Raises
    ------
    ConfigurationError
        A run without copies.
    """
    born, born_in, _ = _events(run, "avalanche-birth")
    died, died_in, sizes = _events(run, "avalanche-death")
    found = []
    for copy in range(_n_copies(run)):
        births, deaths = born[born_in == copy], died[died_in == copy]
        size = sizes[died_in == copy]
        n = len(deaths)
        found.append(Avalanches(births[:n], deaths, size, float("nan"), "recorded", 1, run.step + 1))
    return tuple(found)


def recorded_activity(run: Run, copy: int = 0) -> tuple[Float[np.ndarray, " T"], Avalanches]:
    """Return the activity `[T]` of a copy after its burn-in, and its avalanches, the recorded ones if possible.

    Both are empty where the run recorded no series.

    Raises
    ------
    ConfigurationError
        A run without copies, or no such copy.
    """
    n_copies = _n_copies(run)
    if not 0 <= whole_number(copy, name="copy") < n_copies:
        raise ConfigurationError(complaint("copy", expected=f"0 … {n_copies - 1}", got=copy))
    recording = run.configuration["recording"]
    every, burn_in = recording["series_every"], recording["burn_in_steps"]
    if not every:
        return np.empty(0), avalanches(np.empty(0))
    activity = recorded_series(run, "activity")[copy, burn_in // every :]
    if every > 1 or not recording["avalanches"]:
        return activity, avalanches(activity)
    found = recorded_avalanches(run)[copy]
    births, deaths = found.births - burn_in - 1, found.deaths - burn_in - 1  # the first step of a run is step 1
    return activity, Avalanches(births, deaths, found.sizes, found.threshold, found.rule, 1, len(activity))


def _events(run: Run, kind: str) -> tuple[Int[np.ndarray, " n"], Int[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Return steps, copies and values of the n events of one kind, in temporal order."""
    import pyarrow.compute as pc

    rows = run.events()
    rows = rows.filter(pc.equal(rows["kind"], kind))
    return rows["step"].to_numpy(), rows["copy"].to_numpy(), rows["value"].to_numpy()


def _n_copies(run: Run) -> int:
    """Return the number of copies, from the metrics, because a copy may have no events."""
    import pyarrow.compute as pc

    last = pc.max(run.metric_rows()["copy"]).as_py()
    if last is None:
        raise ConfigurationError(f"{run.path}: expected a run of memories, got one without copies")
    return int(last) + 1
