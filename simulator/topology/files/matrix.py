"""From an adjacency matrix to contents: one rule for matrices of every format."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents


def contents_of_matrix(
    rows: Int[np.ndarray, " E"],
    columns: Int[np.ndarray, " E"],
    entries: Float[np.ndarray, " E"],
    *,
    n_agents: int,
    format: str,
    names: Sequence[str] = (),
    names_from: str = "",
    directed: bool | None = None,
    notes: tuple[str, ...] = (),
) -> Contents:
    """Return the contents of a matrix that is given by the places and values of its entries.

    An entry that is not 0 in row i and column j is a link from i to j. A matrix that equals its transpose is an
    undirected graph, if `directed` does not say otherwise. Entries are weights, unless all are 1.

    Parameters
    ----------
    names
        Names of the agents, `[N]`; by default the numbers 0 … N − 1.
    """
    limits.check_size("nodes", n_agents, limits.MAX_AGENTS)
    there = entries != 0
    rows, columns, entries = rows[there].astype(np.int64), columns[there].astype(np.int64), entries[there]
    order = np.lexsort((columns, rows))
    opposite = np.lexsort((rows, columns))
    symmetric = (
        np.array_equal(rows[order], columns[opposite])
        and np.array_equal(columns[order], rows[opposite])
        and np.array_equal(entries[order], entries[opposite])
    )
    one_way = not symmetric if directed is None else directed
    if not one_way:
        if not symmetric:
            raise TopologyError(
                "directed=false: expected a matrix that equals its transpose, got another; topology.undirected=true "
                "ignores directions"
            )
        upper = rows <= columns
        rows, columns, entries = rows[upper], columns[upper], entries[upper]
    limits.check_size("edges", len(rows), limits.MAX_EDGES)
    weighted = bool((entries != 1).any())
    direction = "the matrix equals its transpose, so links have no direction"
    if one_way:
        direction = "a link leads from row to column"
    return Contents(
        format=format,
        names=tuple(names) if len(names) else tuple(map(str, range(n_agents))),
        links=np.column_stack([rows, columns]),
        directed=one_way,
        weights=entries if weighted else None,
        weights_from="entries of the matrix" if weighted else "",
        names_from=names_from or ("labels of the matrix" if len(names) else "numbers of rows from 0"),
        notes=(direction, *notes),
    )


def dense_entries(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, Float[np.ndarray, " E"]]:
    """Return rows, columns and values of the entries of a square matrix that are not 0."""
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise TopologyError(f"expected a square matrix, got one of shape {matrix.shape}")
    limits.check_size("nodes", len(matrix), limits.MAX_AGENTS)
    if not (np.issubdtype(matrix.dtype, np.number) or matrix.dtype == bool) or np.iscomplexobj(matrix):
        raise TopologyError(f"expected a matrix of numbers or truth values, got {matrix.dtype}")
    if not np.isfinite(matrix).all():
        row, column = (int(place[0]) for place in np.nonzero(~np.isfinite(matrix)))
        raise TopologyError(f"expected numbers, got {matrix[row, column]} in row {row + 1}, column {column + 1}")
    rows, columns = np.nonzero(matrix)
    limits.check_size("edges", len(rows), 2 * limits.MAX_EDGES)
    return rows, columns, matrix[rows, columns].astype(np.float64)
