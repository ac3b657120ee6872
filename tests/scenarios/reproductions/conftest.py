from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hubbub.scenarios import run
from hubbub.scenarios.reproductions import Job, Lab
from hubbub.simulator.store import Run


class HereLab(Lab):
    """Makes every run here and now."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, scale="small", workers=1, say=lambda line: None)

    def run(self, jobs: Sequence[Job]) -> list[Run]:
        return [run(job.scenario, job.overrides, seed=job.seed, out=self.folder / "runs" / job.name) for job in jobs]


@pytest.fixture
def here(tmp_path: Path) -> Lab:
    """Return a lab in a folder of the test, which makes every run in this process."""
    return HereLab(tmp_path)
