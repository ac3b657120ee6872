"""The seal of a checkpoint: what it stores about its run, so that a run that was changed afterwards is not resumed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.checkpoint import LoadedCheckpoint
from hubbub.simulator.store.files import inside
from hubbub.simulator.store.reader import read_info
from hubbub.simulator.store.tables import COLUMNS

ANY_SIZE = "any size"


def seal(run: Path, info: Mapping[str, Any], step: int) -> dict[str, Any]:
    """Return seed, configuration, kernel, and the size of every part of a table that a resume from `step` keeps.

    The last part of the metrics may be of any size: a resume removes its rows of `step`. O(parts).
    """
    parts = _parts(run, step)
    parts |= dict.fromkeys(sorted(part for part in parts if part.startswith("metrics/"))[-1:], ANY_SIZE)
    return {**_chosen(info), "parts": parts}


def check_unchanged(run: Path, checkpoint: LoadedCheckpoint, *, may_differ: Collection[str] = ()) -> None:
    """Raise a `StoreError` that names what was changed in the run since the checkpoint, or removed from it.

    `may_differ` are fields of the configuration, such as "training.steps".
    """
    info, sealed = read_info(run), checkpoint.seal["parts"]
    parts = {
        part: ANY_SIZE if sealed.get(part) == ANY_SIZE else size for part, size in _parts(run, checkpoint.step).items()
    }
    then = dict(_fields(checkpoint.seal))
    now = dict(_fields({**_chosen(info), "parts": parts}))
    allowed = {f"configuration.{field}" for field in may_differ}
    changes = [
        f"{field}: expected {then.get(field, 'nothing')}, got {now.get(field, 'nothing')}"
        for field in sorted(then.keys() | now.keys())
        if then.get(field, "nothing") != now.get(field, "nothing") and field not in allowed
    ]
    if changes:
        raise StoreError(
            f"{run}: the run was changed after its checkpoint of step {checkpoint.step}; undo that or start a new run:"
            + "".join(f"\n  {change}" for change in changes)
        )


def _chosen(info: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a run was told, and what its steps are computed by."""
    return {name: info[name] for name in ("seed", "configuration", "kernel") if name in info}


def _parts(run: Path, step: int) -> dict[str, str]:
    """Return the size of every part of a table whose first row a resume from `step` keeps."""
    sizes: dict[str, str] = {}
    for table in COLUMNS:
        end = f"part-{step if table == 'metrics' else step + 1:010d}"
        paths = [path for path in inside(run, table).glob("part-*.parquet") if path.name < end]
        sizes |= {f"{table}/{path.name}": f"{path.stat().st_size} bytes" for path in paths}
    return sizes


def _fields(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every field of nested sections with its dotted name."""
    for name, value in section.items():
        if isinstance(value, Mapping):
            yield from _fields(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
