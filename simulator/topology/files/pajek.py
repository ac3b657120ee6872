"""Pajek: one network as vertices, arcs, edges, lists of both, or a matrix."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.labels import named
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.text import utf8_of

MOST_ENTRIES = 2**24
SECTIONS = ("network", "vertices", "arcs", "edges", "arcslist", "edgeslist", "matrix")
_FIELD = re.compile(r'"([^"]*)"|(\S+)')
_TIMES = re.compile(r"\[[\d\s,\-*]*\]$")


@graph_format(
    "Pajek",
    suffixes=(".net", ".paj"),
    looks=lambda head: bool(re.match(rb"(?:\s*%.*\n)*\s*\*(?:vertices|network)\b", head, re.I)),
)
def read_pajek(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a Pajek network.

    Arcs have a direction, edges run both ways, and a matrix is one of arcs unless it is symmetric. The third number of
    a line is the weight (1 where there is none), times in brackets say when a link is there. Names are the labels where
    every vertex has one of its own, else the numbers; places are the coordinates. O(bytes).
    """
    reading = _Reading()
    lines = utf8_of(_as_utf8(data)).decode().split("\n")
    limits.check_size("lines", len(lines), 2 * limits.MAX_EDGES)
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text and not text.startswith("%"):
            try:
                reading.take(text)
            except TopologyError as error:
                raise TopologyError(f"line {number}: {error}") from None
    return reading.contents()


def _as_utf8(data: bytes) -> bytes:
    """Return the text; old versions of Pajek write the letters of Windows."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("cp1252", errors="replace").encode()
    return data


@dataclass
class _Reading:
    """Takes one line after the other."""

    section: str = ""
    labels: list[str | None] = field(default_factory=list)
    first_mode: int | None = None
    places: dict[int, tuple[float, ...]] = field(default_factory=dict)
    links: list[tuple[int, int, float, bool]] = field(default_factory=list)
    about: list[dict[str, Any]] = field(default_factory=list)
    times: list[str | None] = field(default_factory=list)
    rows: list[np.ndarray] = field(default_factory=list)
    relation: str | None = None
    weighted: bool = False
    left_out: dict[str, None] = field(default_factory=dict)

    def take(self, line: str) -> None:
        """Take a line that is neither blank nor a comment."""
        if line.startswith("*"):
            self._begin(line)
        elif self.section == "vertices":
            self._vertex(line)
        elif self.section in ("arcs", "edges"):
            self._link(line)
        elif self.section in ("arcslist", "edgeslist"):
            first, *others = self._vertices(line.split())
            for other in others:
                self._add(first, other, 1.0, {}, None)
        elif self.section == "matrix":
            self.rows.append(self._row(line))
        elif self.section not in self.left_out:
            raise TopologyError(f"expected *Vertices, got {line[:40]!r}")

    def _begin(self, line: str) -> None:
        name, rest = (*line[1:].split(None, 1), "", "")[:2]
        name = name.partition(":")[0].lower()
        if name == "vertices" and self.section in self.left_out:
            return  # those of a partition or a vector
        if name in ("vertices", "network") and self.labels:
            raise TopologyError("expected one network, got a second one")
        self.section = name
        if name not in SECTIONS:
            self.left_out[name] = None
            return
        found = re.search(r'"([^"]*)"', rest)
        self.relation = found[1] if found and name != "network" else None
        if name == "vertices":
            sizes = self._vertices_declared(rest)
            limits.check_size("nodes", sizes[0], limits.MAX_AGENTS)
            self.labels = [None] * sizes[0]
            self.first_mode = sizes[1] if len(sizes) > 1 else None

    def _vertices_declared(self, rest: str) -> list[int]:
        sizes = [int(part) for part in rest.split()[:2] if part.isascii() and part.isdigit() and len(part) < 10]
        if not sizes or sizes[0] < 1 or (len(sizes) > 1 and sizes[1] > sizes[0]):
            raise TopologyError(complaint("*Vertices", expected="the number of vertices", got=rest[:40]))
        return sizes

    def _vertex(self, line: str) -> None:
        found = [quoted or plain for quoted, plain in _FIELD.findall(line)]
        [vertex] = self._vertices(found[:1])
        if self.labels[vertex] is not None:
            raise TopologyError(f"the vertex {vertex + 1} is there twice")
        self.labels[vertex] = found[1] if len(found) > 1 else str(vertex + 1)
        place = []
        for part in found[2:5]:
            try:
                place.append(float(part))
            except ValueError:
                break
        if len(place) > 1:
            self.places[vertex] = tuple(place)
        if len(found) > 2 + len(place):
            self.left_out["shapes, colours and times of vertices"] = None

    def _link(self, line: str) -> None:
        times = _TIMES.search(line)
        fields = [quoted or plain for quoted, plain in _FIELD.findall(line[: times.start()] if times else line)]
        if len(fields) < 2:
            raise TopologyError(f"expected two vertices and perhaps a weight, got {line[:40]!r}")
        one, other = self._vertices(fields[:2])
        weight, more = 1.0, fields[2:]
        if more and re.match(r"[-+.\d]", more[0]):
            weight, more = self._number(more[0]), more[1:]
            self.weighted = True
        about: dict[str, Any] = {} if self.relation is None else {"relation": self.relation}
        for key, value in zip(more[::2], more[1::2], strict=False):
            if key == "l":
                about["label"] = value
            else:
                self.left_out["colours and lines of links"] = None
        self._add(one, other, weight, about, times[0] if times else None)

    def _add(self, one: int, other: int, weight: float, about: dict[str, Any], times: str | None) -> None:
        self.links.append((one, other, weight, self.section.startswith("arcs")))
        self.about.append(about)
        self.times.append(times)
        limits.check_size("edges", len(self.links), limits.MAX_EDGES)

    def _vertices(self, parts: list[str]) -> list[int]:
        numbers = []
        for part in parts:
            number = abs(int(part)) if re.fullmatch(r"-?\d{1,9}", part, re.ASCII) else 0
            if not 1 <= number <= len(self.labels):
                expected = f"a vertex, 1 … {len(self.labels)}"
                raise TopologyError(complaint("vertex", expected=expected, got=part[:40]))
            numbers.append(number - 1)
        return numbers

    def _row(self, line: str) -> np.ndarray:
        limits.check_size("entries of the matrix", len(self.labels) ** 2, MOST_ENTRIES)
        try:
            return np.array(line.split(), dtype=np.float64)
        except ValueError:
            raise TopologyError(complaint("matrix", expected="a row of numbers", got=line[:40])) from None

    def _number(self, part: str) -> float:
        try:
            return float(part)
        except ValueError:
            raise TopologyError(complaint("weight", expected="a number", got=part[:40])) from None

    def contents(self) -> Contents:
        """Return all that was read."""
        n = len(self.labels)
        if self.rows:
            self._take_matrix(n)
        names, names_from, _ = named(
            [str(vertex + 1) for vertex in range(n)], {"": ("labels of vertices", self.labels)}, "numbers of vertices"
        )
        labels = self.labels if names_from == "numbers of vertices" and any(self.labels) else None
        links = np.array([link[:2] for link in self.links], dtype=np.int64).reshape(-1, 2)
        directed = np.array([link[3] for link in self.links], dtype=bool)
        about = {
            key: [one.get(key) for one in self.about] for key in dict.fromkeys(k for one in self.about for k in one)
        }
        weights = np.array([link[2] for link in self.links]) if self.weighted else None
        rows, times = _stretches(self.times)
        points = [self.places.get(vertex, ()) for vertex in range(n)]
        placed = n and all(len(point) == len(points[0]) > 1 for point in points)
        placed = placed and (n == 1 or len(set(points)) > 1)  # networkx writes 0.0 0.0 for all without a place
        attributes: dict[str, list[Any]] = {} if labels is None else {"label": list(labels)}
        if self.first_mode is not None:
            attributes["mode"] = [1 + (vertex >= self.first_mode) for vertex in range(n)]
        return Contents(
            format="Pajek",
            names=names,
            names_from=names_from,
            links=links[rows],
            directed=bool(directed.all()) if directed.all() or not directed.any() else directed[rows],
            weights=None if weights is None else weights[rows],
            weights_from="third numbers of lines" if self.weighted else "",
            attributes=attributes,
            link_attributes={key: [values[row] for row in rows.tolist()] for key, values in about.items()},
            positions=_flat(np.array(points)) if placed else None,
            times=times,
            times_from="times in brackets" if times is not None else "",
            moment="last",
            left_out=tuple(self.left_out),
        )

    def _take_matrix(self, n: int) -> None:
        first = self.first_mode
        shape = (n, n) if first is None else (first, n - first)
        if len(self.rows) != shape[0] or any(len(row) != shape[1] for row in self.rows):
            raise TopologyError(f"expected a matrix of {shape[0]} rows with {shape[1]} numbers, got another shape")
        matrix = np.array(self.rows)
        symmetric = first is None and np.array_equal(matrix, matrix.T)
        sources, targets = np.nonzero(np.triu(matrix) if symmetric else matrix)
        self.section = "edges" if symmetric or first is not None else "arcs"
        self.weighted = self.weighted or not np.isin(matrix, (0, 1)).all()
        for one, other in zip(sources.tolist(), targets.tolist(), strict=True):
            self._add(one, other + (first or 0), float(matrix[one, other]), {}, None)


def _flat(points: np.ndarray) -> np.ndarray:
    """Return places without a third coordinate that is the same everywhere, as Pajek writes .5."""
    return points[:, :2] if points.shape[1] == 3 and (points[:, 2] == points[0, 2]).all() else points


def _stretches(texts: list[str | None]) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the row and the first and last moment of each stretch of time in brackets: [1-3,7], [5-*]."""
    if not any(texts):
        return np.arange(len(texts)), None
    rows, times = [], []
    for row, text in enumerate(texts):
        for part in (text or "[*]").strip("[]").split(","):
            first, dash, last = part.strip().partition("-")
            try:
                begin = -np.inf if first in ("*", "") else float(first)
                end = np.inf if last in ("*", "") and (dash or first == "*") else float(last or first)
            except ValueError:
                raise TopologyError(complaint("time", expected="[1-3,7] or [5-*]", got=text)) from None
            rows.append(row)
            times.append((begin, end))
    return np.array(rows, dtype=np.int64), np.array(times, dtype=np.float64)
