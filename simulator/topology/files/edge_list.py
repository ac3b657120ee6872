"""Edge lists: one line of text per edge."""

from __future__ import annotations

import csv
import math

import numpy as np

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.options import ReadOptions


@graph_format(
    "edge list",
    suffixes=(".edges", ".edgelist", ".txt", ".csv", ".tsv"),
    looks=lambda head: False,
    options=("directed",),
    rank=9,
)
def read_edge_list(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a UTF-8 text with one `source target [weight]` per line.

    In place of the weight may stand `{}` or `{'weight': 2}`, as networkx writes them.

    The separator of a line is a comma if it has one, else a tab, else blanks; names with separators stand in
    double quotes. What follows `#` is a comment, and a first line `source target …` is a heading. Agents are
    numbered in the order in which they appear, or by their names if all of these are whole numbers.

    Raises
    ------
    TopologyError
        With the line's number, if a line is something else.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TopologyError(f"expected text in UTF-8, got the byte {data[error.start]:#x} at {error.start}") from None
    edges: list[tuple[str, str, dict[str, float]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        fields = _fields(_without_braces(line.partition("#")[0], number), number)
        if not fields or (not edges and [field.lower() for field in fields[:2]] == ["source", "target"]):
            continue
        edges.append(_edge(fields, number))
        limits.check_size("edges", len(edges), limits.MAX_EDGES)
    names = dict.fromkeys(name for source, target, _ in edges for name in (source, target))
    limits.check_size("nodes", len(names), limits.MAX_AGENTS)
    agents = sorted(names, key=int) if all(map(_is_whole, names)) else list(names)
    index = {name: one for one, name in enumerate(agents)}
    links = np.array([(index[source], index[target]) for source, target, _ in edges], dtype=np.int64).reshape(-1, 2)
    weighted = any(about for _, _, about in edges)
    return Contents(
        format="edge list",
        names=tuple(agents),
        links=links,
        directed=bool(options.directed),
        weights=np.array([about.get("weight", 1.0) for _, _, about in edges]) if weighted else None,
        weights_from="third column",
        names_from="first two columns",
        parallel="refuse",
    )


def _without_braces(line: str, number: int) -> str:
    """Return a line with the weight alone in place of the edge attributes that networkx writes at its end."""
    line = line.rstrip()
    if line.endswith("{}"):
        return line[:-2].rstrip(" \t,")
    before, mark, weight = line.rpartition("{'weight': ")
    if mark and weight.endswith("}") and "," not in weight:
        return before + weight[:-1]
    if line.endswith("}"):
        raise TopologyError(
            f"line {number}: expected of the attributes of an edge none but {{'weight': …}}, got {line!r}; "
            "networkx.write_weighted_edgelist writes a file that can be read"
        )
    return line


def _fields(line: str, number: int) -> list[str]:
    """Return the fields of one line, none if it is blank."""
    if not line.strip():
        return []
    if "," not in line and "\t" not in line:
        line = " ".join(line.split())
    separator = next((mark for mark in ",\t" if mark in line), " ")
    try:
        fields = next(csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise TopologyError(f"line {number}: {error}") from None
    return [field.strip() for field in fields]


def _edge(fields: list[str], number: int) -> tuple[str, str, dict[str, float]]:
    if len(fields) not in (2, 3) or not all(fields):
        raise TopologyError(complaint(f"line {number}", expected="source, target and perhaps a weight", got=fields))
    source, target, *weight = fields
    if not weight:
        return source, target, {}
    try:
        value = float(weight[0])
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise TopologyError(complaint(f"line {number}, weight", expected="a number above 0", got=weight[0]))
    return source, target, {"weight": value}


def _is_whole(name: str) -> bool:
    return name.isascii() and name.isdigit()
