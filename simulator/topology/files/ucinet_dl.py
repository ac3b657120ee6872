"""UCINET DL: one network as a matrix, or as a list of links or neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.edge_table import SUFFIXES
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.matrix import contents_of_matrix, dense_entries
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.text import utf8_of

FORMATS = ("fullmatrix", "lowerhalf", "upperhalf", "edgelist1", "nodelist1")
SHORT = dict(zip(("fm", "lh", "uh", "el1", "nl1"), FORMATS, strict=True))
"""Other names of the formats."""

TOKEN = re.compile(r'"([^"\n]*)"|([^\s,"]+)')


@dataclass(frozen=True)
class _Head:
    """What stands above the data: N, the format, labels, whether they are in the data and whether the diagonal is."""

    n_agents: int
    format: str
    labels: list[str]
    embedded: bool
    diagonal: bool


@graph_format(
    "UCINET DL",
    suffixes=(".dl", *SUFFIXES),
    looks=lambda head: bool(re.match(rb"\s*dl\b[\s,]", head, re.IGNORECASE)) and b"=" in head,
    options=("directed",),
    rank=1,
)
def read_ucinet_dl(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a DL file with one network of one kind of agents; a link leads from row to column."""
    text = utf8_of(data).decode()
    begin = re.match(r"\s*dl\b", text, re.IGNORECASE)
    parts = re.split(r"\bdata\s*:", text[begin.end() :], maxsplit=1, flags=re.IGNORECASE) if begin else []
    if len(parts) != 2:
        raise TopologyError("expected a DL file: 'DL N=…', then 'DATA:' and the data")
    head = _head(parts[0])
    limits.check_size("values", len(parts[1]) // 2, limits.MAX_PARSED_BYTES // 4)
    read = {"edgelist1": _edges, "nodelist1": _neighbours}.get(head.format, _matrix)
    rows, columns, entries, labels = read(parts[1], head)
    return contents_of_matrix(
        rows,
        columns,
        entries,
        n_agents=head.n_agents,
        format=f"UCINET DL ({head.format})",
        names=labels or tuple(str(number) for number in range(1, head.n_agents + 1)),
        names_from="labels" if labels else "numbers from 1",
        directed=None if options.undirected else options.directed,
    )


def _head(text: str) -> _Head:
    known = {key.lower(): value.lower() for key, value in re.findall(r"(\w+)\s*=\s*(\w+)", text)}
    if known.get("nm", "1") != "1":
        raise TopologyError(f"expected one network, got NM={known['nm']}; save each in a file of its own")
    if "nr" in known or "nc" in known:
        raise TopologyError("expected one kind of agents (N=…), got rows and columns of different ones (NR, NC)")
    number = known.get("n", "")
    if not (number.isascii() and number.isdigit() and len(number) < 12 and int(number)):
        raise TopologyError(complaint("N", expected="the number of agents", got=number))
    limits.check_size("nodes", int(number), limits.MAX_AGENTS)
    form = known.get("format", "fullmatrix")
    form = SHORT.get(form, form)
    if form not in FORMATS:
        raise TopologyError(complaint("format", expected=f"one of {', '.join(FORMATS)}", got=form, valid=FORMATS))
    names = _labels(text)
    if names and len(names) != int(number):
        raise TopologyError(f"labels: expected {int(number)}, got {len(names)}")
    embedded = bool(re.search(r"\blabels\s+embedded", text, re.IGNORECASE))
    absent = bool(re.search(r"\bdiagonal\s*=?\s*absent", text, re.IGNORECASE))
    return _Head(int(number), form, names, embedded, not absent)


def _labels(text: str) -> list[str]:
    """Return the labels of the rows; those of the columns are the same, those of matrices name relations."""
    text = re.split(r"\b(?:\w+\s+)?labels\s+embedded", text, maxsplit=1, flags=re.IGNORECASE)[0]
    parts = re.split(r"\b(?:(rows?|columns?|col|matrix|level)\s+)?labels\s*:", text, flags=re.IGNORECASE)
    known = {(kind or "").lower(): _tokens(body) for kind, body in zip(parts[1::2], parts[2::2], strict=True)}
    return next((known[kind] for kind in ("", "row", "rows", "column", "columns", "col") if kind in known), [])


def _tokens(text: str) -> list[str]:
    return [quoted or plain for quoted, plain in TOKEN.findall(text)]


Entries = tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]


def _matrix(text: str, head: _Head) -> Entries:
    tokens, labels, n = _tokens(text), list(head.labels), head.n_agents
    full = head.format == "fullmatrix"
    if head.embedded:
        if not full:
            raise TopologyError(f"labels embedded: expected with a full matrix, got {head.format}")
        labels, tokens = tokens[:n], tokens[n:]
        beside = tokens[:: n + 1 if head.diagonal else n]
        del tokens[:: n + 1 if head.diagonal else n]
        if beside != labels:
            raise TopologyError(
                f"expected the same labels above and beside the matrix, got {labels[:3]} and {beside[:3]}"
            )
    expected = (n * n if full else n * (n + 1) // 2) - (0 if head.diagonal else n)
    if len(tokens) != expected:
        raise TopologyError(f"expected {expected:,} numbers for N={n} and {head.format}, got {len(tokens):,}")
    places = np.arange(n)[:, None], np.arange(n)[None, :]
    shape = {"fullmatrix": places[0] >= 0, "lowerhalf": places[0] >= places[1], "upperhalf": places[0] <= places[1]}
    given = np.broadcast_to(shape[head.format], (n, n)) & (head.diagonal | (places[0] != places[1]))
    matrix = np.zeros((n, n))
    matrix[given] = _numbers(tokens)
    return *dense_entries(matrix if full else np.maximum(matrix, matrix.T)), labels


def _edges(text: str, head: _Head) -> Entries:
    rows = [_tokens(line) for line in text.split("\n") if line.strip()]
    limits.check_size("edges", len(rows), limits.MAX_EDGES)
    if wrong := next((row for row in rows if len(row) not in (2, 3)), None):
        raise TopologyError(complaint("edgelist1", expected="source, target and perhaps a value", got=wrong))
    number = _number_of(head, [name for row in rows for name in row[:2]])
    ends = np.array([(number(row[0]), number(row[1])) for row in rows], dtype=np.int64).reshape(-1, 2)
    return ends[:, 0], ends[:, 1], _numbers([row[2] if len(row) == 3 else "1" for row in rows]), number.labels()


def _neighbours(text: str, head: _Head) -> Entries:
    rows = [_tokens(line) for line in text.split("\n") if line.strip()]
    limits.check_size("edges", sum(map(len, rows)) - len(rows), limits.MAX_EDGES)
    number = _number_of(head, [name for row in rows for name in row])
    ends = [(number(row[0]), number(other)) for row in rows for other in row[1:]]
    places = np.array(ends, dtype=np.int64).reshape(-1, 2)
    return places[:, 0], places[:, 1], np.ones(len(places)), number.labels()


class _number_of:
    """From a label, or a number from 1, to the number of an agent from 0."""

    def __init__(self, head: _Head, used: list[str]) -> None:
        self._head = head
        names = list(dict.fromkeys(used)) if head.embedded else head.labels
        limits.check_size(f"agents, as N={head.n_agents} says,", len(names), head.n_agents)
        missing = head.n_agents - len(names)
        self._labels = [*names, *(f"unnamed {one + 1}" for one in range(missing))] if names else []
        self._numbers = {label.lower(): at for at, label in enumerate(self._labels)}

    def __call__(self, name: str) -> int:
        if (known := self._numbers.get(name.lower())) is not None:
            return known
        number = int(name) if name.isascii() and name.isdigit() and len(name) < 12 else 0
        if not 1 <= number <= self._head.n_agents or self._head.embedded:
            raise TopologyError(
                complaint(
                    "agent", expected=f"a label or a number 1 … {self._head.n_agents}", got=name, valid=self._labels
                )
            )
        return number - 1

    def labels(self) -> list[str]:
        return self._labels


def _numbers(tokens: list[str]) -> np.ndarray:
    try:
        return np.array(tokens, dtype=np.float64).reshape(-1)
    except ValueError as error:
        raise TopologyError(f"expected numbers, got an error: {error}") from None
