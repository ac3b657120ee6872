"""XML from strangers, read event by event: nothing is built of it but what a format keeps."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, Protocol
from xml.parsers import expat

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits

CHUNK_BYTES = 2**15  # so that what is kept of a chunk stays in the cache of the processor


def safe_parser() -> expat.XMLParserType:
    """Return a parser that refuses document types, entities and external references where they first occur.

    Attributes of an element come as one flat list: name, value, name, value …
    """
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuser("a document type")
    parser.EntityDeclHandler = _refuser("an entity")
    parser.UnparsedEntityDeclHandler = _refuser("an entity")
    parser.ExternalEntityRefHandler = _refuser("an external reference")
    return parser


class Shortcut(Protocol):
    """Reads stretches of a file that the parser then need not see."""

    def pause(self, first: int, last: int) -> int:
        """Return where the parser is to pause, after `first` and at most at `last`."""

    def skip(self, place: int) -> int:
        """Return from where on the parser goes on; the stretch up to there was read."""


def parse_in_chunks(
    parser: expat.XMLParserType, data: bytes, after_chunk: Callable[[], None], shortcut: Shortcut | None = None
) -> None:
    """Feed `data` to the parser; `after_chunk` is called regularly, so that memory and counts stay bounded.

    Raises
    ------
    TopologyError
        If it is not well-formed XML, or has too many elements.
    """
    limits.check_size("XML elements", data.count(b"<") // 2, limits.MAX_ELEMENTS)  # quickly, before anything is parsed
    view = memoryview(data)
    try:
        first = 0
        while first < len(view):
            last = min(first + CHUNK_BYTES, len(view))
            if shortcut is not None:
                last = shortcut.pause(first, last)
            parser.Parse(view[first:last], False)
            after_chunk()
            first = last if shortcut is None else shortcut.skip(last)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # an unknown encoding is one of the latter two
        raise TopologyError(f"expected well-formed XML, got an error: {error}") from error
    after_chunk()


@functools.lru_cache(maxsize=256)
def local(tag: str) -> str:
    """Return the name of an element without the prefix of its namespace."""
    return tag.rpartition(":")[2]


def pairs(attributes: list[str]) -> dict[str, str]:
    """Return a flat list of attributes as a dictionary."""
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


class ManyElements:
    """The attributes of the many elements of one kind in a chunk.

    `flat` has them one element after the other, as the parser gives them, and `widths` the length of each: this costs
    least while elements come, and most files have the same attributes in all.
    """

    def __init__(self) -> None:
        self.flat: list[str] = []
        self.widths: list[int] = []
        self._filled: tuple[dict[str, Sequence[str | None]], int] = ({}, 0)

    def __len__(self) -> int:
        return len(self.widths) or self._filled[1]

    def fill(self, by_name: Mapping[str, Sequence[str | None]], n: int) -> None:
        """Take the attributes of `n` elements at once; there must be no others."""
        self._filled = dict(by_name), n

    def clear(self) -> None:
        """Forget all."""
        self._filled = ({}, 0)
        self.flat.clear()
        self.widths.clear()

    def by_name(self) -> dict[str, Sequence[str | None]]:
        """Return attribute name → values of all elements (None where one has no such attribute)."""
        if self._filled[1]:
            return self._filled[0]
        flat, n, width = self.flat, len(self.widths), self.widths[0] if self.widths else 0
        if self.widths.count(width) == n:
            names = flat[:width:2]
            if all(flat[2 * place :: width].count(name) == n for place, name in enumerate(names)):
                return {name: flat[2 * place + 1 :: width] for place, name in enumerate(names)}
        rows, first = [], 0
        for width in self.widths:
            rows.append(pairs(flat[first : first + width]))
            first += width
        known = dict.fromkeys(name for row in rows for name in row)
        return {name: [row.get(name) for row in rows] for name in known}


def _refuser(what: str) -> Callable[..., Any]:
    def refuse(*_: Any) -> NoReturn:
        raise TopologyError(f"expected XML without document type, entities and external references, got {what}")

    return refuse
