"""The folder of a study: it holds one study, and one process at a time writes to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hubbub.analysis.studies.study import TRIALS_FILE
from hubbub.scenarios.studies.study import Study
from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.files import STUDY_FILE, TEMPORARY, Files, encode_json, read_json, writing
from hubbub.simulator.store.lock import LOCK_FILE, locked


@contextmanager
def study_folder(folder: Path, study: Study) -> Iterator[None]:
    """Lock `folder` for a study, whose description is written first.

    Raises
    ------
    StoreError
        The folder holds another study or other files, or another process writes to it.
    """
    if not (folder / STUDY_FILE).exists():
        _refuse_used(folder)
    with writing(folder, run=folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        content = json.loads(study.model_dump_json())
        if check_folder(folder, study) != content:
            stamp = {"schema_version": 1, "hubbub_version": version("hubbub")}
            Files(folder).write(STUDY_FILE, encode_json({**stamp, "study": content}))
        yield


def check_folder(folder: Path, study: Study) -> dict[str, Any] | None:
    """Return the description of a study that a folder holds, None where there is none.

    Raises
    ------
    StoreError
        The folder holds another study than this one, or other files.
    """
    if not (folder / STUDY_FILE).exists():
        _refuse_used(folder)
        return None
    there: dict[str, Any] = read_json(folder, STUDY_FILE).get("study", {})
    _refuse_another(folder, there, json.loads(study.model_dump_json()))
    return there


def _refuse_used(folder: Path) -> None:
    if not folder.exists():
        return
    others = sorted(entry.name for entry in folder.iterdir() if entry.name not in (LOCK_FILE, TEMPORARY))
    if others:
        raise StoreError(
            f"{folder}: expected an empty folder or that of a study, got {others[0]}; choose another folder with --out"
        )


def _refuse_another(folder: Path, there: dict[str, Any], content: dict[str, Any]) -> None:
    """Refuse a study whose runs would be others; how they are measured, and how many trials follow, may change."""
    begun = (folder / TRIALS_FILE).exists()
    may_differ = ("study.measures", "study.optuna.trials" if begun else "study.optuna")
    for place, stored, wanted in _differences("study", there, content):
        if (stored is None and wanted is None) or place.startswith(may_differ):
            continue
        raise StoreError(
            f"{folder}: holds another study; {place}: expected {json.dumps(stored, ensure_ascii=False)} as there, "
            f"got {json.dumps(wanted, ensure_ascii=False)}; choose another folder with --out"
        )


def _differences(place: str, one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield the dotted paths at which two nested mappings differ, with both values."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys([*one, *other]):
            yield from _differences(f"{place}.{name}", one.get(name), other.get(name))
    elif one != other:
        yield place, one, other
