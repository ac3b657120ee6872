"""The folder of a study: it holds one study, and one process at a time works in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hubbub.scenarios.studies.study import Study
from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.files import TEMPORARY, Files, encode_json, read_json, writing
from hubbub.simulator.store.lock import LOCK_FILE, locked

STUDY_FILE = "study.json"


@contextmanager
def kept(folder: Path, study: Study) -> Iterator[None]:
    """Hold `folder` for a study, which is written into it before anything else.

    Raises
    ------
    StoreError
        The folder holds another study, or something else, or another process works in it.
    """
    if not (folder / STUDY_FILE).exists():
        _refuse_used(folder)
    with writing(folder, run=folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        content = json.loads(study.model_dump_json())
        if (folder / STUDY_FILE).exists():
            _refuse_another(folder, content)
        else:
            stamp = {"schema_version": 1, "hubbub_version": version("hubbub")}
            Files(folder).write(STUDY_FILE, encode_json({**stamp, "study": content}))
        yield


def _refuse_used(folder: Path) -> None:
    if not folder.exists():
        return
    others = sorted(entry.name for entry in folder.iterdir() if entry.name not in (LOCK_FILE, TEMPORARY))
    if others:
        raise StoreError(f"{folder}: holds no study but {others[0]}; choose another folder with --out")


def _refuse_another(folder: Path, content: dict[str, object]) -> None:
    there = read_json(folder, STUDY_FILE).get("study", {})
    for place, kept, wanted in _differences("study", there, content):
        raise StoreError(
            f"{folder}: holds another study; {place}: expected {json.dumps(kept, ensure_ascii=False)} as there, "
            f"got {json.dumps(wanted, ensure_ascii=False)}; choose another folder with --out"
        )


def _differences(place: str, one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield where two nested mappings differ, and what they have there."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys([*one, *other]):
            yield from _differences(f"{place}.{name}", one.get(name), other.get(name))
    elif one != other:
        yield place, one, other
