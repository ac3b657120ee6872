"""The one writer of a run directory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, nullcontext, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from hubbub.simulator.errors import StoreError, complaint
from hubbub.simulator.store.checkpoint import FOLDER as CHECKPOINTS
from hubbub.simulator.store.checkpoint import Checkpoint, prune, write_checkpoint
from hubbub.simulator.store.files import (
    RUN_FILE,
    TEMPORARY,
    Files,
    resolved,
    resume_command,
    step_folder,
    steps_in,
    writing,
)
from hubbub.simulator.store.growing import Change, GrowingTable
from hubbub.simulator.store.info import encode_info, read_info
from hubbub.simulator.store.journal import PENDING, Journal
from hubbub.simulator.store.lock import LOCK_FILE, locked
from hubbub.simulator.store.manifest import MANIFEST_FILE, Part
from hubbub.simulator.store.schemas import COLUMNS, RUN_SCHEMA, arrow_schema, columns_of, fitted
from hubbub.simulator.store.seal import seal
from hubbub.simulator.store.snapshot import Snapshot
from hubbub.simulator.store.tables import Columns, encode

if TYPE_CHECKING:
    import pyarrow as pa
    import torch

Status = Literal["running", "finished", "stopped", "failed"]

WAIT_S = 2.0
"""Rows wait in memory for about this time, so that those of many records come to the disk together."""
KEPT_TIMES = 5
"""How many of the last times at which `run.json` was written are kept, with their steps, so that its speed is known."""
MOST_WAITING = 50_000
"""Rows of a table that wait at most."""


class RunWriter:
    """Writes one run directory; a second writer is refused as long as this one is open.

    Every method leaves the directory consistent, also when the process is killed during it; a disk that is full or not
    writable raises `StoreError`. Use `create` or `reopen`, and close it (it is a context manager). `keep` is the number
    of checkpoints that are kept.
    """

    def __init__(self, path: Path, info: dict[str, Any], *, keep: int) -> None:
        self.path = path
        self._info = info
        self._keep = keep
        self._lock = ExitStack()
        self._files = Files(path)
        self._journal = Journal(self._files)
        self._tables: dict[str, GrowingTable] = {}
        self._checkpoints: list[int] = []
        self._written_at = -WAIT_S

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        name: str,
        seed: int,
        configuration: dict[str, Any],
        versions: dict[str, str],
        topology: dict[str, Any] | None = None,
        kernel: str | None = None,
        keep: int = 2,
    ) -> RunWriter:
        """Begin a run in a new or empty folder.

        `topology` says what was read or made of its graph, `kernel` what computes its steps, where there is a choice.
        """
        root = resolved(path)
        with writing(root, run=root):
            root.mkdir(parents=True, exist_ok=True)
            refuse_used(root)
        with ExitStack() as stack:
            stack.enter_context(locked(root))
            refuse_used(root)
            info = {
                "schema_version": RUN_SCHEMA,
                "hubbub_version": version("hubbub"),
                "name": name,
                "status": "running",
                "step": 0,
                "seed": seed,
                "configuration": configuration,
                "versions": versions,
                **({} if kernel is None else {"kernel": kernel}),
                "created": _now(),
            }
            if topology is not None:
                info["topology"] = topology
            writer = cls(root, info, keep=keep)
            writer._files.clean()
            writer._journal.begin()
            writer._save_info()
            writer._lock = stack.pop_all()
        return writer

    @classmethod
    def reopen(cls, path: Path, *, keep: int = 2) -> RunWriter:
        """Open an existing run to go on with it; what a killed process left half-written is removed."""
        root = resolved(path)
        read_info(root)
        with ExitStack() as stack:
            stack.enter_context(locked(root))
            writer = cls(root, read_info(root), keep=keep)
            writer._files.clean()
            writer._find_checkpoints()
            writer._journal.recover()
            writer._lock = stack.pop_all()
        return writer

    def write_table(self, relative: str, table: pa.Table) -> None:
        """Write or replace a Parquet table; one that `schemas.SINGLE` names must have the columns that it says."""
        try:
            table = fitted(table, columns_of(relative))
        except StoreError as error:
            raise StoreError(f"{relative}: {error}") from None
        self._write_single(relative, encode(table), rows=len(table))

    def write_text(self, relative: str, text: str) -> None:
        """Write or replace a text file (UTF-8)."""
        self._write_single(relative, text.encode())

    def append(self, table: str, columns: Columns) -> None:
        """Append rows to one of the growing tables (`schemas.COLUMNS`), given as columns; steps must not decrease.

        A missing column is null, an unknown one is refused.
        """
        import pyarrow as pa

        known = arrow_schema(COLUMNS[table])
        for name in columns:
            if name not in known.names:
                expected = f"one of {', '.join(known.names)}"
                raise StoreError(complaint(f"column of {table}", expected=expected, got=name, valid=tuple(known.names)))
        n_rows = len(columns["step"])
        given = [columns.get(field.name, pa.nulls(n_rows, field.type)) for field in known]
        try:
            made = pa.table(given, schema=known)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise StoreError(f"rows of {table}: expected values of their columns' types: {error}") from error
        self._append(table, made)

    def append_rows(self, table: str, step: int, rows: Iterable[Mapping[str, float | int | str]]) -> None:
        """Append rows of one step; columns that a row does not have are null."""
        given = list(rows)
        names = dict.fromkeys(name for row in given for name in row)
        self.append(table, {"step": [step] * len(given), **{name: [row.get(name) for row in given] for name in names}})

    def write_snapshot(self, snapshot: Snapshot) -> None:
        """Append the snapshot of one step; steps must increase."""
        import pyarrow as pa

        for name, table in snapshot.to_tables().items():
            steps = pa.repeat(pa.scalar(snapshot.step, pa.int64()), len(table))
            self._append(f"{snapshot.folder}/{name}", table.add_column(0, "step", steps))

    def checkpoint(self, step: int, tensors: Mapping[str, torch.Tensor], state: dict[str, Any]) -> None:
        """Write all rows appended so far, then a checkpoint for `load_checkpoint`, and remove the oldest checkpoints.

        `state` is small and can be written as JSON. An undamaged checkpoint of the same step is kept as it is: a state
        is a function of seed and step, and while it was replaced the run would be without it.
        """
        tables = self._all_tables()
        since = max((at for at in self._checkpoints if at < step), default=None)
        is_there = Checkpoint(step, self.path / step_folder(CHECKPOINTS, step)).is_whole()
        divided = [table.divide(step, since) for table in tables]
        self._commit(divided, written=tables, seal=None if is_there else step)
        if not is_there:
            write_checkpoint(self._files, step, tensors, state, seal(self._info, self._journal.manifest))
        prune(self._files, self._keep)
        self._find_checkpoints()
        self._merge(tables)

    def flush(self) -> None:
        """Write the rows appended so far to the disk."""
        self._journal.settle()
        tables = [table for table in self._tables.values() if table.n_waiting]
        if tables:
            self._commit([table.flush() for table in tables], written=tables)
            self._merge(tables)

    def flush_when_due(self) -> None:
        """Write the rows appended so far if none were written in the last `WAIT_S` seconds."""
        if monotonic() - self._written_at >= WAIT_S:
            self.flush()

    def begin_steps(self, *, step: int, until: int) -> None:
        """Write into `run.json` that this process now makes the steps from `step` to `until`."""
        self._info.pop("problem", None)
        self._info["steps"] = {"from": step, "to": until, "reached": []}
        self.set_status("running", step=step)

    def set_status(self, status: Status, *, step: int, problem: str = "") -> None:
        """Write the status of the run into `run.json`, and why it has failed, if it has."""
        self._info |= {"status": status, "step": step}
        if problem:
            self._info["problem"] = problem
        if "steps" in self._info:
            reached = [*self._info["steps"]["reached"], [step, _now("milliseconds")]]
            self._info["steps"]["reached"] = reached[-KEPT_TIMES:]
        self._save_info()

    def update_configuration(self, configuration: dict[str, Any]) -> None:
        """Replace the configuration; the previous one is appended to `history`."""
        past = {"step": self._info["step"], "configuration": self._info["configuration"]}
        self._info["history"] = [*self._info.get("history", []), past]
        self._info["configuration"] = configuration
        self._save_info()

    def rewind(self, step: int, *, metrics: Callable[[int], bool], snapshots: Callable[[int], bool]) -> None:
        """Return the run to its checkpoint of `step`, as an uninterrupted run was there before it recorded the step.

        Removed are records of `step` and everything later, since they will be made again. That includes later
        checkpoints: they could not be read, or they would have been used. Removed are also earlier metrics and
        snapshots of steps at which none was due, such as the last record of a run that was stopped; `metrics` and
        `snapshots` say which steps are due. Events up to `step` are kept.
        """
        # First, so that a process killed in between leaves no checkpoint whose records are removed.
        for later in (at for at in steps_in(self.path, CHECKPOINTS) if at > step):
            self._files.remove(step_folder(CHECKPOINTS, later))
        self._find_checkpoints()
        changes = []
        for table in self._all_tables():
            if table.name == "metrics":
                changes.append(table.keep(lambda at: at < step and metrics(at)))
            elif "/" in table.name:
                changes.append(table.keep(lambda at: at < step and snapshots(at)))
            else:
                changes.append(table.keep(lambda at: at <= step))
        self._commit(changes)

    def close(self) -> None:
        """Write the last rows to the disk and unlock the directory."""
        with self._lock:
            self.flush()
            with suppress(StoreError):  # all is written; only the manifest would be shorter
                self._journal.compact()

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # The error that is being raised matters more than one that closing may raise.
        with suppress(StoreError) if error else nullcontext():
            self.close()

    def _save_info(self) -> None:
        self._info["updated"] = _now()
        self._files.write(RUN_FILE, encode_info(self._info))

    def _write_single(self, relative: str, content: bytes, **about: int) -> None:
        self._journal.commit({Part.of(relative, content, **about): content})
        self._journal.settle()

    def _append(self, name: str, rows: pa.Table) -> None:
        table = self._table(name)
        table.append(rows)
        if table.n_waiting >= MOST_WAITING:
            self.flush()

    def _table(self, name: str) -> GrowingTable:
        if name not in self._tables:
            self._tables[name] = GrowingTable(self._journal, name)
        return self._tables[name]

    def _all_tables(self) -> list[GrowingTable]:
        """Return the tables with written rows or waiting ones."""
        return [self._table(name) for name in sorted({*self._tables, *self._journal.manifest.tables()})]

    def _commit(
        self, changes: Iterable[Change], *, written: Iterable[GrowingTable] = (), seal: int | None = None
    ) -> None:
        """Write changes of several tables, all or none; `written` are those whose rows do not wait any more then."""
        added: dict[Part, bytes] = {}
        dropped: list[str] = []
        for change in changes:
            added |= change.added
            dropped += change.dropped
        if added or dropped or seal is not None:
            self._journal.commit(added, dropped, seal=seal)
            for table in written:
                table.written()
            if added:
                self._written_at = monotonic()
            self._journal.settle()

    def _find_checkpoints(self) -> None:
        self._checkpoints = steps_in(self.path, CHECKPOINTS)

    def _merge(self, tables: Iterable[GrowingTable]) -> None:
        self._commit([table.merge(self._checkpoints) for table in tables])


def refuse_used(root: Path) -> None:
    """Refuse a folder with files, unless it is a run that was killed before its first checkpoint, or as it began."""
    if (root / RUN_FILE).exists():
        if not steps_in(root, CHECKPOINTS):
            return
        raise StoreError(
            f"{root}: holds a run already; go on with it by `{resume_command(root)}`, "
            "or choose another folder with --out"
        )
    begun = (LOCK_FILE, TEMPORARY, PENDING, MANIFEST_FILE)  # what there may be before `run.json`
    others = sorted(entry.name for entry in root.iterdir() if entry.name not in begun)
    if others:
        raise StoreError(
            f"{root}: already in use, it is not empty ({others[0]} is there); choose another folder with --out"
        )


def _now(exactly: Literal["seconds", "milliseconds"] = "seconds") -> str:
    return datetime.now(UTC).isoformat(timespec=exactly)
