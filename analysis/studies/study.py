"""A study as it is on the disk: one row per run, and all that can be asked of its runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubbub.analysis.text import ignore
from hubbub.formats.notebook import summary_html
from hubbub.simulator.errors import ConfigurationError, StoreError, complaint
from hubbub.simulator.registry import load_module
from hubbub.simulator.store import open_run
from hubbub.simulator.store.files import RUN_FILE, STUDY_FILE, read_json
from hubbub.simulator.store.tables import read_table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from hubbub.analysis.measure import Measure
    from hubbub.simulator.store import Run

TRIALS_FILE = "trials.json"
"""In the folder of an adaptive study: what was tried, in order, and what came out."""
FIRST, LAST = ("run", "seed", "status", "step", "seconds"), "problem"
"""Columns of every study beside the fields that vary and what was recorded."""


@dataclass(frozen=True)
class StudyResult:
    """A study: its folder, one row per run, and the error messages of failed runs, by name."""

    path: Path
    rows: list[dict[str, Any]]
    problems: dict[str, str]
    _measured: dict[tuple[str, str], dict[str, Measure]] = field(default_factory=dict, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<Study {self.path.name}: {self._state}, {self.path}>"

    @property
    def _state(self) -> str:
        """How many runs are in which state."""
        states = [row["status"] for row in self.rows]
        counted = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
        return f"{len(states)} runs" + (f" ({counted})" if counted else "")

    def _repr_html_(self) -> str:
        """Return a table of what varies and how far the runs are, for notebooks."""
        vary = self.about.get("vary", {})
        varied = {path: ", ".join(map(str, vary[path])) for path in self.varying}
        facts = {"runs": self._state, "seeds": len({row["seed"] for row in self.rows}), **varied, "path": self.path}
        return summary_html(str(self.about.get("name", self.path.name)), facts)

    @cached_property
    def about(self) -> dict[str, Any]:
        """The study as it was given: name, scenario, vary, mode, seeds, measures …"""
        told = read_json(self.path, STUDY_FILE).get("study")
        if not isinstance(told, dict) or not isinstance(told.get("vary", {}), dict):
            raise StoreError(f"{self.path / STUDY_FILE}: expected what was studied, got {type(told).__name__}")
        return told

    @cached_property
    def _tried(self) -> dict[str, Any]:
        return read_json(self.path, TRIALS_FILE) if (self.path / TRIALS_FILE).exists() else {}

    @property
    def varying(self) -> tuple[str, ...]:
        """Dotted paths of the fields that differ between runs, the seed apart."""
        return tuple(path for path, values in self.about.get("vary", {}).items() if len(values) > 1)

    @property
    def headline(self) -> tuple[str, ...]:
        """Names of the metrics that the kind of system names first."""
        others = {*FIRST, LAST, *self.varying}
        return tuple(name for name in (self.rows[0] if self.rows else ()) if name not in others)

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures that the study chooses."""
        return tuple(self.about.get("measures", ()))

    @property
    def trials(self) -> list[dict[str, Any]]:
        """The trials of an adaptive study in order: number, settings, runs, values, value, problem; empty for others.

        `value` is the mean of `values`, one for each seed, or None where the trial failed.
        """
        return list(self._tried.get("trials", []))

    @property
    def importance(self) -> dict[str, float]:
        """Share of the variation of the trials' values that each field explains; empty until the study has ended."""
        return dict(self._tried.get("importance", {}))

    def run(self, name: str) -> Run:
        """Return a run of the study, opened; its name is in the column `run` of the rows."""
        return open_run(self.path / "runs" / name)

    def import_modules(self) -> None:
        """Import the user modules that the study's scenario names, which runs their code: only for those you trust."""
        for module in self.about.get("scenario", {}).get("modules") or ():
            load_module(str(module))

    def measured(
        self, name: str, measures: Sequence[str], *, notify: Callable[[str], None] = ignore
    ) -> dict[str, Measure]:
        """Return measures of one run by column, as `hubbub.analysis.run_measures.measured` keeps and returns them."""
        from hubbub.analysis.run_measures import measured

        key = (name, ",".join(measures))
        if key not in self._measured:
            self._measured[key] = measured(self.run(name), measures, notify=notify)
        return self._measured[key]

    def is_made(self, row: dict[str, Any]) -> bool:
        """Whether a run has recorded values that count: it has begun, and has not failed."""
        return row["status"] != "failed" and (self.path / "runs" / row["run"] / RUN_FILE).exists()

    def table(
        self,
        metrics: Sequence[str] | None = None,
        measures: Sequence[str] | None = None,
        *,
        notify: Callable[[str], None] = ignore,
    ) -> pa.Table:
        """Return one row per run: run, the fields that vary, seed, status, step, seconds, metrics, measures, problem.

        Parameters
        ----------
        metrics
            Names of metrics, of which the last value of each run is taken; all that any run recorded when not given. A
            metric of single agents, copies or networks is their mean. Null for runs that failed or have not begun.
        measures
            Names of measures of a run (`hubbub.measure`); those that the study chooses when not given. Each is computed
            once for each run and kept, see `hubbub.analysis.run_measures.measured`.
        notify
            Called with one line for each measure that failed (its value is NaN), and where nothing can be kept.

        Raises
        ------
        ConfigurationError
            No such metric was recorded, or there is no such measure; the message names the nearest one.
        """
        import pyarrow as pa

        from hubbub.analysis.run_measures.catalogue import check_names
        from hubbub.analysis.studies.last_values import last_values

        chosen = check_names(self.measures if measures is None else measures)
        values = [last_values(self.run(row["run"])) if self.is_made(row) else {} for row in self.rows]
        recorded = list(dict.fromkeys([*self.headline, *(name for one in values for name in one)]))
        wanted = recorded if metrics is None else list(dict.fromkeys(metrics))
        if unknown := [name for name in wanted if name not in recorded]:
            expected = f"names of recorded metrics ({', '.join(recorded) or 'none was recorded'})"
            raise ConfigurationError(complaint("metrics", expected=expected, got=unknown[0], valid=recorded))
        found = [
            self.measured(row["run"], chosen, notify=notify) if chosen and self.is_made(row) else {}
            for row in self.rows
        ]
        measure_columns = list(dict.fromkeys(column for one in found for column in one))
        columns: dict[str, Any] = {"run": [row["run"] for row in self.rows]}
        columns |= {name: [row[name] for row in self.rows] for name in (*self.varying, *FIRST[1:])}
        for name in wanted:
            taken = name in columns or name == LAST or name in measure_columns
            columns[f"metric:{name}" if taken else name] = pa.array([one.get(name) for one in values], pa.float64())
        for name in measure_columns:
            numbers = [one[name].value if name in one else None for one in found]
            columns[f"measure:{name}" if name in columns else name] = pa.array(numbers, pa.float64())
        return pa.table({**columns, LAST: [row[LAST] for row in self.rows]})

    def frame(
        self,
        metrics: Sequence[str] | None = None,
        measures: Sequence[str] | None = None,
        *,
        notify: Callable[[str], None] = ignore,
    ) -> pd.DataFrame:
        """Return `table` as a pandas DataFrame, one row per run.

        >>> study = hubbub.open_study("studies/karate")
        >>> study.frame(measures=["similarity", "dialects"]).groupby("agent.hidden")["similarity"].mean()
        """
        frame: pd.DataFrame = self.table(metrics, measures, notify=notify).to_pandas()
        return frame


def open_study(path: str | Path) -> StudyResult:
    """Return the study in the folder `path`, as its table was last written.

    Raises
    ------
    StoreError
        There is no study, or its table cannot be read.
    """
    folder = Path(path)
    if not is_study(folder):
        raise StoreError(f"{folder}: expected the folder of a study, which has a file {STUDY_FILE}; there is none")
    required = {"run": "string", "status": "string", "problem": "string"}
    rows = read_table(folder, "study.parquet", required).to_pylist()
    return StudyResult(folder, rows, {row["run"]: row["problem"] for row in rows if row["status"] == "failed"})


def is_study(path: Path | str) -> bool:
    """Whether a path is the folder of a study."""
    return (Path(path) / STUDY_FILE).is_file()
