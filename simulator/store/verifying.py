"""Whether a run is what was written: every byte of every part, and the content that each part must have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.files import RUN_FILE, resolved
from hubbub.simulator.store.info import is_as_written
from hubbub.simulator.store.journal import read_content
from hubbub.simulator.store.manifest import Manifest
from hubbub.simulator.store.reader import Run, open_run
from hubbub.simulator.store.seal import foreign_parts
from hubbub.simulator.store.tables import read_part


@dataclass(frozen=True)
class Verified:
    """What was verified: the number of files, their bytes, and what is wrong, one line for each problem."""

    path: Path
    files: int
    bytes: int
    problems: tuple[str, ...]


def verify(path: Path | str) -> Verified:
    """Read all of a run, and return what is not as it was written; the run is not changed.

    Compared are the run file, every part that the manifest lists (size, SHA-256, columns, rows), what the parts say of
    each other (links name agents that there are; every lexicon is whole), every checkpoint, and whether files lie among
    the parts that are none. O(bytes of the run).

    Raises
    ------
    StoreError
        There is no run, or its run file or its manifest cannot be read at all.
    """
    run = open_run(path)
    manifest = Manifest.read(run.path)
    problems: list[str] = []
    if not is_as_written(run.path):
        problems.append(f"{run.path / RUN_FILE}: its content does not fit its SHA-256; it was changed or damaged")
    for part in manifest.parts.values():
        table = part.table or part.name.endswith(".parquet")
        problems += _problem(partial(read_part if table else read_content, run.path, part))
    if not problems:
        for check in _checks(run):
            problems += _problem(check)
    for checkpoint in run.checkpoints():
        problems += _problem(checkpoint.load)
    problems += [
        f"{run.path / name}: the manifest does not list it; it was not written by the run"
        for name in foreign_parts(run.path, manifest)
    ]
    sizes = [part.size_bytes for part in manifest.parts.values()]
    return Verified(run.path, len(sizes) + 1 + len(run.checkpoints()), sum(sizes), tuple(problems))


def check_run(path: Path | str) -> None:
    """Raise one `StoreError` that lists every problem that `verify` finds."""
    found = verify(path)
    if found.problems:
        lines = "".join(f"\n  {problem}" for problem in found.problems)
        raise StoreError(f"{resolved(path)}: the run is not as it was written:{lines}")


def _checks(run: Run) -> Iterator[Callable[[], Any]]:
    """Yield functions that read what parts say of each other."""
    tables = run.tables()
    if "agents.parquet" in tables:
        yield run.agents
    if "topology/edges.parquet" in tables:
        yield run.edges
    yield run.lexicon_steps
    for step in run.lexicon_steps():
        yield partial(run.lexicon, step)


def _problem(check: Callable[[], Any]) -> list[str]:
    try:
        check()
    except StoreError as error:
        return [str(error)]
    return []
