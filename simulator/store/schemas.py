"""What each part of a run directory must hold: the one place that says it, for the writer, the reader and `verify`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hubbub.simulator.errors import StoreError, complaint

if TYPE_CHECKING:
    import pyarrow as pa

RUN_SCHEMA = 3
"""Version of the run directory."""

INFO: dict[str, type] = {
    "name": str,
    "status": str,
    "step": int,
    "seed": int,
    "configuration": dict,
    "versions": dict,
    "hubbub_version": str,
    "created": str,
    "updated": str,
}
"""Fields of `run.json`; there may be others."""

STATUSES = ("running", "finished", "stopped", "failed")

COLUMNS: dict[str, dict[str, str]] = {
    "metrics": {
        "step": "int64",
        "name": "string",
        "value": "float64?",
        "agent": "int64?",
        "listener": "int64?",
        "split": "string?",
        "distance": "int64?",
        "copy": "int64?",
        "network": "int64?",
    },
    "events": {
        "step": "int64",
        "kind": "string?",
        "source": "int64?",
        "target": "int64?",
        "copy": "int64?",
        "value": "float64?",
        "detail": "string?",
    },
    "series": {"step": "int64", "copy": "int64?", "overlap": "float32?", "activity": "float32?"},
}
"""Columns of the growing tables, the same in every part of every run, so that parts can be read together by a glob.

Name → type; a type with a question mark may be null.
"""

DIMENSIONS = tuple(COLUMNS["metrics"])[3:]
"""What a metric row may describe, such as an agent; all are null where it describes the whole system."""

MESSAGES = {"split": "string", "agent": "int64", "referent": "int64", "length": "int64", "message": "list<int16>"}
SUCCESS = {"split": "string", "speaker": "int64", "listener": "int64", "success": "float32"}

SNAPSHOTS: dict[str, dict[str, str]] = {
    "lexicon/messages": {"step": "int64", **MESSAGES},
    "lexicon/success": {"step": "int64", **SUCCESS},
}
"""Columns of the tables of snapshots; those of other kinds of snapshots have any columns beside `step`."""

SINGLE: dict[str, dict[str, str]] = {
    "agents.parquet": {"agent": "int64", "name": "string"},
    "referents.parquet": {"referent": "int64", "split": "string"},
    "topology/edges.parquet": {"source": "int64", "target": "int64", "weight": "float64?"},
    "copies.parquet": {"copy": "int64", "noise": "float64?", "load": "int64", "repetition": "int64"},
    "networks.parquet": {"network": "int64", "seed": "int64"},
}
"""Columns that a table in one file must have; it may have others."""


def columns_of(table: str) -> dict[str, str]:
    """Return the columns that a table of a run must have, by its name; none are known of a user's own."""
    return {**COLUMNS, **SNAPSHOTS, **SINGLE}.get(table, {"step": "int64"} if "." not in table else {})


def arrow_schema(columns: Mapping[str, str]) -> pa.Schema:
    """Return the Arrow schema of columns given as name → type name; "list<int16>" is a list of int16."""
    import pyarrow as pa

    lists = {"list<int16>": pa.list_(pa.int16())}
    return pa.schema([(name, lists.get(kind.rstrip("?"), kind.rstrip("?"))) for name, kind in columns.items()])


def fitted(table: pa.Table, columns: Mapping[str, str], *, optional: tuple[str, ...] = ()) -> pa.Table:
    """Return a table with `columns` in the types that they must have, and its further columns as they are.

    Columns that are `optional` are null where they are missing.

    Raises
    ------
    StoreError
        A column is missing, is there twice, has another type, or has nulls where it may not.
    """
    import pyarrow as pa

    names = table.column_names
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise StoreError(f"column {twice[0]!r}: expected once, got {names.count(twice[0])} times")
    wanted = arrow_schema(columns)
    for field in wanted:
        if field.name not in names:
            if field.name not in optional:
                raise StoreError(f"column {field.name!r} is missing; expected {', '.join(columns)}")
            table = table.append_column(field.name, pa.nulls(len(table), field.type))
            continue
        place, values = names.index(field.name), table[field.name]
        if values.type != field.type:
            if not _fits(values.type, field.type):
                raise StoreError(f"column {field.name!r}: expected {field.type}, got {values.type}")
            table = table.set_column(place, field, values.cast(field.type))
        if values.null_count and not columns[field.name].endswith("?"):
            raise StoreError(f"column {field.name!r}: expected a value in every row, got {values.null_count} nulls")
    return table


def _fits(given: pa.DataType, wanted: pa.DataType) -> bool:
    """Whether values of one type mean the same in another; text is never taken for a number, nor a number for text."""
    import pyarrow.types as kinds

    if kinds.is_null(given):
        return True
    if kinds.is_list(wanted):
        return bool(kinds.is_list(given) or kinds.is_large_list(given)) and _fits(given.value_type, wanted.value_type)
    if kinds.is_string(wanted):
        return bool(kinds.is_large_string(given) or (kinds.is_dictionary(given) and _fits(given.value_type, wanted)))
    if kinds.is_string(given):
        return False
    if kinds.is_integer(wanted):
        return bool(kinds.is_integer(given))
    return bool(kinds.is_integer(given) or kinds.is_floating(given))


def check_info(info: Mapping[str, Any]) -> None:
    """Raise `StoreError` when the content of `run.json` lacks a field, or has one of another type."""
    if info.get("schema_version") != RUN_SCHEMA:
        raise StoreError(
            f"schema_version: expected {RUN_SCHEMA}, got {info.get('schema_version')!r}; the run was written by "
            "another version of hubbub: open it with that one, or run its scenario.yaml again with this one"
        )
    for key, kind in INFO.items():
        value = info.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise StoreError(complaint(key, expected=kind.__name__, got=value))
    if info["status"] not in STATUSES:
        raise StoreError(
            complaint("status", expected=f"one of {', '.join(STATUSES)}", got=info["status"], valid=STATUSES)
        )
    for key in ("step", "seed"):
        if info[key] < 0:
            raise StoreError(f"{key}: expected 0 or more, got {info[key]}")
