"""Docstrings as the reference shows them: prose after a list of fields, and links to sources.

The docstrings are in the form of numpydoc, with two freedoms that it does not have: a paragraph may follow a list of
parameters, and a bar is a bar (|x|).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).parents[1] / "sources.md"
FIELDS = {"Parameters", "Attributes", "Returns", "Raises", "Yields", "Warns"}
NAME = r"[A-ZÅØŁ][\w’'-]+"
CITATION = re.compile(
    rf"(?:{NAME},\s+)*{NAME}(?:\s+et\s+al\.|\s+&\s+{NAME}(?:\s+{NAME})*)?,?\s+\(?(?:18|19|20)\d\d[a-z]?\b", re.UNICODE
)
"""Sources in a docstring, such as "Kim & Oh 2021", "Kim & Oh (2021)" or "Rosas, Mediano et al. 2020"."""


def key(citation: str) -> str:
    """Return the name of a source without commas, brackets and line breaks: "Rosas Mediano et al. 2020"."""
    return " ".join(re.sub(r"[(),]", " ", citation).split())


@cache
def sources() -> frozenset[str]:
    """Return the names of all sources of the page sources.md, which stand there in bold type."""
    return frozenset(key(name) for name in re.findall(r"^\*\*(.+?)\*\*", SOURCES.read_text(encoding="utf-8"), re.M))


def label(citation: str) -> str:
    """Return the anchor of a source."""
    return "source-" + re.sub(r"\W+", "-", key(citation).lower()).strip("-")


def with_anchors(page: str) -> str:
    """Return the text of sources.md with an anchor before each source."""
    return re.sub(r"^\*\*(.+?)\*\*", lambda found: f"({label(found[1])})=\n\n{found[0]}", page, flags=re.M)


def linked(text: str) -> str:
    """Return a docstring in which a source that sources.md has is a link to it."""

    def link(found: re.Match[str]) -> str:
        return f":ref:`{found[0]} <{label(found[0])}>`" if key(found[0]) in sources() else found[0]

    return CITATION.sub(link, text)


def separated(lines: list[str]) -> list[str]:
    """Return a docstring in which a paragraph after a list of fields is no field: two empty lines end the list."""
    result: list[str] = []
    in_fields = False
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if re.fullmatch(r"-{3,}\s*", following):
            in_fields = line.strip() in FIELDS
        elif in_fields and line and not line.startswith(" ") and not following.startswith(" ") and not result[-1]:
            result.append("")
            in_fields = False
        result.append(line)
    return result


def process(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Change a docstring in place, before its lists of fields are read."""
    parts = re.split(r"(``.*?``|`.*?`)", "\n".join(separated(lines)), flags=re.S)
    lines[:] = "".join(part if part.startswith("`") else linked(part.replace("|", r"\|")) for part in parts).split("\n")


def read(app: Any, page: str, source: list[str]) -> None:
    """Give every source an anchor."""
    if page == SOURCES.stem:
        source[0] = with_anchors(source[0])


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("autodoc-process-docstring", process, priority=400)
    app.connect("source-read", read)
    return {"parallel_read_safe": True}
