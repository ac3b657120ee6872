from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from hubbub.scenarios import run
from hubbub.scenarios.reproductions import Job, Rows, RunSet
from hubbub.simulator.store import Run

Changed = Callable[[Job], Mapping[str, Any]]


class HereRuns(RunSet):
    """Makes and measures every run in this process, with overrides that make it small."""

    def __init__(self, folder: Path, changed: Changed) -> None:
        super().__init__(folder, workers=1, say=lambda line: None)
        self.changed = changed

    def run(self, jobs: Sequence[Job]) -> list[Run]:
        return [
            run(job.scenario, {**job.overrides, **self.changed(job)}, seed=job.seed, out=self.path(job)) for job in jobs
        ]

    def measured(self, runs: Sequence[Run], by: Callable[[Run], Any]) -> list[Rows]:
        return [by(each) for each in runs]


@pytest.fixture
def here(tmp_path: Path) -> Callable[..., RunSet]:
    """Return a function of overrides, or of the overrides by job, that gives runs made here and now."""

    def made(changed: Mapping[str, Any] | Changed = {}) -> RunSet:  # noqa: B006
        return HereRuns(tmp_path, changed if callable(changed) else lambda job: changed)

    return made
