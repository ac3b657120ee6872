"""What the comment lines of KONECT and SNAP say of the list below them."""

from __future__ import annotations

import re
from dataclasses import dataclass

KONECT = re.compile(
    r"(?P<form>sym|asym|bip)\s+(?P<weights>unweighted|positive|posweighted|signed|multisigned|weighted|multiweighted|"
    r"dynamic|multiposweighted)\b"
)
SNAP = re.compile(r"(?P<form>(?:un)?directed) graph\b", re.IGNORECASE)


@dataclass(frozen=True)
class SaidInComments:
    """What is known from comments.

    Attributes
    ----------
    origin
        "KONECT" or "SNAP", or nothing.
    directed
        Whether links have a direction, if that is said.
    bipartite
        Whether the two columns number different things: 1 on the left is not 1 on the right.
    columns
        Whether a third column holds weights and a fourth times.
    """

    origin: str = ""
    directed: bool | None = None
    bipartite: bool = False
    columns: bool = False


def said_in(comments: tuple[str, ...]) -> SaidInComments:
    """Return what the comments before a list say, nothing if they are of neither collection."""
    for line in (comment.lstrip("#%").strip() for comment in comments):
        if found := KONECT.match(line):
            form = found["form"]
            return SaidInComments("KONECT", form == "asym", bipartite=form == "bip", columns=True)
        if found := SNAP.match(line):
            return SaidInComments("SNAP", found["form"].lower() == "directed")
    return SaidInComments()
