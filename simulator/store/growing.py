"""A table of a run that is appended to: rows wait in memory, are written as parts, and small parts are merged.

A checkpoint of step c divides the rows into those that a resume from it keeps and those that it records again. No part
holds rows of both, and parts are not merged across a checkpoint that is still there; so a resume removes whole parts,
and what a checkpoint was sealed with stays as it was. Between two checkpoints there is one part in the end.

Parts are merged as the digits of a counter are: `FAN` of one level become one of the next. So there are O(log n) parts
below the size at which a part is left alone, and every row is written O(log n) times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.journal import Journal
from hubbub.simulator.store.manifest import MOST_ROWS, Part, spans, steps_of
from hubbub.simulator.store.tables import decode, encode, read_part

if TYPE_CHECKING:
    import pyarrow as pa

FAN = 4
FULL_ROWS, FULL_BYTES = 250_000, 2**23
"""From this size on a part is not merged any more."""
KEEPS_STEP = ("events", "series")
"""Tables of which a resume keeps the rows of the step of its checkpoint: they were made before it."""


@dataclass
class Change:
    """Parts that are added, with their content, and names of parts that are dropped."""

    added: dict[Part, bytes] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped)


class GrowingTable:
    """One table of the run that a journal writes; it says what is to be changed, and the writer commits it."""

    def __init__(self, journal: Journal, name: str) -> None:
        self.name = name
        self._journal = journal
        self._waiting: list[pa.Table] = []
        self._latest = max((part.last for part in self.parts), default=-1)

    @property
    def n_waiting(self) -> int:
        """Number of rows that are not written yet."""
        return sum(map(len, self._waiting))

    @property
    def parts(self) -> list[Part]:
        """The written parts, in the order of their rows."""
        return self._journal.manifest.table(self.name)

    def append(self, table: pa.Table) -> None:
        """Add rows; their `step` must not decrease, within them and from one call to the next."""
        if not len(table):
            return
        steps = table["step"].to_numpy()
        if (np.diff(steps, prepend=self._latest) < 0).any():
            raise StoreError(f"{self.name}: expected steps that do not decrease, got {steps.min()} after a later one")
        if "/" in self.name and steps[0] == self._latest:
            raise StoreError(f"{self.name}: expected one snapshot of a step, got a second one of step {steps[0]}")
        self._latest = int(steps[-1])
        self._waiting.append(table)

    def written(self) -> None:
        """Forget the rows that waited: they are written."""
        self._waiting.clear()

    def flush(self) -> Change:
        """Return how the rows that wait are written."""
        change = Change()
        self._add(change, self._waiting, is_waiting=True)
        return change

    def divide(self, step: int, since: int | None) -> Change:
        """Return how the rows that wait are written at a checkpoint of `step`; the one before was at `since`.

        What was written since then becomes one part of the rows that a resume keeps, and one of the others.
        """
        recent = [part for part in self.parts if since is None or not is_before(part, since)]
        whole = [part for part in recent if is_before(part, step)]
        again = first_redone(self.name, step)
        mixed = [part for part in recent if part not in whole and (part.first < again or part.is_waiting)]
        whole = _last_small(whole)
        tables = [self._read(part) for part in mixed] + self._waiting
        early, late = self._divided(tables, step)
        change = Change(dropped=[part.name for part in mixed])
        if early or len(whole) > 1 or any(part.is_waiting for part in whole):
            change.dropped += [part.name for part in whole]
            self._add(change, [*(self._read(part) for part in whole), *early])
        self._add(change, late)
        return change

    def merge(self, checkpoints: Sequence[int]) -> Change:
        """Return how small parts are merged, before the oldest checkpoint and after the newest."""
        change = Change()
        parts = self.parts
        regions = [parts]
        if checkpoints:
            regions = [
                [part for part in parts if is_before(part, min(checkpoints))],
                [part for part in parts if not is_before(part, max(checkpoints))],
            ]
        for region in regions:
            while run := due(region):
                before = set(change.added)
                self._add(
                    change,
                    [self._read(part, change) for part in run],
                    level=max(part.level for part in run) + 1,
                    is_waiting=run[-1].is_waiting,
                )
                made = [part for part in change.added if part not in before]
                for part in run:
                    if part in change.added:
                        del change.added[part]
                    else:
                        change.dropped.append(part.name)
                region = [*region[: len(region) - len(run)], *made]
        return change

    def keep(self, wanted: Callable[[int], bool]) -> Change:
        """Return how only the rows of the steps that are `wanted` are kept; parts of such steps only are not read."""
        import pyarrow as pa
        import pyarrow.compute as pc

        self._latest = -1
        change = Change()
        for part in self.parts:
            known = steps_of(part.steps) or [part.last] * (self.name in KEEPS_STEP)
            if known and all(map(wanted, known)):
                continue
            table = self._read(part)
            steps = [step for step in pc.unique(table["step"]).to_pylist() if wanted(step)]
            kept = table.filter(pc.is_in(table["step"], pa.array(steps, pa.int64())))
            if len(kept) < len(table):
                change.dropped.append(part.name)
                self._add(change, [kept])
        return change

    def _read(self, part: Part, change: Change | None = None) -> pa.Table:
        content = change.added.get(part) if change else None
        return decode(content) if content is not None else read_part(self._journal.root, part)

    def _divided(self, tables: Sequence[pa.Table], step: int) -> tuple[list[pa.Table], list[pa.Table]]:
        """Return the rows that a resume from the checkpoint of `step` keeps, and the others."""
        early, late = [], []
        for table in tables:
            at = int((table["step"].to_numpy() < first_redone(self.name, step)).sum())
            early += [table.slice(0, at)] if at else []
            late += [table.slice(at)] if at < len(table) else []
        return early, late

    def _add(self, change: Change, tables: Sequence[pa.Table], *, level: int = 0, is_waiting: bool = False) -> None:
        """Add tables to a change, as one part for those with equal columns, or several of `MOST_ROWS` rows."""
        import pyarrow as pa

        groups: list[list[pa.Table]] = []
        for table in tables:
            if groups and groups[-1][0].schema.equals(table.schema):
                groups[-1].append(table)
            else:
                groups.append([table])
        for group in groups:
            whole = pa.concat_tables(group)
            for start in range(0, len(whole), MOST_ROWS):
                piece = whole.slice(start, MOST_ROWS)
                first, last = piece["step"][0].as_py(), piece["step"][-1].as_py()
                about = {"rows": len(piece), "first": first, "last": last, "level": level}
                if "/" in self.name:
                    about["steps"] = spans(piece["step"].unique().to_pylist())
                content = encode(piece)
                part = Part.of(self._journal.new_name(self.name, first, is_waiting=is_waiting), content, **about)
                change.added[part] = content


def is_before(part: Part, step: int) -> bool:
    """Whether a resume from the checkpoint of `step` keeps all rows of a part."""
    return part.last < first_redone(part.table, step)


def first_redone(table: str, step: int) -> int:
    """Return the first step of which a resume from the checkpoint of `step` makes the rows of a table again."""
    return step + 1 if table in KEEPS_STEP else step


def due(parts: Sequence[Part]) -> list[Part]:
    """Return the last parts that are to be merged now; none while there are fewer than `FAN` of each level."""
    small = _last_small(parts)
    for level in sorted({part.level for part in small}):
        start = len(small)
        while start and small[start - 1].level <= level:
            start -= 1
        if sum(part.level == level for part in small[start:]) >= FAN:
            return small[start:]
    return []


def _last_small(parts: Sequence[Part]) -> list[Part]:
    """Return the parts after the last one that is large enough to be left alone."""
    start = len(parts)
    while start and parts[start - 1].rows < FULL_ROWS and parts[start - 1].size_bytes < FULL_BYTES:
        start -= 1
    return list(parts[start:])


def snapshot_steps(parts: Sequence[Part]) -> list[int]:
    """Return the steps that parts of a table of snapshots hold, ascending."""
    return sorted({step for part in parts for step in steps_of(part.steps)})
