"""Find runs and studies in folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store.files import RUN_FILE, STUDY_FILE
from hubbub.simulator.store.lock import LOCK_FILE
from hubbub.simulator.store.manifest import MANIFEST_FILE

DEFAULT_FOLDERS = ("runs", "studies")
MOST_DEEP = 5
"""How many folders deep runs are looked for."""


@dataclass
class Found:
    """The folders of runs and studies, sorted; runs of a study are not among the runs."""

    runs: list[Path] = field(default_factory=list)
    studies: list[Path] = field(default_factory=list)


def find(paths: Iterable[Path] = ()) -> Found:
    """Return the runs and studies at `paths` and in folders there; by default those below `runs` and `studies`.

    Raises
    ------
    ConfigurationError
        One of `paths` is no folder.
    """
    chosen = list(paths)
    for path in chosen:
        if not path.is_dir():
            raise ConfigurationError(f"{path}: expected a run, a study or a folder with some, got no folder")
    found, seen = Found(), set[Path]()
    for path in chosen or [Path(name) for name in DEFAULT_FOLDERS if Path(name).is_dir()]:
        for folder in _folders(path, MOST_DEEP, seen):
            (found.studies if is_study(folder) else found.runs).append(folder)
    return found


def is_study(folder: Path) -> bool:
    """Whether a folder is that of a study."""
    return (folder / STUDY_FILE).is_file()


def looks_like_a_run(folder: Path) -> bool:
    """Whether a folder is that of a run, perhaps a half-written or damaged one."""
    return any((folder / name).exists() for name in (RUN_FILE, MANIFEST_FILE, LOCK_FILE))


def _folders(folder: Path, deep: int, seen: set[Path]) -> Iterator[Path]:
    """Yield the folders of runs and studies in a folder, each once, also where links lead to it twice."""
    try:
        if (true := folder.resolve()) in seen:
            return
        seen.add(true)
        if is_study(folder) or looks_like_a_run(folder):
            yield folder
        elif deep:
            inside = [entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")]
            for entry in sorted(inside):
                yield from _folders(entry, deep - 1, seen)
    except OSError:  # a folder that may not be read, or a loop of links, holds nothing that could be shown
        return
