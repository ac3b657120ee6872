"""TensorBoard: event files in the run directory."""

from __future__ import annotations

from collections.abc import Mapping

from hubbub.formats.tensorboard import EventFile, opened
from hubbub.scenarios.tracking.catalogue import TrackedRun, Tracker, tracker


@tracker("tensorboard")
class TensorBoard(Tracker):
    """Event files in RUN/tracking/tensorboard; `tensorboard --logdir runs` shows all runs below a folder."""

    package, extra, forgets = "tensorboard", "tensorboard", True

    def __init__(self, *, run: TrackedRun) -> None:
        self._run = run
        self._file: EventFile | None = None

    def log(self, step: int, metrics: Mapping[str, float]) -> None:
        """Write the metrics to the disk."""
        if self._file is None:
            self._file = opened(self._run.folder / "tensorboard", since=self._run.began or None)
        self._file.add(step, metrics)
        self._file.flush()

    def close(self, status: str) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
