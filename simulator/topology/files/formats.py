"""The formats of graph files, found by suffix and by look.

A format is one file in this folder: a function `read(data, options) -> Contents` under `@graph_format(…)`, which is
found by itself. It gets the whole file (decompressed, within `limits`) and the user's options, checks sizes before it
builds anything, and raises a `TopologyError` without the path. It never changes what the file says: see `Contents`.

    @graph_format("GraphML", suffixes=(".graphml",), looks=lambda head: b"<graphml" in head)
    def read_graphml(data: bytes, options: ReadOptions) -> Contents:
        ...

- `suffixes`: endings of the name, in lower case, without `.gz` and `.zst`. Of the formats with the suffix of a file,
  the first that `looks` like it, in the order of `rank`, reads it; the last of them reads it whatever it looks like,
  so that its message says what is wrong. A file with another suffix, or none, is read by the first format of all that
  looks right.
- `looks`: whether the first `HEAD` bytes of a file can be of this format, quickly and without an exception.
- `options`: those that the function uses itself, besides the ones of every format (`options.EVERY`). Everything in
  `Contents` that the options of every format need (`weight`, `time` and `at`, for example) is applied by `to_topology`,
  unless the format names the option here because it has applied it already.
- `large`: the reader keeps little of a file at a time, so that it may have `limits.MAX_BYTES`.
- An option of its own is a field of `ReadOptions` and a parameter of `generators/file.py`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.options import ReadOptions

HEAD = 65536
"""Bytes of a file that formats look at."""

_TABLE = "save it as CSV, with the columns source, target and weight"
_GRAPHML = "open it with the tool that wrote it, or with Gephi, and save it as GraphML"
WAYS = {
    **dict.fromkeys(
        (".xlsx", ".xls", ".ods", ".sav", ".dta", ".parquet", ".feather", ".arrow", ".sqlite", ".db"), _TABLE
    ),
    **dict.fromkeys(
        (".gephi", ".cys", ".graphmlz", ".vna", ".tlp", ".tgf", ".ncol", ".lgl", ".leda", ".gdf"), _GRAPHML
    ),
    **dict.fromkeys((".dot", ".gv"), "networkx.write_graphml(networkx.nx_agraph.read_dot(…), …) saves it as GraphML"),
    **dict.fromkeys(
        (".rds", ".rda", ".rdata"), 'in R, igraph::write_graph(g, "g.graphml", "graphml") saves it as GraphML'
    ),
    ".gt": 'with graph-tool, g.save("g.graphml") saves it as GraphML',
    **dict.fromkeys((".pkl", ".pickle", ".gpickle"), "networkx.write_graphml saves the graph in it as GraphML"),
    ".mat": "in MATLAB, writematrix(full(A), 'g.csv') saves an adjacency matrix as CSV",
    **dict.fromkeys(
        (".g6", ".s6", ".d6"), "networkx.write_graphml saves what networkx.read_graph6 or read_sparse6 reads"
    ),
    ".##h": "UCINET saves a network as DL (Data, Export, DL)",
    ".##d": "UCINET saves a network as DL (Data, Export, DL)",
}
"""What to do with files that are not read."""

Reader = Callable[[bytes, ReadOptions], Contents]


@dataclass(frozen=True)
class Format:
    """One format: its name, how it is found, its reader, and the options that the reader uses itself."""

    name: str
    suffixes: tuple[str, ...]
    looks: Callable[[bytes], bool]
    read: Reader
    options: tuple[str, ...]
    rank: int
    large: bool


_formats: dict[str, Format] = {}


def graph_format(
    name: str,
    *,
    suffixes: tuple[str, ...],
    looks: Callable[[bytes], bool],
    options: tuple[str, ...] = (),
    rank: int = 0,
    large: bool = False,
) -> Callable[[Reader], Reader]:
    """Register the decorated reader as a format; of two formats of equal suffix, that of lower `rank` looks first."""

    def decorate(read: Reader) -> Reader:
        _formats[name] = Format(name, suffixes, looks, read, options, rank, large)
        return read

    return decorate


def formats() -> list[Format]:
    """Return all formats in the order in which they look at a file."""
    package = importlib.import_module("hubbub.simulator.topology.files")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return sorted(_formats.values(), key=lambda one: (one.rank, one.name))


def format_named(name: str) -> Format:
    """Return a format by its name, in any case, blanks as blanks or hyphens."""
    known = {_key(one.name): one for one in formats()}
    if _key(name) not in known:
        raise TopologyError(complaint("format", expected=f"one of {', '.join(known)}", got=name, valid=known))
    return known[_key(name)]


def format_of(suffix: str, head: bytes) -> Format:
    """Return the format of a file with this suffix that begins like this."""
    if suffix in WAYS:
        raise TopologyError(f"suffix {suffix}: not read here; {WAYS[suffix]}")
    known = formats()
    candidates = [one for one in known if suffix in one.suffixes]
    found = next((one for one in candidates or known if one.looks(head)), None)
    if found is None and candidates:
        found = candidates[-1]
    if found is None:
        suffixes = list(dict.fromkeys(ending for one in known for ending in one.suffixes))
        got = complaint("suffix", expected=f"one of {', '.join(suffixes)}", got=suffix, valid=suffixes)
        raise TopologyError(
            f"{got}; nor does the file look like one of these formats. Say topology.format=… if it is one, or save it "
            "as GraphML or as a table with the columns source, target and weight"
        )
    return found


def _key(name: str) -> str:
    return "-".join(name.lower().replace("-", " ").split())
