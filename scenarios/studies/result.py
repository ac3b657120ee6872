"""The result of a study: one row per run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import open_run
from hubbub.simulator.store.files import STUDY_FILE
from hubbub.simulator.store.tables import read_table

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


@dataclass(frozen=True)
class StudyResult:
    """The result of a study: its folder, one row per run, and the error messages of failed runs, by name."""

    path: Path
    rows: list[dict[str, Any]]
    problems: dict[str, str]

    def run(self, name: str) -> Run:
        """Return a run of the study, opened; its name is in the column `run` of the rows."""
        return open_run(self.path / "runs" / name)


def open_study(path: str | Path) -> StudyResult:
    """Return the study in the folder `path`, as its table was last written.

    Raises
    ------
    StoreError
        There is no study, or its table cannot be read.
    """
    folder = Path(path)
    if not (folder / STUDY_FILE).exists():
        raise StoreError(f"{folder}: expected the folder of a study, which has a file {STUDY_FILE}; there is none")
    required = {"run": "string", "status": "string", "problem": "string"}
    rows = read_table(folder, "study.parquet", required).to_pylist()
    return StudyResult(folder, rows, {row["run"]: row["problem"] for row in rows if row["status"] == "failed"})
