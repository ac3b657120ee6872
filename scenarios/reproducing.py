"""Run what a source claims, and judge it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from hubbub.scenarios.reproductions import Outcome, Reproduction, RunSet, Table, reproduction
from hubbub.scenarios.reproductions.catalogue import Scale
from hubbub.scenarios.reproductions.table import FILE
from hubbub.scenarios.reproductions.writing import CLAIMS, write_outcome
from hubbub.scenarios.studies.cores import cores
from hubbub.simulator.errors import ConfigurationError, StoreError, complaint


def reproduce(
    name: str,
    *,
    scale: str = "small",
    out: str | Path | None = None,
    kept: str | Path | None = None,
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
    kept
        A folder that an earlier call wrote: nothing is run, the claims are computed from its measurements.csv and
        written there, or to `out`. Figures stay as they are.
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
    if kept is not None:
        outcome, record = judge_again(name, Path(kept))
        return outcome, write_outcome(outcome, Path(out or kept), command=record["command"], captions=record["figures"])
    folder = Path(out or Path("reproductions") / f"{name}-{scale}")
    wanted: Reproduction = reproduction[name](scale)
    outcome = wanted.reproduce(RunSet(folder.resolve(), workers=workers or cores(), say=say))
    return outcome, write_outcome(outcome, folder, command=f"hubbub reproduce {name} --scale {scale}")


def judge_again(name: str, kept: Path) -> tuple[Outcome, dict[str, Any]]:
    """Judge the claims of a reproduction by the measurements in a folder; return also what claims.json holds there.

    Raises
    ------
    StoreError
        A file is missing.
    """
    for file in (FILE, CLAIMS):
        if not (kept / file).exists():
            expected = "expected a folder that `hubbub reproduce` wrote"
            raise StoreError(f"from: {expected}, got {kept}, which has no file {file}")
    record = json.loads((kept / CLAIMS).read_text(encoding="utf-8"))
    wanted: Reproduction = reproduction[name](record["command"].split()[-1])
    return wanted.judge(Table.read(kept / FILE)), record
