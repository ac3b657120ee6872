"""Event files of TensorBoard from plain numbers; needs the package `tensorboard`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

EVENTS = "events.out.tfevents"
"""What the names of its files begin with."""


def has_tensorboard() -> bool:
    """Whether the package is installed."""
    return find_spec("tensorboard") is not None


class EventFile:
    """An event file that is being written.

    Parameters
    ----------
    file
        Where the bytes go.
    since
        The first step of a part that continues another file: what that has of this step and later is shown no more.
    """

    def __init__(self, file: Any, *, since: int | None = None) -> None:
        from tensorboard.compat.proto.event_pb2 import Event, SessionLog
        from tensorboard.summary.writer.record_writer import RecordWriter

        self._file, self._records = file, RecordWriter(file)
        self._write(Event(wall_time=time.time(), file_version="brain.Event:2"))
        if since is not None:
            start = SessionLog(status=SessionLog.SessionStatus.START)
            self._write(Event(wall_time=time.time(), step=since, session_log=start))

    def add(self, step: int, scalars: Mapping[str, float]) -> None:
        """Write the scalars of a step by their tags."""
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in scalars.items()]
        self._write(Event(wall_time=time.time(), step=step, summary=Summary(value=values)))

    def flush(self) -> None:
        """Hand what was written to the operating system."""
        self._records.flush()

    def close(self) -> None:
        """Close the file."""
        self._records.close()

    def _write(self, event: Any) -> None:
        self._records.write(event.SerializeToString())


def opened(folder: Path, *, since: int | None = None) -> EventFile:
    """Return a new event file in a folder, which is made where there is none; names are in the order of time."""
    folder.mkdir(parents=True, exist_ok=True)
    return EventFile((folder / f"{EVENTS}.{time.time_ns()}").open("xb"), since=since)


def events(records: Iterable[tuple[int, Mapping[str, float]]]) -> bytes:
    """Return the content of an event file that holds all records: step, and scalars by their tags."""
    content = BytesIO()
    file = EventFile(content)
    for step, scalars in records:
        file.add(step, scalars)
    file.flush()
    return content.getvalue()
