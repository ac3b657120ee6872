"""What the pages of a Parquet file say of their size, read before anything is decompressed.

The footer of a file may say one thing and its pages another; pyarrow makes room for what a page says. Headers of pages
are structures in Thrift's compact protocol (Apache Parquet format, `PageHeader`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow.parquet as pq

UNCOMPRESSED, COMPRESSED = 2, 3
DATA, DATA_V2 = 5, 8
"""Fields of a header; a page of data says in its field 2 or 4 how values are written."""
SHARED_BEGINNINGS = 7
"""DELTA_BYTE_ARRAY: a text says how much of the one before it repeats, so a few bytes may stand for gigabytes."""
MOST_NESTED = 8


def declared_sizes(content: bytes, metadata: pq.FileMetaData) -> Iterator[int]:
    """Yield how many bytes each page has when it is decompressed.

    Raises
    ------
    ValueError
        The headers of pages cannot be read, or texts are written so that their size cannot be known.
    """
    for group in range(metadata.num_row_groups):
        for number in range(metadata.num_columns):
            column = metadata.row_group(group).column(number)
            starts = (column.dictionary_page_offset, column.data_page_offset)
            place = min((start for start in starts if start), default=-1)  # 0: no such page, as in a table without rows
            end = place + column.total_compressed_size
            if not 0 <= place <= end <= len(content):
                raise ValueError("expected pages inside of the file, got others")
            while place < end:
                try:
                    header, place = _structure(content, place)
                    size, packed = header[UNCOMPRESSED], header[COMPRESSED]
                except (LookupError, TypeError):
                    raise ValueError("expected headers of pages, got other bytes") from None
                if size < 0 or packed < 0:
                    raise ValueError("expected pages of 0 or more bytes, got fewer")
                if SHARED_BEGINNINGS in (header.get(DATA, {}).get(2), header.get(DATA_V2, {}).get(4)):
                    raise ValueError("expected texts that are written whole, got DELTA_BYTE_ARRAY")
                yield size
                place += packed


def _structure(content: bytes, place: int, depth: int = 0) -> tuple[dict[int, Any], int]:
    """Return the fields of a structure by number, and the place after it."""
    fields, name = dict[int, Any](), 0
    if depth > MOST_NESTED:
        raise LookupError
    while byte := content[place]:
        place += 1
        if step := byte >> 4:
            name += step
        else:
            name, place = _whole(content, place)
        fields[name], place = _value(byte & 15, content, place, depth)
    return fields, place + 1


def _value(kind: int, content: bytes, place: int, depth: int) -> tuple[Any, int]:
    if kind in (1, 2):  # true and false
        return kind == 1, place
    if kind == 3:
        return content[place], place + 1
    if kind in (4, 5, 6):
        return _whole(content, place)
    if kind == 7:
        return None, place + 8
    if kind == 8:
        length, place = _unsigned(content, place)
        return None, place + length
    if kind == 12:
        return _structure(content, place, depth + 1)
    raise LookupError  # lists, sets and maps are in no header


def _whole(content: bytes, place: int) -> tuple[int, int]:
    number, place = _unsigned(content, place)
    return number >> 1 ^ -(number & 1), place


def _unsigned(content: bytes, place: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 70, 7):
        byte = content[place]
        place += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, place
    raise LookupError
