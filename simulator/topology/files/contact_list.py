"""Contact lists: one line per contact, `time agent agent`, perhaps with the classes of both (SocioPatterns)."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import contacts, headings
from hubbub.simulator.topology.files.columns import is_number, moments
from hubbub.simulator.topology.files.comment_lines import SaidInComments
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.edge_table import SUFFIXES, contents_of_table
from hubbub.simulator.topology.files.formats import HEAD, graph_format
from hubbub.simulator.topology.files.numbering import numbered
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.roles import roles_of
from hubbub.simulator.topology.files.table import read_table


def looks(head: bytes) -> bool:
    """Whether rows plainly are contacts, without a heading."""
    cut = head[: head.rfind(b"\n") + 1] if len(head) >= HEAD else head
    try:
        table = read_table(cut)
    except TopologyError:
        return False
    return len(table.columns) in (3, 5) and len(table) > 0 and contacts.are(table)


@graph_format("contact list", suffixes=SUFFIXES, looks=looks, options=("directed",), rank=5)
def read_contact_list(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a contact list: a link for each contact, with its time.

    The columns are time, agent and agent, and perhaps the class of each of both, which becomes the attribute `class`.
    Where the topology has no time, the contacts of a pair are one link, whose weight is their number. Such a link
    runs both ways.
    """
    table = read_table(data)
    if len(table) and not is_number(table.first[0]) and headings.ends_in(table.first, numeric=lambda: True):
        return contents_of_table(roles_of(table, options, SaidInComments()), options, SaidInComments())
    if len(table.columns) not in (3, 5):
        raise TopologyError(
            f"expected the columns time, agent, agent and perhaps the classes of both, got {len(table.columns)} columns"
        )
    empty = next((column for column in table.columns if column.null_count), None)
    if empty is not None:
        raise TopologyError(f"line {table.line_of(empty.is_null().index(True).as_py())}: expected no empty field")
    made = moments(table.columns[0])
    if made is None:
        raise TopologyError(f"time: expected numbers or dates such as 2026-03-01T09:00, got {table.first[0]!r}")
    names, links = numbered(table.columns[1], table.columns[2])
    known = contacts.classes(table) if len(table.columns) == 5 else {}
    if known is None:
        raise TopologyError(
            "expected one class for each agent, got several for one; keep the columns time, agent, agent"
        )
    return Contents(
        format="contact list",
        names=names,
        links=links,
        directed=bool(options.directed) or options.undirected,
        names_from="columns 2 and 3",
        attributes={"class": tuple(known[name] for name in names)} if known else {},
        times=np.column_stack([made[0], made[0]]),
        times_from="column 1",
        dated=made[1],
        parallel="add",
    )
