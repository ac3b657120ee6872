"""Adjacency lists: one line per agent, `source target target …`."""

from __future__ import annotations

import re
from itertools import chain

import numpy as np
import pyarrow as pa

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.numbering import numbered
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.text import utf8_of


@graph_format("adjacency list", suffixes=(".adjlist", ".adj"), looks=lambda head: False, options=("directed",), rank=8)
def read_adjacency_list(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of lines `source target target …`, or `source: target target …`.

    Names stand between commas where there are any, else between tabs, else between blanks.
    A line with one name is an agent without further links. Each link runs both ways unless `directed`; where it is
    listed from both of its ends, `undirected` makes one of them.
    """
    text = utf8_of(data)
    limits.check_size("lines", text.count(b"\n"), 2 * limits.MAX_EDGES)
    limits.check_size("names", text.count(b",") if b"," in text else len(text) // 2, 8 * limits.MAX_EDGES)
    lines = [line for line in text.decode().split("\n") if line.strip() and not line.startswith(("#", "%"))]
    rows = _rows(lines)
    limits.check_size("edges", sum(len(row) - 1 for row in rows), limits.MAX_EDGES)
    for row, line in zip(rows, lines, strict=True):
        if not all(row):
            raise TopologyError(f"expected names between commas, got an empty one in {line!r:.80}")
        if any(name.startswith("{") for name in row):
            raise TopologyError(
                "expected one line per agent, got a list with attributes, as networkx.write_multiline_adjlist writes "
                "it; networkx.write_graphml keeps the attributes"
            )
        if "#" in row:
            raise TopologyError(f"expected comments on lines of their own, got one in {line!r:.80}")
    # Each line begins with a link of its agent to itself, which is removed again: so agents keep the order of the file.
    sources = pa.array(list(chain.from_iterable([row[0]] * len(row) for row in rows)), pa.string())
    names, links = numbered(sources, pa.array(list(chain.from_iterable(rows)), pa.string()))
    begins = np.cumsum([0, *(len(row) for row in rows[:-1])])
    links = np.delete(links, begins, axis=0) if rows else links
    return Contents(
        format="adjacency list",
        names=names,
        links=links,
        directed=options.undirected if options.directed is None else options.directed,
        names_from="first name of each line, and its neighbours",
        parallel="refuse",
    )


def _rows(lines: list[str]) -> list[list[str]]:
    """Return the names in each line; a colon after the first of all lines is none of them."""
    firsts: list[list[str]] = [[] for _ in lines]
    found = [re.match(r"\s*([^:,]*[^:,\s])\s*:(?:\s+|$)", line) for line in lines]
    if lines and all(found):
        firsts = [[match[1]] for match in found if match]
        lines = [line[match.end() :] for line, match in zip(lines, found, strict=True) if match]
    comma = any("," in line for line in lines)
    tab = not comma and any("\t" in line for line in lines) and any(re.search("[^\t\\d ]", line) for line in lines)
    mark = "," if comma else "\t" if tab else None
    rows = []
    for first, line in zip(firsts, lines, strict=True):
        names = line.split() if mark is None else [name.strip() for name in line.rstrip("\t ").split(mark)]
        rows.append([*first, *(names if names != [""] or not first else [])])
    return rows
