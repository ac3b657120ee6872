"""Edge tables: one line of text per link, with or without a heading."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.files.columns import (
    are_decimal_commas,
    cleaned,
    moments,
    numbers,
    values,
    whole_numbers,
    without_missing,
)
from hubbub.simulator.topology.files.comment_lines import SaidInComments, said_in
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.numbering import numbered
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.roles import Roles, roles_of
from hubbub.simulator.topology.files.table import read_table

SUFFIXES = (".edges", ".edgelist", ".txt", ".csv", ".tsv", ".dat", ".tab", ".el")
NAMES = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars", " ": "blanks"}


def looks(head: bytes) -> bool:
    """Whether a file begins with a comment of KONECT or SNAP; every other text could be a table."""
    return head.startswith((b"% sym", b"% asym", b"% bip", b"# Directed graph", b"# Undirected graph"))


@graph_format(
    "edge table",
    suffixes=SUFFIXES,
    looks=looks,
    options=("directed", "source", "target", "weight", "time", "heading"),
    rank=9,
)
def read_edge_table(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a table with one link per row.

    A heading says which columns are source, target, weight, times and direction, in any order; all others are
    attributes of the links. Without one, the columns are source, target and perhaps a weight. Each row is a link both
    ways unless `directed`, the column `Type` or a comment of KONECT or SNAP says otherwise.

    Raises
    ------
    TopologyError
        With the line's number, if a row is something else, and with the ways out, if it is not clear what a column is.
    """
    table = read_table(data)
    said = said_in(table.comments)
    return contents_of_table(roles_of(table, options, said), options, said)


def contents_of_table(roles: Roles, options: ReadOptions, said: SaidInComments) -> Contents:
    """Return the contents of a table whose columns are known."""
    table, notes = roles.table, list(roles.notes)
    ends = [table.columns[roles.source], table.columns[roles.target]]
    for column in ends:
        if column.null_count:
            line = table.line_of(pc.index(pc.is_null(column), True).as_py())
            raise TopologyError(f"line {line}: expected source and target, got an empty field")
    attributes: dict[str, tuple[Any, ...]] = {}
    if said.bipartite:
        ends = [
            pc.binary_join_element_wise(pa.scalar(side), end, " ")
            for side, end in zip(("left", "right"), ends, strict=True)
        ]
        notes.append("bipartite: the two columns number different agents, called left … and right …")
    names, links = numbered(*ends)
    if said.bipartite:
        attributes["side"] = tuple(name.partition(" ")[0] for name in names)
    weights = None if roles.weight is None else _weights(roles, notes)
    times, dated, others = _times(roles, notes)
    about = {column: cleaned(table.columns[column], commas=table.separator != ",") for column in others}
    useless = [column for column in others if _is_useless(roles, column)]
    used = [column for column in others if column not in useless]
    if table.separator != ",":
        notes += [
            f"{roles.name(column)}: written with decimal commas"
            for column in used
            if _had_commas(about[column], table.columns[column])
        ]
    return Contents(
        format=f"edge table ({said.origin + ', ' if said.origin else ''}{NAMES[table.separator]})",
        names=names,
        links=links,
        directed=_directed(roles, options, said, notes),
        weights=weights,
        weights_from="" if roles.weight is None else _named(roles, roles.weight),
        names_from=" and ".join(_named(roles, column) for column in (roles.source, roles.target)),
        attributes=attributes,
        link_attributes={roles.name(column): values(about[column]) for column in used},
        times=times,
        dated=dated,
        times_from=""
        if times is None
        else " and ".join(_named(roles, column) for column in roles.times if column >= 0),
        parallel="add" if times is not None or said.origin == "KONECT" else "refuse",
        left_out=tuple(roles.name(column) for column in useless),
        notes=tuple(notes),
    )


def _had_commas(cleaned: pa.Array, column: pa.Array) -> bool:
    return cleaned is not column and are_decimal_commas(without_missing(column))


def _is_useless(roles: Roles, column: int) -> bool:
    """Whether a column is empty, counts the rows, or is called weight and is not to be one."""
    return _is_empty(roles, column) or _is_row_number(roles, column) or roles.name(column).lower() == "weight"


def _is_empty(roles: Roles, column: int) -> bool:
    return len(roles.table) > 0 and bool(roles.table.columns[column].null_count == len(roles.table))


def _is_row_number(roles: Roles, column: int) -> bool:
    """Whether a column without a name counts the rows, as pandas and R write it."""
    if roles.heading is None or roles.heading[column]:
        return False
    found = whole_numbers(roles.table.columns[column])
    return found is not None and found[0] in (0, 1) and bool((np.diff(found) == 1).all())


def _named(roles: Roles, column: int) -> str:
    return f"column {roles.name(column)!r}" if roles.heading else f"column {column + 1}"


def _weights(roles: Roles, notes: list[str]) -> np.ndarray:
    """Return the weights; a row without one counts 1, and is counted."""
    column = roles.table.columns[roles.weight or 0]
    weights, wrong = numbers(column)
    if wrong.any():
        commas = roles.table.separator != ","
        weights, wrong = numbers(cleaned(column, commas=commas))
        if commas and not wrong.any() and are_decimal_commas(without_missing(column)):
            notes.append("weights are written with decimal commas")
    if wrong.any():
        row = int(np.argmax(wrong))
        got = column[row].as_py()
        raise TopologyError(
            complaint(f"line {roles.table.line_of(row)}, weight", expected="a number above 0", got=got)
            + "; topology.weight=none reads the links without weights"
        )
    missing = np.isnan(weights)
    if missing.any():
        notes.append(f"{int(missing.sum()):,} links without a weight count 1")
        weights = np.where(missing, 1.0, weights)
    return weights


def _times(roles: Roles, notes: list[str]) -> tuple[np.ndarray | None, bool, tuple[int, ...]]:
    """Return first and last moments `[E, 2]`, whether they are dates, and the columns that are attributes."""
    if not roles.times:
        return None, False, roles.others
    commas = roles.table.separator != ","
    given = [cleaned(roles.table.columns[column], commas=commas) if column >= 0 else None for column in roles.times]
    columns = [None if column is None else moments(column) for column in given]
    wrong = [column for column, made in zip(roles.times, columns, strict=True) if column >= 0 and made is None]
    if wrong:
        names = " and ".join(roles.name(column) for column in wrong)
        notes.append(f"{names}: neither numbers nor dates such as 2026-03-01, so an attribute and no time")
        return None, False, tuple(sorted((*roles.others, *(column for column in roles.times if column >= 0))))
    known = [made for made in columns if made is not None]
    if len({dated for _, dated in known}) > 1:
        raise TopologyError("time: expected start and end both as numbers or both as dates, got one of each")
    open_ends = (-np.inf, np.inf)
    made = [
        np.full(len(roles.table), end) if column is None else np.where(np.isnan(column[0]), end, column[0])
        for column, end in zip(columns if len(columns) == 2 else columns * 2, open_ends, strict=True)
    ]
    times = np.column_stack(made)
    if (times[:, 0] > times[:, 1]).any():
        row = int(np.argmax(times[:, 0] > times[:, 1]))
        raise TopologyError(f"line {roles.table.line_of(row)}, time: expected an end after the start")
    return times, known[0][1], roles.others


def _directed(roles: Roles, options: ReadOptions, said: SaidInComments, notes: list[str]) -> bool | np.ndarray:
    """Return whether links have a direction, as the user says, else as the file says, else not."""
    if roles.direction is not None and options.directed is None:
        kinds = pc.utf8_lower(pc.fill_null(roles.table.columns[roles.direction], "undirected"))
        directed = np.asarray(pc.equal(kinds, "directed").to_numpy(zero_copy_only=False))
        return bool(directed[0]) if len(set(directed.tolist())) == 1 else directed
    if options.directed is not None:
        other = roles.direction is not None or said.directed not in (None, options.directed)
        if other:
            notes.append(f"directed={str(options.directed).lower()} was given, whatever the file says of directions")
        return options.directed
    return options.undirected if said.directed is None else said.directed
