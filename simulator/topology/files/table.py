"""A table written as text: its separator, its rows as columns of text, its comments.

Files without quotes are read by pyarrow, as fast as their bytes allow; files with quotes by Python's csv, strictly.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.text import utf8_of

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE = 200
"""Rows by which the separator is found."""

MAX_COLUMNS = 10_000
MAX_COMMENTS = 10_000
SEPARATOR_LINE = re.compile(rb"\Asep=.[ \t]*\n")
"""What spreadsheets write above a table to say what separates its fields."""

QUOTED = re.compile(r'"[^"]*"')
BLANKS = (b" ", b"\t", "\u00a0".encode(), "\u2009".encode(), "\u202f".encode(), "\u3000".encode())
"""What may stand around a field: blank, tab, no-break, thin, narrow and wide blank."""

EMPTY = (b",", b";", b"|")

NOT_BLANK = re.compile(rb"[^ \t\n]")
MARKS = (b"#", b"%")
"""What begins a comment, if it begins a line."""

TAB = "\t"
BLANK = " "
"""The separator of a file whose fields stand between blanks or tabs, any number of them."""


@dataclass(frozen=True)
class Table:
    """R rows of text.

    Attributes
    ----------
    columns
        Text `[R]` each, without blanks at its ends; null where a field is empty.
    first
        The fields of the first row, which may be a heading.
    comments
        The comment lines before the first row, with their marks.
    separator
        A tab, semicolon, comma or bar, or a blank for any blanks and tabs.
    line_of
        From the number of a row to the number of its line in the file.
    """

    columns: tuple[pa.Array, ...]
    first: tuple[str, ...]
    comments: tuple[str, ...]
    separator: str
    line_of: Callable[[int], int]

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def below(self) -> Table:
        """Return the rows below the first."""
        line_of = self.line_of
        columns = tuple(column.slice(1) for column in self.columns)
        return replace(self, columns=columns, first=_first(columns), line_of=lambda row: line_of(row + 1))


def read_table(data: bytes) -> Table:
    """Return the table in a text file.

    Blank lines are passed over, and so are comments: lines that begin with `#` or `%`. Rows of different length are
    refused. O(bytes).

    Raises
    ------
    TopologyError
        With the line's number, if a row is not like the others.
    """
    content = SEPARATOR_LINE.sub(b"", utf8_of(data), count=1)
    comments, kept = _without_comments(content)
    separator = separator_of(list(islice(_rows_of(kept), SAMPLE)))
    kept = _with_even_first(kept, separator)
    limits.check_size("lines", kept.count(b"\n"), limits.MAX_EDGES + 1)
    if b'"' in kept:
        columns, lines = _quoted(kept, separator, content)
        return Table(columns, _first(columns), comments, separator, lambda row: lines[row])
    columns = _plain(kept, separator, content)
    return Table(columns, _first(columns), comments, separator, lambda row: _line_of(content, row))


def separator_of(lines: list[str]) -> str:
    """Return what separates the fields of lines: the first mark that gives all of them the same number of fields.

    Where none does, it is the first that gives all of them several, so that the line that is not like the others is
    found.
    """
    if lines and _numbers_between_blanks(lines):
        return BLANK
    several = None
    if (mark := _beside_decimal_commas(lines)) is not None:
        return mark
    for separator in ("\t", ";", ",", "|", BLANK):
        if separator == "|" and any(re.search(r"[^|\s]\s+[^|\s]", QUOTED.sub("", line)) for line in lines):
            continue  # as in gi|123 gi|456; bars that separate stand beside no other blanks than their own
        counts = {_n_fields(line, separator) for line in lines}
        if counts and min(counts) > 1:
            if len(counts) == 1:
                return separator
            several = several or separator
    return several or next((mark for mark in "\t;,|" if any(mark in line for line in lines)), BLANK)


def fields_of(line: str, separator: str) -> list[str]:
    """Return the fields of one line without quotes."""
    return line.split() if separator == BLANK else [field.strip() for field in line.split(separator)]


def _numbers_between_blanks(lines: list[str]) -> bool:
    """Whether lines are numbers between blanks and tabs: some tools write both, as in "1 2<tab>5"."""
    return all(re.fullmatch(r"\s*[-+.\deE]+(\s+[-+.\deE]+)+\s*", line) for line in lines) and any(
        "\t" in line and " " in line.strip() for line in lines
    )


def _beside_decimal_commas(lines: list[str]) -> str | None:
    """Return the bar or blank that separates lines whose commas are all decimal ones, as in "ann bob 1,5"."""
    if not lines or not any("," in line for line in lines) or any(mark in line for line in lines for mark in '\t;"'):
        return None
    blank = [line.split() for line in lines]
    if {len(row) for row in blank} == {max(map(len, blank))} - {1} and all(
        re.fullmatch(r"-?\d+(,\d+)?", field) for row in blank for field in row
    ):
        return BLANK
    for separator in ("|", BLANK):
        rows = [fields_of(line, separator) for line in lines]
        numbers = [field for row in rows for field in row[2:] if "," in field]
        if (
            len({len(row) for row in rows}) == 1
            and len(rows[0]) > 2
            and not any("," in field for row in rows for field in row[:2])
            and all(re.fullmatch(r"-?\d+,\d+", field) for field in numbers)
        ):
            return separator
    return None


def _with_even_first(kept: bytes, separator: str) -> bytes:
    """Return rows whose first ends with a separator too if the second does: a heading may lack it."""
    mark, end = separator.encode(), kept.find(b"\n")
    first, second = kept[:end], kept[end + 1 : kept.find(b"\n", end + 1)]
    if separator == BLANK or end < 0 or not second.endswith(mark) or first.endswith(mark):
        return kept
    widths = [_n_fields(line.decode(errors="replace"), separator) for line in (first, second)]
    return first + mark + kept[len(first) :] if widths[1] == widths[0] + 1 else kept


def _n_fields(line: str, separator: str) -> int:
    if '"' not in line:
        return len(line.split()) if separator == BLANK else line.count(separator) + 1
    try:
        return len(next(csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True)))
    except (csv.Error, StopIteration):
        return 1


def _without_comments(content: bytes) -> tuple[tuple[str, ...], bytes]:
    """Return the comments before the first row, and the content without comments, blank lines and blanks around it."""
    comments: list[str] = []
    start = 0
    while (first := NOT_BLANK.search(content, start)) and first[0] in MARKS:
        end = content.find(b"\n", first.start())
        start = len(content) if end < 0 else end + 1
        comments.append(content[first.start() : start].decode().strip())
        limits.check_size("comments", len(comments), MAX_COMMENTS)
    kept = content[content.rfind(b"\n", 0, first.start()) + 1 :] if first else b""
    if any(mark in kept for mark in (b"\n\n", b"\n ", b"\n\t")):
        kept = re.sub(rb"\n[ \t\n]*\n", b"\n", kept)
    if kept[:1] in EMPTY or any(b"\n" + mark in kept for mark in EMPTY):
        kept = re.sub(rb"(?m)^[,;|][,;| \t]*(?:\n|\Z)", b"", kept)  # rows without a value, as of spreadsheets
    limits.check_size("lines", kept.count(b"\n"), 2 * limits.MAX_EDGES + MAX_COMMENTS)
    if any(b"\n" + mark in kept for mark in MARKS):
        kept = _without_later_comments(kept)
    if kept[-1:].isspace() and (kept[-1:] != b"\n" or kept[-2:-1].isspace()):
        last = kept.find(b"\n", len(kept.rstrip()))
        kept = kept[: last + 1] if last >= 0 else kept  # separators that end the last row stay
    return tuple(comments), kept if kept[-1:] in (b"\n", b"") else kept + b"\n"


def _without_later_comments(kept: bytes) -> bytes:
    """Return rows without the comments between them; a line that may be a name with a `#` is refused."""
    lines: list[bytes] = []
    width, inside = None, False
    for line in kept.split(b"\n"):
        if not inside and line[:1] in MARKS:
            width = width or _width(lines)
            if may_be_row(line) and _width([line]) == width:
                raise TopologyError(like_a_row(line))
            continue
        inside ^= line.count(b'"') % 2 == 1
        lines.append(line)
    return b"\n".join(lines)


def may_be_row(comment: bytes) -> bool:
    """Whether what follows the mark of a comment stands right beside it, as in a name such as #hashtag."""
    return bool(comment[1:2].strip(b" \t#%"))


def like_a_row(comment: bytes) -> str:
    """Return the complaint about a comment that may be a row."""
    return (
        f"the line {comment.decode():.60} begins as a comment does, but reads like a row; put the name in double "
        "quotes, or begin the comment with '# '"
    )


def _width(lines: list[bytes]) -> tuple[int, ...]:
    """Return how often each separator is in the first line."""
    line = next((line for line in lines if line.strip()), b"").strip()
    marks = tuple(line.count(mark) for mark in (b"\t", b";", b",", b"|"))
    return marks if any(marks) else (len(line.split()),)


def _rows_of(kept: bytes) -> Iterator[str]:
    """Yield the lines one by one, without building all of them."""
    return (line.removesuffix("\n") for line in io.TextIOWrapper(io.BytesIO(kept), encoding="utf-8", newline="\n"))


def _plain(kept: bytes, separator: str, content: bytes) -> tuple[pa.Array, ...]:
    """Return the columns of rows without quotes."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    if not kept:
        return ()
    if separator == BLANK and not _has_single_blanks(kept):
        kept = re.sub(rb"[ \t]*\n[ \t]*", b"\n", re.sub(rb"[ \t]+", b" ", kept)).lstrip()
    first = kept[: kept.index(b"\n")]
    n_columns = first.count(separator.encode()) + 1
    limits.check_size("columns", n_columns, MAX_COLUMNS)
    names = [str(column) for column in range(n_columns)]

    bad: list[arrow.InvalidRow] = []

    def note(row: arrow.InvalidRow) -> str:
        bad.append(row)
        return "error"

    try:
        table = arrow.read_csv(
            io.BytesIO(kept),
            read_options=arrow.ReadOptions(use_threads=False, block_size=len(kept), column_names=names),
            parse_options=arrow.ParseOptions(delimiter=separator, quote_char=False, invalid_row_handler=note),
            convert_options=arrow.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as error:
        if not bad:
            raise TopologyError(f"expected a table, got an error: {error}") from error
        fields = fields_of(bad[0].text, separator)
        raise TopologyError(_uneven(_line_of(content, bad[0].number - 1), fields, n_columns)) from None
    columns = [column.combine_chunks() for column in table.columns]
    del table
    pa.default_memory_pool().release_unused()
    if separator != BLANK and any(blank in kept for blank in BLANKS if blank != separator.encode()):
        columns = [_trimmed(column) for column in columns]
    return tuple(columns)


def _quoted(kept: bytes, separator: str, content: bytes) -> tuple[tuple[pa.Array, ...], list[int]]:
    """Return the columns of rows with quotes, and the line of each row."""
    import pyarrow as pa

    before = content.count(b"\n", 0, content.rfind(kept.split(b"\n", 1)[0]))
    is_quoted = kept.count(b'"', 0, kept.index(b"\n")) == 2 * _n_fields(kept[: kept.index(b"\n")].decode(), separator)
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(_short_lines(kept, separator), delimiter=separator, skipinitialspace=True, strict=True)
    try:
        for fields in reader:
            rows.append([field.strip() for field in fields])
            lines.append(before + reader.line_num)
            if len(rows) == 2 and len(fields) == len(rows[0]) + 1 and is_quoted:
                rows[0].insert(0, "")  # R's write.table gives no name to the column of row names
            if len(fields) != len(rows[0]):
                raise TopologyError(_uneven(lines[-1], fields, len(rows[0])))
    except csv.Error as error:
        raise TopologyError(
            f"line {before + reader.line_num}: {error}; a double quote within a field in quotes is written twice"
        ) from None
    columns = [[field or None for field in column] for column in zip(*rows, strict=True)]
    return tuple(pa.array(column, pa.string()) for column in columns), lines


def _short_lines(kept: bytes, separator: str) -> Iterator[str]:
    for line in _rows_of(kept):
        limits.check_size("columns", line.count(separator), MAX_COLUMNS)
        yield f"{' '.join(line.split(TAB)) if separator == BLANK else line}\n"


def _uneven(line: int, fields: list[str], expected: int) -> str:
    return (
        f"line {line}: expected {expected} fields, as in the first row, got {len(fields)}: {fields!r:.80}; if it is an "
        "adjacency list, say `topology.format=adjacency-list`"
    )


def _first(columns: tuple[pa.Array, ...]) -> tuple[str, ...]:
    return tuple((column[0].as_py() or "") if len(column) else "" for column in columns)


def _line_of(content: bytes, row: int) -> int:
    """Return the number of the line in which a row without quotes stands."""
    lines = enumerate(content.split(b"\n"), start=1)
    rows = (number for number, line in lines if line.strip(b" \t,;|") and line.lstrip()[:1] not in MARKS)
    return next(islice(rows, row, None))


def _has_single_blanks(kept: bytes) -> bool:
    """Whether one blank stands between any two fields, and nothing else around them; rows are of one length, if so."""
    of_one = kept.count(b" ", 0, kept.index(b"\n"))
    return b"\t" not in kept and kept[:1] != b" " and kept.count(b" ") == of_one * kept.count(b"\n")


def _trimmed(column: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
