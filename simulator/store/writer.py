"""The one writer of a run directory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, nullcontext, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.checkpoint import FOLDER as CHECKPOINTS
from hubbub.simulator.store.checkpoint import prune, write_checkpoint
from hubbub.simulator.store.files import (
    RUN_FILE,
    TEMPORARY,
    Files,
    encode_json,
    filled_with,
    resume_command,
    step_folder,
    steps_in,
    writing,
)
from hubbub.simulator.store.lock import LOCK_FILE, locked
from hubbub.simulator.store.reader import SCHEMA_VERSION, read_info
from hubbub.simulator.store.seal import seal
from hubbub.simulator.store.snapshot import FOLDERS, Snapshot
from hubbub.simulator.store.tables import COLUMNS, Columns, GrowingTable, encode

if TYPE_CHECKING:
    import pyarrow as pa
    import torch

Status = Literal["running", "finished", "stopped", "failed"]


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
        self._tables = {name: GrowingTable(self._files, name) for name in COLUMNS}

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
        root = Path(path).resolve()
        with writing(root, run=root):
            root.mkdir(parents=True, exist_ok=True)
            _refuse_used(root)
        with ExitStack() as stack:
            stack.enter_context(locked(root))
            _refuse_used(root)
            info = {
                "schema_version": SCHEMA_VERSION,
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
            writer._save_info()
            writer._lock = stack.pop_all()
        return writer

    @classmethod
    def reopen(cls, path: Path, *, keep: int = 2) -> RunWriter:
        """Open an existing run to go on with it; what a killed process left half-written is removed."""
        root = Path(path).resolve()
        read_info(root)
        with ExitStack() as stack:
            stack.enter_context(locked(root))
            writer = cls(root, read_info(root), keep=keep)
            writer._files.clean()
            writer._lock = stack.pop_all()
        return writer

    def write_table(self, relative: str, table: pa.Table) -> None:
        """Write or replace a Parquet table."""
        self._files.write(relative, encode(table))

    def write_text(self, relative: str, text: str) -> None:
        """Write or replace a text file (UTF-8)."""
        self._files.write(relative, text.encode())

    def append(self, table: str, columns: Columns) -> None:
        """Append rows to one of the growing tables (`tables.COLUMNS`), given as columns; steps must not decrease."""
        self._tables[table].append(columns)

    def append_rows(self, table: str, step: int, rows: Iterable[Mapping[str, float | int | str]]) -> None:
        """Append rows of one step; columns that a row does not have are null."""
        self._tables[table].append_rows(step, rows)

    def write_snapshot(self, snapshot: Snapshot) -> None:
        """Write the snapshot of one step, or replace it."""
        members = {f"{name}.parquet": filled_with(encode(table)) for name, table in snapshot.to_tables().items()}
        self._files.write_folder(step_folder(snapshot.folder, snapshot.step), members)

    def checkpoint(self, step: int, tensors: Mapping[str, torch.Tensor], state: dict[str, Any]) -> None:
        """Write all rows appended so far, then a checkpoint for `load_checkpoint`, and remove the oldest checkpoints.

        `state` is small and can be written as JSON. An undamaged checkpoint of the same step is kept as it is.
        """
        self.flush()
        write_checkpoint(self._files, step, tensors, state, seal(self.path, self._info, step))
        prune(self._files, self._keep)

    def flush(self) -> None:
        """Write the rows appended so far to the disk."""
        for table in self._tables.values():
            table.flush()

    def set_status(self, status: Status, *, step: int) -> None:
        """Write the status of the run into `run.json`."""
        self._info |= {"status": status, "step": step}
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
        for folder in FOLDERS:
            for other in (at for at in steps_in(self.path, folder) if at >= step or not snapshots(at)):
                self._files.remove(step_folder(folder, other))
        for name, table in self._tables.items():
            table.keep((lambda at: at < step and metrics(at)) if name == "metrics" else lambda at: at <= step)

    def close(self) -> None:
        """Write the last rows to the disk and unlock the directory."""
        with self._lock:
            self.flush()

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
        self._files.write(RUN_FILE, encode_json(self._info))


def _refuse_used(root: Path) -> None:
    """Refuse a folder with files, unless it is a run that was killed before its first checkpoint."""
    if (root / RUN_FILE).exists():
        if not steps_in(root, CHECKPOINTS):
            return
        raise StoreError(
            f"{root}: holds a run already; go on with it by `{resume_command(root)}`, "
            "or choose another folder with --out"
        )
    others = sorted(entry.name for entry in root.iterdir() if entry.name not in (LOCK_FILE, TEMPORARY))
    if others:
        raise StoreError(
            f"{root}: already in use, it is not empty ({others[0]} is there); choose another folder with --out"
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
