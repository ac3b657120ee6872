"""Trackio."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO

from hubbub.scenarios.tracking.catalogue import TrackedRun, Tracker, tracker


@tracker("trackio")
class Trackio(Tracker):
    """A run of Trackio, on this machine or in a Space of Hugging Face; `trackio show` opens its page."""

    package, extra = "trackio", "trackio"

    def __init__(
        self, *, run: TrackedRun, project: str = "hubbub", group: str | None = None, space_id: str | None = None
    ) -> None:
        import trackio

        with redirect_stdout(StringIO()):  # it greets there
            self._run = trackio.init(
                project=project,
                name=f"{run.name}-{run.identity}",
                group=group,
                space_id=space_id,
                config=dict(run.configuration),
                resume="allow",
                embed=False,
                auto_log_cpu=False,
                auto_log_gpu=False,
            )

    def log(self, step: int, metrics: Mapping[str, float]) -> None:
        """Send the metrics; those that are not defined at a step are left out."""
        self._run.log({name: value for name, value in metrics.items() if not math.isnan(value)}, step=step)

    def close(self, status: str) -> None:
        """Send the rest."""
        import trackio

        with redirect_stdout(StringIO()):
            trackio.finish()
