"""Adjacency matrices as text: numbers in rows, perhaps with the names of the agents above and beside them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import headings, limits
from hubbub.simulator.topology.files.columns import is_number, numbers
from hubbub.simulator.topology.files.comment_lines import said_in
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.edge_table import SUFFIXES
from hubbub.simulator.topology.files.formats import HEAD, graph_format
from hubbub.simulator.topology.files.matrix import contents_of_matrix, dense_entries
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.table import Table, read_table

TRUTH = {"true": "1", "false": "0"}
WIDE = 20
"""Columns from which a head without a heading is taken for a matrix that goes on after it."""


def looks(head: bytes) -> bool:
    """Whether rows are numbers and as many as columns, or have the names above them beside them."""
    whole = len(head) < HEAD
    cut = head if whole else head[: head.rfind(b"\n") + 1]
    try:
        table = _with_points(read_table(cut))
    except TopologyError:
        return False
    n_columns, n_rows = len(table.columns), len(table)
    if n_columns < 3 or not n_rows:
        return False
    if beside := table.columns[0].slice(1).to_pylist():
        above = list(table.first[1:])
        inside = [column[1].as_py() or "" for column in table.columns[1:]]
        same = sorted(filter(None, beside)) == sorted(above) if whole else beside == above[: len(beside)]
        if all(above) and same and any(map(_is_entry, inside)):
            return True
    if all(map(is_number, table.first)) and not (whole and _is_numbered(table)):
        square = n_rows == n_columns if whole else n_columns >= WIDE and n_rows <= n_columns
        if not square or not _all_numbers(table) or said_in(table.comments).origin:
            return False
        return _has_empty_diagonal(table) or (n_columns > 3 and bool((_numbers(table) == 0).any()))
    if not whole or n_rows != n_columns + 1 or not _all_numbers(table.below()):
        return False
    is_table = not _is_numbered(table) and headings.ends_in(table.first, numeric=lambda: True)
    return not is_table and _has_empty_diagonal(table.below())


@graph_format("adjacency matrix", suffixes=SUFFIXES, looks=looks, options=("directed",), rank=4)
def read_adjacency_matrix(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a matrix of numbers; names may stand above it, and beside it in the same order."""
    table = _with_points(read_table(data))
    if not len(table):
        raise TopologyError("expected a graph with agents, got an empty one")
    names: tuple[str, ...] = ()
    if _is_numbered(table) or not all(map(is_number, table.first)):
        names, table = table.first, table.below()
        if len(table.columns) == len(table) + 1:
            beside = table.columns[0].to_pylist()
            names = names[1:]
            if beside != list(names):
                wrong = next(row for row, name in enumerate(beside) if name != names[row])
                raise TopologyError(
                    f"expected the same names above and beside the matrix, got {names[wrong]!r} above and "
                    f"{beside[wrong]!r} beside in place {wrong + 1}"
                )
            table = replace(table, columns=table.columns[1:], first=table.first[1:])
    if len(table.columns) != len(table):
        raise TopologyError(f"expected a square matrix, got {len(table)} rows of {len(table.columns)} numbers")
    limits.check_size("nodes", len(table), limits.MAX_AGENTS)
    return contents_of_matrix(
        *dense_entries(_numbers(table)),
        n_agents=len(table),
        format="adjacency matrix (text)",
        names=names,
        directed=None if options.undirected else options.directed,
    )


def _with_points(table: Table) -> Table:
    """Return a table of numbers only with points for decimal commas, any other as it is."""
    if table.separator == "," or not any("," in field for field in table.first):
        return table
    shape = r"^-?\d+([.,]\d+)?$"
    if any(c.null_count or not pc.all(pc.match_substring_regex(c, shape)).as_py() for c in table.columns):
        return table
    columns = tuple(pc.replace_substring(column, ",", ".") for column in table.columns)
    return replace(table, columns=columns, first=tuple(field.replace(",", ".") for field in table.first))


def _is_entry(field: str) -> bool:
    return is_number(field.replace(",", ".")) or field.lower() in TRUTH


def _is_numbered(table: Table) -> bool:
    """Whether the first row numbers the columns from 0 or 1, above as many rows; three could be a link."""
    n = len(table.columns)
    return (
        n > 3
        and len(table) == n + 1
        and list(table.first) in ([str(at + first) for at in range(n)] for first in (0, 1))
    )


def _numbers(table: Table) -> np.ndarray:
    matrix = np.empty((len(table), len(table.columns)))
    for at, column in enumerate(table.columns):
        matrix[:, at], wrong = numbers(column)
        if wrong.any() and table.separator != ",":
            matrix[:, at], wrong = numbers(pc.replace_substring(column, ",", ".", max_replacements=1))
        if wrong.any() and pc.all(pc.is_in(pc.utf8_lower(column.drop_null()), value_set=pa.array(list(TRUTH)))).as_py():
            truth = [None if field is None else TRUTH[field.lower()] for field in column.to_pylist()]
            matrix[:, at], wrong = numbers(pa.array(truth, pa.string()))
        if len(table) == len(table.columns) and column[at].as_py() is None:
            matrix[at, at] = 0  # a blank diagonal: nobody is linked to himself
        wrong |= np.isnan(matrix[:, at])
        if wrong.any():
            row = int(np.argmax(wrong))
            raise TopologyError(
                f"line {table.line_of(row)}, number {at + 1}: expected a number, 0 where there is no link, got "
                f"{column[row].as_py() or ''!r}"
            )
    return matrix


def _all_numbers(table: Table) -> bool:
    try:
        _numbers(table)
    except TopologyError:
        return False
    return True


def _has_empty_diagonal(table: Table) -> bool:
    return all(numbers(pa.array([column[at].as_py()]))[0][0] == 0 for at, column in enumerate(table.columns))
