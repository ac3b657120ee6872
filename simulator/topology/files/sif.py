"""SIF, the simple interaction format of Cytoscape: `source relation target target …`."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.numbering import numbered
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.text import utf8_of


@graph_format("SIF", suffixes=(".sif",), looks=lambda head: False, options=("directed",))
def read_sif(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of lines `source relation target target …`; a line with one name is an agent without links.

    Fields stand between tabs if the file has any, else between blanks. The relation is the link attribute
    `interaction`. A link runs both ways unless `directed`.
    """
    text = utf8_of(data)
    limits.check_size("lines", text.count(b"\n"), 2 * limits.MAX_EDGES)
    limits.check_size("names", len(text) // 2, 16 * limits.MAX_EDGES)
    tabs = b"\t" in text
    sources: list[str] = []
    relations: list[str | None] = []
    targets: list[str] = []
    for number, line in enumerate(text.decode().split("\n"), start=1):
        if not line.strip():
            continue
        fields = [field.strip() for field in line.split("\t")] if tabs else line.split()
        if len(fields) == 2 or not all(fields):
            raise TopologyError(f"line {number}: expected a source, a relation and targets, got {fields!r:.80}")
        # Each line begins with a link of its agent to itself, removed again below: agents keep the order of the file.
        for target in (fields[0], *fields[2:]):
            sources.append(fields[0])
            targets.append(target)
        relations += [None, *(fields[1:2] * (len(fields) - 2))]
        limits.check_size("edges", len(targets), 2 * limits.MAX_EDGES)
    names, links = numbered(pa.array(sources, pa.string()), pa.array(targets, pa.string()))
    kept = np.array([relation is not None for relation in relations], dtype=bool)
    known = [relation for relation in relations if relation is not None]
    return Contents(
        format="SIF",
        names=names,
        links=links[kept],
        directed=options.undirected if options.directed is None else options.directed,
        names_from="node names",
        link_attributes={"interaction": known} if known else {},
        parallel="once" if options.weight is None else "add",
    )
