"""The seal of a checkpoint: what it stores about its run, so that a run that was changed afterwards is not resumed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from hubbub.simulator.errors import StoreError, shown
from hubbub.simulator.store.checkpoint import LoadedCheckpoint
from hubbub.simulator.store.files import inside
from hubbub.simulator.store.growing import is_before
from hubbub.simulator.store.info import read_info
from hubbub.simulator.store.journal import read_content
from hubbub.simulator.store.manifest import MANIFEST_FILE, PART_NAME, Manifest
from hubbub.simulator.store.schemas import COLUMNS, SNAPSHOTS


def seal(info: Mapping[str, Any], manifest: Manifest) -> dict[str, Any]:
    """Return seed, configuration, kernel, and the digest of all parts, which the manifest keeps as well."""
    return {**_chosen(info), "parts": manifest.digest()}


def check_unchanged(run: Path, checkpoint: LoadedCheckpoint, *, may_differ: Collection[str] = ()) -> None:
    """Raise a `StoreError` that names what was changed in the run since the checkpoint, or removed from it.

    Every byte that a resume keeps is read. `may_differ` are fields of the configuration, such as "training.steps".
    """
    info, manifest = read_info(run), Manifest.read(run)
    then, now = dict(_fields(_chosen(checkpoint.seal))), dict(_fields(_chosen(info)))
    allowed = {f"configuration.{field}" for field in may_differ}
    changes = [
        f"{field}: expected {_said(then, field)}, got {_said(now, field)}"
        for field in sorted(then.keys() | now.keys())
        if _said(then, field) != _said(now, field) and field not in allowed
    ]
    if checkpoint.seal["parts"] != (got := manifest.seals.get(checkpoint.step)):
        changes.append(f"{MANIFEST_FILE}: expected the seal {checkpoint.seal['parts']}, got {got or 'none'}")
    for part in manifest.parts.values():
        if not part.table or is_before(part, checkpoint.step):
            try:
                read_content(run, part)
            except StoreError as error:
                changes.append(str(error))
    changes += [f"{run / name}: expected nothing, got a file" for name in foreign_parts(run, manifest)]
    if changes:
        raise StoreError(
            f"{run}: the run was changed after its checkpoint of step {checkpoint.step}; undo that or start a new run:"
            + "".join(f"\n  {change}" for change in changes)
        )


def _chosen(info: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a run was told, and what its steps are computed by."""
    return {name: info[name] for name in ("seed", "configuration", "kernel") if name in info}


def foreign_parts(run: Path, manifest: Manifest) -> list[str]:
    """Return the names of files that lie among the parts of the growing tables and are none, sorted."""
    found = set()
    for table in {*manifest.tables(), *COLUMNS, *SNAPSHOTS}:
        for path in inside(run, table).glob("*"):
            name = f"{table}/{path.name}"
            if not path.is_dir() and name not in manifest.parts and name not in manifest.dropped:
                found.add(name)
    return sorted(name for name in found if PART_NAME.fullmatch(name) or name.endswith(".parquet"))


def _said(fields: Mapping[str, Any], field: str) -> str:
    return shown(fields[field]) if field in fields else "nothing"


def _fields(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every field of nested sections with its dotted name."""
    for name, value in section.items():
        if isinstance(value, Mapping):
            yield from _fields(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
