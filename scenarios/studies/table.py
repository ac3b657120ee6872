"""The table of a study: one row per run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubbub.scenarios.headline import headline
from hubbub.scenarios.studies.expanding import Planned
from hubbub.scenarios.studies.making import RunOutcome
from hubbub.scenarios.systems import kind_of
from hubbub.scenarios.tables import column
from hubbub.simulator.store import open_run
from hubbub.simulator.store.files import RUN_FILE, Files
from hubbub.simulator.store.tables import encode, read_table

if TYPE_CHECKING:
    import pyarrow as pa


class StudyTable:
    """Run, the fields that vary, seed, status, step, seconds, headline metrics at the end, problem: a row per run.

    Its files are `study.parquet` and `study.csv`. `seconds` is the time that a run took, in all of its parts.
    """

    def __init__(self, folder: Path, planned: Sequence[Planned], *, varying: Sequence[str]) -> None:
        self.folder, self.varying = folder, tuple(varying)
        self.planned: dict[str, Planned] = {}
        self.rows: dict[str, dict[str, Any]] = {}
        self.metrics: tuple[str, ...] = ()
        self._earlier = self._before()
        self.extend(planned)

    def extend(self, planned: Sequence[Planned]) -> None:
        """Add runs, each with what was written of it before."""
        self.planned |= {run.name: run for run in planned}
        names = dict.fromkeys(name for run in planned for name in kind_of(run.scenario).headline)
        self.metrics = tuple(dict.fromkeys([*self.metrics, *names]))
        self.rows |= {run.name: self._row(run, *self._earlier.get(run.name, (0.0, ""))) for run in planned}
        self._is_written = False
        if self.rows:
            self.write()

    def update(self, name: str, outcome: RunOutcome) -> None:
        """Put the outcome of a run into its row."""
        seconds = self.rows[name]["seconds"] + outcome.seconds
        self.rows[name] = {**self._row(self.planned[name], seconds, outcome.problem), "status": outcome.status}
        self._is_written = False

    def write(self) -> None:
        """Write both files, each atomically, if anything has changed."""
        from pyarrow import csv

        if self._is_written:
            return
        table, text = self._as_table(), BytesIO()
        csv.write_csv(table, text)
        files = Files(self.folder)
        files.write("study.parquet", encode(table))
        files.write("study.csv", text.getvalue())
        self._is_written = True

    def path(self, name: str) -> Path:
        """Return the run directory of that name."""
        return self.folder / "runs" / name

    def _as_table(self) -> pa.Table:
        """Return the rows as a table; values that are sections or lists are JSON."""
        import pyarrow as pa

        rows = list(self.rows.values())
        return pa.table({name: column([_cell(row[name]) for row in rows]) for name in rows[0]})

    def _row(self, run: Planned, seconds: float, problem: str) -> dict[str, Any]:
        """Return the row of a run, from its directory."""
        path = self.path(run.name)
        status, step, metrics = "waiting", 0, dict.fromkeys(self.metrics)
        if (path / RUN_FILE).exists():
            made = open_run(path)
            status, step = made.status, made.step
            if not problem:  # values recorded before a run failed are not those of the step that it reached
                metrics |= headline(made)
        values = {"status": status, "step": step, "seconds": round(seconds, 2), **metrics, "problem": problem}
        return {"run": run.name, **run.settings, "seed": run.seed, **values}

    def _before(self) -> dict[str, tuple[float, str]]:
        """Return seconds and problem of every run in a table that was written before."""
        if not (self.folder / "study.parquet").exists():
            return {}
        columns = {"run": "string", "seconds": "float64", "problem": "string"}
        stored = read_table(self.folder, "study.parquet", columns).to_pydict()
        return dict(zip(stored["run"], zip(stored["seconds"], stored["problem"], strict=True), strict=True))


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list | tuple) else value
