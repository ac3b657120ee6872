"""What a run of memories recorded, as the arrays that the measures of this room take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.temporal.avalanches import Avalanches
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from hubbub.simulator.store import Run

EVENT_KINDS = ("avalanche-birth", "avalanche-death", "coincidence", "switch")
SERIES = ("overlap", "activity")


def recorded_series(run: Run, name: str) -> np.ndarray:
    """Return the "overlap" or the "activity" of every copy of a run `[C, T]`, one value for each recorded step."""
    if name not in SERIES:
        raise ConfigurationError(complaint("series", expected=f"one of {', '.join(SERIES)}", got=name, valid=SERIES))
    table = run.series()
    if not len(table):
        raise ConfigurationError(f"{run.path}: expected recorded series, got none; was `series_every` set?")
    n_copies = int(table["copy"].to_numpy().max()) + 1
    return table[name].to_numpy().astype(np.float64).reshape(-1, n_copies).T  # written step by step, copy by copy


def recorded_events(run: Run, kind: str) -> tuple[np.ndarray, ...]:
    """Return the steps of the events of one kind, `[n]` for every copy of a run: times for walks and intervals.

    The first step of a run is step 1, and no event is looked for in its first `burn_in_steps`: take those and one off
    the times, and a walk driven by the events is `run.step` − `burn_in_steps` steps long.
    """
    kinds = ", ".join(EVENT_KINDS)
    if kind not in EVENT_KINDS:
        raise ConfigurationError(complaint("kind", expected=f"one of {kinds}", got=kind, valid=EVENT_KINDS))
    steps, copies, _ = _events(run, kind)
    return tuple(steps[copies == copy] for copy in range(_n_copies(run)))


def recorded_avalanches(run: Run) -> tuple[Avalanches, ...]:
    """Return the avalanches that were found while a run went on, for every copy; those still open are left out."""
    born, born_in, _ = _events(run, "avalanche-birth")
    died, died_in, sizes = _events(run, "avalanche-death")
    found = []
    for copy in range(_n_copies(run)):
        births, deaths = born[born_in == copy], died[died_in == copy]
        size = sizes[died_in == copy]
        n = len(deaths)
        found.append(Avalanches(births[:n], deaths, size, float("nan"), "recorded", 1, run.step + 1))
    return tuple(found)


def _events(run: Run, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return steps, copies and values of the events of one kind, in the order of time."""
    import pyarrow.compute as pc

    rows = run.events()
    rows = rows.filter(pc.equal(rows["kind"], kind))
    return rows["step"].to_numpy(), rows["copy"].to_numpy(), rows["value"].to_numpy()


def _n_copies(run: Run) -> int:
    """Return the number of copies: every copy has metrics, and not every one has events."""
    import pyarrow.compute as pc

    last = pc.max(run.metrics()["copy"]).as_py()
    if last is None:
        raise ConfigurationError(f"{run.path}: expected a run of memories, got one without copies")
    return int(last) + 1
