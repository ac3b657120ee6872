"""Run what a source claims, and judge it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import get_args

from hubbub.scenarios.reproductions import Lab, Outcome, reproduction
from hubbub.scenarios.reproductions.lab import Scale
from hubbub.scenarios.reproductions.writing import write_outcome
from hubbub.scenarios.studies.cores import cores
from hubbub.simulator.errors import ConfigurationError, complaint


def reproduce(
    name: str,
    *,
    scale: str = "small",
    out: str | Path | None = None,
    workers: int | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> tuple[Outcome, list[Path]]:
    """Make the runs of a reproduction, judge its claims, and write claims.json, results.md and figures.

    Parameters
    ----------
    name
        A reproduction: `hubbub reproduce --help` lists them.
    scale
        "small" takes minutes, "full" hours.
    out
        Folder of the runs and of what is written; by default `reproductions/NAME-SCALE`. Asked again with the same
        folder, finished runs are kept and others go on.
    workers
        Processes that make runs; by default one for each core.
    say
        Told of progress, line by line.

    Returns
    -------
    The outcome, and the files that were written.
    """
    if scale not in get_args(Scale):
        raise ConfigurationError(complaint("scale", expected="small or full", got=scale, valid=get_args(Scale)))
    if workers is not None and workers < 1:
        raise ConfigurationError(complaint("workers", expected="at least 1", got=workers))
    folder = Path(out) if out is not None else Path("reproductions") / f"{name}-{scale}"
    judged = reproduction[name]
    lab = Lab(folder.resolve(), scale="full" if scale == "full" else "small", workers=workers or cores(), say=say)
    outcome: Outcome = judged(lab=lab)
    return outcome, write_outcome(outcome, folder, command=f"hubbub reproduce {name} --scale {scale}")
