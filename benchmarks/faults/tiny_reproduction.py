"""A reproduction of two small runs, whose measurements are kept beside them, with one claim and an empty figure."""

from __future__ import annotations

from matplotlib.figure import Figure

from faults.tiny_run import TINY
from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.reproductions import Above, Design, Reproduction, Table
from hubbub.scenarios.reproductions.claim import Claim
from hubbub.simulator.store import Run

NAME = "faults"


def last_loss(run: Run) -> dict[str, float]:
    """Return the last loss of a run."""
    return {"loss": float(run.metric("loss")[1][-1])}


def claims(table: Table) -> list[Claim]:
    """Judge that there is a loss."""
    return [Claim("loss", "there is one", "last loss", over_seeds(table.column("loss")), Above(0))]


def tiny_reproduction(scale: str = "small") -> Reproduction:
    """Return the reproduction."""
    designs = [Design("karate", "s{seed}", last_loss, seeds=2, common=TINY, is_slow=True)]
    return Reproduction("Faults", "nobody", designs, claims, lambda table, made: {"empty": (Figure(), "Nothing.")})
