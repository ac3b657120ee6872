"""Tables of people: what is known of the agents, joined to them by their names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files.columns import cleaned, is_numeric, values, whole_numbers
from hubbub.simulator.topology.files.compressed import read_bytes, suffix_of
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.options import Column
from hubbub.simulator.topology.files.roles import column_numbered
from hubbub.simulator.topology.files.table import read_table

OTHERS = (".xlsx", ".xls", ".ods", ".sav", ".dta", ".parquet", ".feather", ".rds", ".sqlite", ".db")
"""Tables that are not read."""

NAMED = 8
"""How many names a message lists."""


def with_people(contents: Contents, path: Path, key: Column | None) -> Contents:
    """Return the contents with the columns of a table of people as attributes of the agents.

    The column `key` holds the names of the agents, as the graph has them; without it, it is the column that holds the
    most of them. Each person has one row. Who is in one of both only is told in the notes: an agent who is not in the
    table has no values, and a person who is not in the graph is left out.

    Raises
    ------
    TopologyError
        If the table cannot be read, no column holds names of agents or two hold the same number of them, or a person
        is there twice.
    """
    try:
        return _joined(contents, path, key)
    except TopologyError as error:
        raise TopologyError(f"people: {path}: {error}") from error


def _joined(contents: Contents, path: Path, key: Column | None) -> Contents:
    if (suffix := suffix_of(path)) in OTHERS:
        raise TopologyError(f"suffix {suffix}: not read here; save it as CSV, with one row a person")
    table = read_table(read_bytes(path))
    if not len(table):
        raise TopologyError("expected a table of people, got an empty one")
    agents = pa.array(contents.names, pa.string())
    first_is_person = any(pc.any(pc.equal(agents, name)).as_py() for name in table.first if name)
    heading = None if first_is_person else table.first
    columns = table.columns if heading is None else tuple(column.slice(1) for column in table.columns)
    if heading is None and any(
        name and is_numeric(column.slice(1)) and not is_numeric(column.slice(0, 1))
        for name, column in zip(table.first, table.columns, strict=True)
    ):
        heading, columns = table.first, tuple(column.slice(1) for column in table.columns)
    names = tuple((heading[at] if heading else "") or f"column {at + 1}" for at in range(len(columns)))
    if len(set(names)) < len(names):
        raise TopologyError(f"expected a name of its own for every column, got {', '.join(names)}")
    at = _key(columns, heading, names, agents, key)
    persons = columns[at].to_pylist()
    row = {person: number for number, person in enumerate(persons) if person is not None}
    if len(row) < len(persons) - columns[at].null_count:
        twice = next(person for number, person in enumerate(persons) if person is not None and row[person] != number)
        raise TopologyError(f"column {names[at]!r}: expected every person once, got {twice!r} twice")
    useless = [other for other, column in enumerate(columns) if heading and not heading[other] and _is_useless(column)]
    known = {
        names[other]: values(cleaned(column, commas=table.separator != ","))
        for other, column in enumerate(columns)
        if other not in (at, *useless)
    }
    rows = [row.get(name) for name in contents.names]
    attributes: dict[str, tuple[Any, ...]] = {
        name: tuple(None if one is None else column[one] for one in rows) for name, column in known.items()
    }
    notes = [f"attributes of agents from {path.name}, joined by its column {names[at]!r}"]
    if replaced := sorted(attributes.keys() & contents.attributes.keys()):
        notes.append(f"{', '.join(replaced)}: the values of {path.name} stand in place of those of the graph")
    there = set(contents.names)
    notes += _named(
        "agents are not in " + path.name, [name for name, one in zip(contents.names, rows, strict=True) if one is None]
    )
    notes += _named(f"people of {path.name} are not in the graph", [name for name in row if name not in there])
    return replace(
        contents,
        attributes={**contents.attributes, **attributes},
        left_out=(*contents.left_out, *(f"{names[other]} of {path.name}" for other in useless)),
        notes=(*contents.notes, *notes),
    )


def _is_useless(column: pa.Array) -> bool:
    """Whether a column without a name is empty or numbers the rows."""
    found = whole_numbers(column)
    return column.null_count == len(column) or (found is not None and bool((found[1:] == found[:-1] + 1).all()))


def _key(
    columns: tuple[pa.Array, ...],
    heading: tuple[str, ...] | None,
    names: tuple[str, ...],
    agents: pa.Array,
    key: Column | None,
) -> int:
    """Return the column that holds the names of the agents."""
    found = [int(pc.sum(pc.is_in(agents, value_set=column)).as_py() or 0) for column in columns]
    if key is not None:
        at = column_numbered(key, heading, len(columns), field="key")
        if not found[at]:
            raise TopologyError(
                f"key: expected a column with names of agents such as {agents[0].as_py()!r}, got none in {key!r}"
            )
        return at
    most = max(found)
    best = [at for at, number in enumerate(found) if number == most]
    unique = [at for at in best if pc.count_distinct(columns[at]).as_py() == len(columns[at]) - columns[at].null_count]
    if not most:
        raise TopologyError(
            f"expected a column with the names of agents, such as {agents[0].as_py()!r}, got none in {', '.join(names)}"
        )
    if len(best) > 1 and len(unique) != 1:
        candidates = " and ".join(names[at] for at in best)
        raise TopologyError(f"key: {candidates} hold equally many names of agents; say topology.key=…")
    return (unique or best)[0]


def _named(what: str, names: list[str]) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return [f"{len(names):,} {what}: {', '.join(names[:NAMED])}{more}"]
