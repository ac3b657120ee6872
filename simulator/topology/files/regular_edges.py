"""Edges of a GraphML file that all have the same form, one after the other: read by a pattern instead of events.

Most files are written by a program, so most of their edges differ in values only. Events of a parser, two or more for
each edge, take most of the time of reading such a file.

Why nothing else is read than expat would read: the pattern is made from an edge of which expat has just told the start,
at exactly its place in the file, and the end. So expat is between two elements, directly inside the graph. What the
pattern then matches are whole edges with the same attributes and data in the same order, whose values are printable
ASCII without `"`, `&`, `<` (and `>` in texts), with nothing but blanks between them. Whatever has another form, the end
of the graph too, goes to expat.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

BLANK = r"[ \t\r\n]"
VALUE = r"[ !#-%'-;=-~]*"
TEXT = r"[ -%'-;=?-~]*"
NAME = r"[A-Za-z_][A-Za-z0-9_.:-]*"
PATTERN_BYTES, WINDOW_BYTES = 2**12, 2**18
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_PLAIN = (b"utf-8", b"us-ascii")
"""Encodings in which a byte below 128 is the character of ASCII."""
_ATTRIBUTE = re.compile(f'{BLANK}+({NAME})="({VALUE})"')
_DATA = re.compile(f'{BLANK}*<({NAME}){BLANK}+key="({VALUE})"{BLANK}*>{TEXT}</\\1>')


@dataclass(frozen=True)
class EdgeForm:
    """What edges of one form have in common."""

    length: int  # of the edge that it was made from, in characters
    pattern: re.Pattern[str]  # with a group for each attribute and each data
    attributes: tuple[str, ...]
    keys: tuple[str, ...]


def form_of(text: str, edge_tag: str, data_tag: str) -> EdgeForm | None:
    """Return the form of the edge with which `text` begins, None if it is not one of those that are understood."""
    begin = f"<{edge_tag}"
    if not text.startswith(begin):
        return None
    place, attributes, keys, parts = len(begin), [], [], [BLANK + "*", re.escape(begin)]
    while found := _ATTRIBUTE.match(text, place):
        attributes.append(found[1])
        parts.append(f'{BLANK}+{re.escape(found[1])}="({VALUE})"')
        place = found.end()
    stop = f"{BLANK}*/>"
    if not (last := re.compile(stop).match(text, place)):
        if not (opened := re.compile(f"{BLANK}*>").match(text, place)):
            return None
        parts.append(f"{BLANK}*>")
        place = opened.end()
        while (found := _DATA.match(text, place)) and found[1] == data_tag:
            keys.append(found[2])
            parts.append(f'{BLANK}*<{re.escape(data_tag)}{BLANK}+key="{re.escape(found[2])}"{BLANK}*>({TEXT})')
            parts.append(f"</{re.escape(data_tag)}>")
            place = found.end()
        stop = f"{BLANK}*</{re.escape(edge_tag)}>"
        if not (last := re.compile(stop).match(text, place)):
            return None
    return EdgeForm(last.end(), re.compile("".join([*parts, stop])), tuple(attributes), tuple(keys))


class RegularEdges:
    """Finds edges of one form in `data` while `parser` is fed with what is between them."""

    def __init__(self, parser: expat.XMLParserType, data: bytes, take: Callable[[EdgeForm, list[str]], bool]) -> None:
        self._parser, self._data, self._take = parser, data, take
        declared = _DECLARED.match(data[:200])
        self._possible = declared is None or declared[1].lower() in _PLAIN
        self.skipped = 0  # bytes that the parser has not seen
        self.edge_tag = self.data_tag = ""  # as they are in the file, once they are known

    def pause(self, first: int, last: int) -> int:
        """Return the place of the last edge that begins in this stretch, else its end."""
        if not self._possible or not self.edge_tag:
            return last
        found = self._data.rfind(f"<{self.edge_tag} ".encode(), first, last)
        return found if found > first else last

    def skip(self, place: int) -> int:
        """Read edges of one form from `place` on, and return where they end: `place` itself, if there are none."""
        if not self._possible or not self.edge_tag:
            return place
        form = form_of(self._text(place, PATTERN_BYTES), self.edge_tag, self.data_tag)
        if form is None or not self._take(form, []):
            return place
        seen = self._feed(place, form.length)
        place += form.length
        if not seen:
            return place
        stride = 1 + form.pattern.groups
        while True:
            window = self._text(place, WINDOW_BYTES)
            found = form.pattern.split(window)
            if len(found) == 1 or any(found[:-1:stride]):
                return place
            self._take(form, found)
            length = len(window) - len(found[-1])
            place += length
            self.skipped += length

    def _text(self, place: int, length: int) -> str:
        """Return the characters from `place` on, up to the first that is not ASCII."""
        return self._data[place : place + length].decode("ascii", "replace").partition("\ufffd")[0]

    def _feed(self, place: int, length: int) -> bool:
        """Give an edge to the parser; whether it told its start at `place`, and its end."""
        parser, events = self._parser, list[tuple[str, str, int]]()
        handlers: tuple[Any, Any] = parser.StartElementHandler, parser.EndElementHandler
        start, end = handlers

        def started(tag: str, attributes: Any) -> None:
            events.append(("start", tag, parser.CurrentByteIndex))
            start(tag, attributes)

        def ended(tag: str) -> None:
            events.append(("end", tag, parser.CurrentByteIndex))
            end(tag)

        parser.StartElementHandler, parser.EndElementHandler = started, ended
        parser.Parse(self._data[place : place + length], False)
        parser.StartElementHandler, parser.EndElementHandler = handlers
        first = ("start", self.edge_tag, place - self.skipped)
        return events[:1] == [first] and events[-1][:2] == ("end", self.edge_tag)
