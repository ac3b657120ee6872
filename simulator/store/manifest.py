"""The manifest of a run: which parts it has, with the size and the SHA-256 of each.

`manifest.jsonl` grows by one line for each change. A line is a check code, a blank, and a JSON object: the parts that
are added, and the names of those that are dropped. The check code is that of the line and of all lines before it, so
damage of the manifest itself is found. What stands after the last end of a line was not written completely, and counts
as not written.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.files import existing, reading

MANIFEST_FILE = "manifest.jsonl"
MOST_BYTES = 2**28
MOST_STEPS = 2_000_000
MOST_ROWS = 1_000_000
"""Rows of a part of a growing table at most; a larger table becomes several parts."""
PART_NAME = re.compile(r"(.+)/part-(\d{10,})-(\d{6,})(w?)\.parquet")

NONE: Mapping[int, str] = MappingProxyType({})

Spans = tuple[tuple[int, int, int], ...]
"""Steps as (first, last, distance) of each evenly spaced stretch."""


@dataclass(frozen=True)
class Part:
    """A file of a run that is covered by the manifest.

    Attributes
    ----------
    name
        Path relative to the run directory.
    size_bytes, sha256
        Size and content.
    rows
        Rows of a table; 0 for other files.
    first, last
        First and last step of a part of a growing table; −1 for a single file.
    level
        How many times the rows were merged.
    steps
        The steps of a part of a table of snapshots.
    """

    name: str
    size_bytes: int
    sha256: str
    rows: int = 0
    first: int = -1
    last: int = -1
    level: int = 0
    steps: Spans = ()

    @property
    def table(self) -> str:
        """Name of the growing table that this is a part of; empty for a single file."""
        return _place(self.name)[0]

    @property
    def serial(self) -> int:
        """Number of a part of a growing table; parts of one kind that were written before have smaller ones."""
        return _place(self.name)[1]

    @property
    def is_waiting(self) -> bool:
        """Whether the part was written between two checkpoints, when the clock said so; the next one replaces it."""
        return _place(self.name)[2]

    @classmethod
    def of(cls, name: str, content: bytes, **about: Any) -> Part:
        """Return the entry of a file with this content."""
        return cls(name, len(content), hashlib.sha256(content).hexdigest(), **about)


def part_name(table: str, first: int, serial: int, *, is_waiting: bool = False) -> str:
    """Return the name of a part of a growing table that begins with step `first`."""
    return f"{table}/part-{first:010d}-{serial:06d}{'w' * is_waiting}.parquet"


class Manifest:
    """The parts of a run, by name, as the lines of its manifest leave them.

    `dropped` are names of parts that were dropped, whose files may not have been removed yet. `length` is the number of
    bytes of the complete lines. `seals` are the digests of the parts that there were at each checkpoint, by its step.
    """

    def __init__(self) -> None:
        self.parts: dict[str, Part] = {}
        self.dropped: set[str] = set()
        self.serials = {False: 0, True: 0}
        self.length = 0
        self.code = ""
        self.seals: dict[int, str] = {}

    @classmethod
    def read(cls, run: Path) -> Manifest:
        """Return the manifest of the run at `run`; `StoreError` when it is missing, damaged or not one."""
        manifest = cls()
        path = existing(run, MANIFEST_FILE)
        with reading(path):
            if (size := path.stat().st_size) > MOST_BYTES:
                raise ValueError(f"expected at most {MOST_BYTES:,} bytes, got {size:,}")
            content = path.read_bytes()
            for number, line in enumerate(content[: content.rfind(b"\n") + 1].split(b"\n")[:-1], 1):
                try:
                    manifest._take(line)
                except (StoreError, ValueError, TypeError, KeyError, AttributeError) as error:
                    raise StoreError(
                        f"{path}: line {number} is not as it was written ({error}); what it says cannot be trusted"
                    ) from None
            if not manifest.length:
                raise ValueError("expected at least one complete line")
            manifest._check_links()
        return manifest

    def line(self, added: Iterable[Part], dropped: Collection[str] = (), seals: Mapping[int, str] = NONE) -> bytes:
        """Return the line that says of a change, and of digests of the parts at checkpoints."""
        change: dict[str, Any] = {"add": [_entry(part) for part in added], "drop": list(dropped)}
        if seals:
            change["seals"] = {str(step): digest for step, digest in seals.items()}
        text = json.dumps(change, ensure_ascii=False)
        return f"{self._next_code(text.encode())} {text}\n".encode()

    def apply(self, line: bytes) -> None:
        """Take over a line that was written."""
        self._take(line.removesuffix(b"\n"))

    def digest(self, added: Iterable[Part] = (), dropped: Collection[str] = ()) -> str:
        """Return the SHA-256 of the names and contents of all parts after a change."""
        parts = {part.name: part.sha256 for part in [*self.parts.values(), *added] if part.name not in dropped}
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def rewritten(self, checkpoints: Collection[int]) -> bytes:
        """Return the one line of a manifest with the same parts and no past but the seals of these checkpoints."""
        parts = sorted(self.parts.values(), key=lambda part: part.name)
        return Manifest().line(parts, (), {step: seal for step, seal in self.seals.items() if step in checkpoints})

    def table(self, name: str) -> list[Part]:
        """Return the parts of a growing table, in the order of their rows."""
        return sorted(
            (part for part in self.parts.values() if part.table == name),
            key=lambda part: (part.first, part.is_waiting, part.serial),
        )

    def tables(self) -> list[str]:
        """Return the names of the growing tables, sorted."""
        return sorted({part.table for part in self.parts.values()} - {""})

    def _check_links(self) -> None:
        """Raise `ValueError` for more links than there are pairs of agents, before such a table takes the memory."""
        agents, edges = self.parts.get("agents.parquet"), self.parts.get("topology/edges.parquet")
        if agents and edges and edges.rows > agents.rows**2:
            raise ValueError(f"{edges.name}: expected at most {agents.rows**2:,} links, got {edges.rows:,}")

    def _take(self, line: bytes) -> None:
        code, _, text = line.partition(b" ")
        if code.decode() != self._next_code(text):
            raise StoreError("the check code does not fit")
        change = json.loads(text)
        for name in change["drop"]:
            del self.parts[name]
            self.dropped.add(name)
        for entry in change["add"]:
            part = _part(entry)
            self.parts[part.name] = part
            self.dropped.discard(part.name)
            self.serials[part.is_waiting] = max(self.serials[part.is_waiting], part.serial)
        for step, digest in change.get("seals", {}).items():
            self.seals[int(step)] = str(digest)
        self.code = code.decode()
        self.length += len(line) + 1

    def _next_code(self, text: bytes) -> str:
        return hashlib.sha256(self.code.encode() + text).hexdigest()[:16]


def spans(steps: Sequence[int]) -> Spans:
    """Return ascending steps as evenly spaced stretches."""
    found: list[tuple[int, int, int]] = []
    for step in steps:
        if found:
            first, last, distance = found[-1]
            if first == last or step - last == distance:
                found[-1] = (first, step, step - last)
                continue
        found.append((step, step, 1))
    return tuple(found)


def steps_of(stretches: Spans) -> list[int]:
    """Return the steps of evenly spaced stretches."""
    return [step for first, last, distance in stretches for step in range(first, last + 1, distance)]


@lru_cache(maxsize=2**16)
def _place(name: str) -> tuple[str, int, bool]:
    """Return the growing table of a part, its number there, and whether it waits; for a single file "", −1, False."""
    match = PART_NAME.fullmatch(name)
    return (match[1], int(match[3]), bool(match[4])) if match else ("", -1, False)


def _entry(part: Part) -> dict[str, Any]:
    """Return a part as JSON holds it, without what is as usual."""
    usual = {field.name: field.default for field in fields(Part)}
    return {name: value for name, value in asdict(part).items() if value != usual[name]}


def _part(entry: dict[str, Any]) -> Part:
    """Return the part of an entry; raise `ValueError` when it is none."""
    stretches = tuple((int(first), int(last), int(distance)) for first, last, distance in entry.get("steps", ()))
    part = Part(**{**entry, "steps": stretches})
    numbers = (part.size_bytes, part.rows, part.first, part.last, part.level)
    if not isinstance(part.name, str) or not all(type(number) is int for number in numbers):
        raise ValueError("an entry has a value of another type")
    if not re.fullmatch(r"[0-9a-f]{64}", part.sha256) or part.size_bytes < 0 or part.rows < 0:
        raise ValueError(f"{part.name}: the entry has an impossible value")
    if part.table and part.rows > MOST_ROWS:
        raise ValueError(f"{part.name}: expected at most {MOST_ROWS:,} rows, got {part.rows:,}")
    if bool(part.table) != (part.first >= 0) or part.last < part.first:
        raise ValueError(f"{part.name}: the entry has impossible steps")
    if any(not (part.first <= first <= last <= part.last and distance > 0) for first, last, distance in stretches):
        raise ValueError(f"{part.name}: the entry has impossible steps")
    if sum((last - first) // distance + 1 for first, last, distance in stretches) > MOST_STEPS:
        raise ValueError(f"{part.name}: the entry has more than {MOST_STEPS:,} steps")
    return part
