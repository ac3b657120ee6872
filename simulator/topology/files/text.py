"""The text of a file, in one encoding and with one kind of line end."""

from __future__ import annotations

from hubbub.simulator.errors import TopologyError


def utf8_of(data: bytes) -> bytes:
    """Return a text file as UTF-8 without a mark at its beginning, lines ended by a line feed. O(bytes).

    UTF-8 is read, and UTF-16 with its mark, as spreadsheets write it.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError as error:
            raise TopologyError(f"expected text in UTF-16, as its first bytes say, got an error: {error}") from None
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise TopologyError(
            f"expected text in UTF-8, got the byte {data[error.start]:#x} at {error.start}; save the file as UTF-8"
        ) from None
    if b"\0" in data:
        raise TopologyError(f"expected text, got a zero byte at {data.index(0)}")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data
