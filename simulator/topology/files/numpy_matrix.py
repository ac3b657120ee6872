"""Adjacency matrices of NumPy (`.npy`, `.npz`) and of scipy.sparse (`.npz`)."""

from __future__ import annotations

import math
import zipfile
from io import BytesIO
from typing import Any

import numpy as np

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.matrix import contents_of_matrix, dense_entries
from hubbub.simulator.topology.files.options import ReadOptions


@graph_format("NumPy", suffixes=(".npy",), looks=lambda head: head.startswith(b"\x93NUMPY"), options=("directed",))
def read_npy(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a square array."""
    return _dense(_array(data), options, "adjacency matrix (npy)")


@graph_format("NumPy archive", suffixes=(".npz",), looks=lambda head: False, options=("directed",))
def read_npz(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of an archive with one square array, or of one that `scipy.sparse.save_npz` has written."""
    arrays = _arrays(data)
    if "format" in arrays and "shape" in arrays:
        return _sparse(arrays, options)
    if len(arrays) != 1:
        raise TopologyError(
            f"expected one array, or those of scipy.sparse.save_npz, got {len(arrays)}: {', '.join(sorted(arrays))}"
        )
    return _dense(next(iter(arrays.values())), options, "adjacency matrix (npz)")


def _dense(matrix: np.ndarray, options: ReadOptions, format: str) -> Contents:
    directed = None if options.undirected else options.directed
    return contents_of_matrix(*dense_entries(matrix), n_agents=len(matrix), format=format, directed=directed)


def _array(data: bytes) -> np.ndarray:
    try:
        array = np.load(BytesIO(data), allow_pickle=False)
    except Exception as error:  # a damaged header fails in many ways
        raise TopologyError(f"expected an array of NumPy without Python objects, got an error: {error}") from error
    if not isinstance(array, np.ndarray):
        raise TopologyError("expected one array of NumPy, got an archive; its name should end in .npz")
    return array


def _arrays(data: bytes) -> dict[str, np.ndarray]:
    """Return the arrays of an archive, whose sizes are checked before anything is decompressed."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            limits.check_size("files in the archive", len(members), 100)
            limits.check_size("bytes", sum(member.file_size for member in members), limits.MAX_PARSED_BYTES)
            return {member.filename.removesuffix(".npy"): _array(archive.read(member)) for member in members}
    except TopologyError:
        raise
    except Exception as error:  # a damaged archive fails in many ways
        raise TopologyError(f"expected an archive of NumPy, got an error: {error}") from error


def _sparse(arrays: dict[str, np.ndarray], options: ReadOptions) -> Contents:
    """Return the contents of a matrix of scipy.sparse; its indices are checked before it is used."""
    from scipy.sparse import coo_array, csc_array, csr_array

    form = arrays["format"].item() if arrays["format"].ndim == 0 else b""
    kind = form.decode("latin-1") if isinstance(form, bytes) else str(form)
    needed = {"csr": ("data", "indices", "indptr"), "csc": ("data", "indices", "indptr"), "coo": ("data", "row", "col")}
    if kind not in needed or not all(name in arrays for name in needed[kind]):
        raise TopologyError(
            f"expected a matrix of scipy.sparse as csr, csc or coo, got {kind!r}; convert it by .tocsr()"
        )
    shape = tuple(int(length) for length in arrays["shape"].ravel()[:3].tolist())
    if len(shape) != 2 or shape[0] != shape[1]:
        raise TopologyError(f"expected a square matrix, got one of shape {shape}")
    limits.check_size("nodes", shape[0], limits.MAX_AGENTS)
    parts: list[Any] = [arrays[name] for name in needed[kind]]
    if any(part.ndim != 1 for part in parts) or not all(np.issubdtype(part.dtype, np.integer) for part in parts[1:]):
        raise TopologyError("expected arrays of one axis, and indices as whole numbers")
    limits.check_size("edges", len(parts[0]), 2 * limits.MAX_EDGES)
    try:
        if kind == "coo":
            matrix = coo_array((parts[0], (parts[1], parts[2])), shape=shape)
        else:
            made = (csr_array if kind == "csr" else csc_array)(tuple(parts), shape=shape)
            made.check_format(full_check=True)
            matrix = made.tocoo()
    except (ValueError, TypeError) as error:
        raise TopologyError(f"expected a matrix of scipy.sparse, got an error: {error}") from error
    entries = _checked_entries(matrix.data)
    return contents_of_matrix(
        matrix.row,
        matrix.col,
        entries,
        n_agents=shape[0],
        format=f"adjacency matrix (npz, {kind})",
        directed=None if options.undirected else options.directed,
    )


def _checked_entries(entries: np.ndarray) -> np.ndarray:
    if not (np.issubdtype(entries.dtype, np.number) or entries.dtype == bool) or np.iscomplexobj(entries):
        raise TopologyError(f"expected a matrix of numbers or truth values, got {entries.dtype}")
    values = entries.astype(np.float64)
    wrong = values[~np.isfinite(values)]
    if len(wrong) or math.inf in wrong:
        raise TopologyError(f"expected numbers as entries, got {wrong[0]}")
    return values
