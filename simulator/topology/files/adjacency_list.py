"""Adjacency lists: one line per agent, `source target target …`."""

from __future__ import annotations

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
    """Return the contents of lines `source target target …`, between commas where there are any, else between blanks.

    A line with one name is an agent without further links. Each link runs both ways unless `directed`; where it is
    listed from both of its ends, `undirected` makes one of them.
    """
    text = utf8_of(data)
    limits.check_size("lines", text.count(b"\n"), 2 * limits.MAX_EDGES)
    comma = b"," in text
    limits.check_size("names", text.count(b",") if comma else len(text) // 2, 8 * limits.MAX_EDGES)
    lines = [line for line in text.decode().split("\n") if line.strip() and not line.startswith(("#", "%"))]
    rows = [[name.strip() for name in line.split(",")] if comma else line.split() for line in lines]
    limits.check_size("edges", sum(len(row) - 1 for row in rows), limits.MAX_EDGES)
    for row, line in zip(rows, lines, strict=True):
        if not all(row):
            raise TopologyError(f"expected names between commas, got an empty one in {line!r:.80}")
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
