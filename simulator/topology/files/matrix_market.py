"""Matrix Market, read by scipy."""

from __future__ import annotations

import warnings
from io import BytesIO

import numpy as np

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.edge_table import SUFFIXES
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.matrix import contents_of_matrix, dense_entries
from hubbub.simulator.topology.files.options import ReadOptions


@graph_format(
    "Matrix Market",
    suffixes=(".mtx", ".mm", *SUFFIXES),
    looks=lambda head: head[:14].lower() == b"%%matrixmarket",
    options=("directed",),
)
def read_matrix_market(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a square matrix of real numbers, whole numbers or places only ("pattern")."""
    from scipy.io import mminfo, mmread

    if data[:14].lower() != b"%%matrixmarket":
        raise TopologyError(
            "expected a first line that begins with %%MatrixMarket, got another; if it is a list of links, say "
            "topology.format=edge-table"
        )
    try:
        n_rows, n_columns, n_entries, form, field, symmetry = mminfo(BytesIO(data))
    except (ValueError, OverflowError, TypeError, IndexError) as error:
        raise TopologyError(f"expected a Matrix Market file, got an error: {error}") from error
    if n_rows != n_columns:
        raise TopologyError(f"expected a square matrix, got {n_rows} × {n_columns}")
    if field == "complex" or symmetry in ("skew-symmetric", "hermitian"):
        raise TopologyError(f"expected a real matrix, general or symmetric, got {field}, {symmetry}")
    limits.check_size("nodes", n_rows, limits.MAX_AGENTS)
    limits.check_size("entries", n_entries, limits.MAX_PARSED_BYTES // 8 if form == "array" else 2 * limits.MAX_EDGES)
    try:
        with warnings.catch_warnings():  # sparse matrices become sparse arrays in scipy 1.20; either does here
            warnings.filterwarnings("ignore", message=".*spmatrix", category=DeprecationWarning)
            matrix = mmread(BytesIO(data))
    except (ValueError, OverflowError, TypeError, IndexError) as error:
        raise TopologyError(f"expected a Matrix Market file, got an error: {error}") from error
    if form == "array":
        found = dense_entries(np.asarray(matrix))
    else:
        found = (matrix.row, matrix.col, matrix.data.astype(np.float64))
    return contents_of_matrix(
        *found,
        n_agents=n_rows,
        format=f"Matrix Market ({field}, {symmetry})",
        directed=None if options.undirected else options.directed,
    )
