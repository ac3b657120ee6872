"""Adaptive studies: Optuna chooses each setting by the values of those before it.

The sampler is asked and told in a fixed order, batch by batch, whatever the processes do. So the same study and seed
give the same trials with any number of workers, and a stopped study asks for them again and goes on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hubbub.analysis.run_measures import measure, measured
from hubbub.analysis.studies.last_values import last_values
from hubbub.analysis.studies.study import TRIALS_FILE
from hubbub.scenarios.loading import import_modules
from hubbub.scenarios.studies.expanding import Planned, Planner
from hubbub.scenarios.studies.progress import StudyProgress
from hubbub.scenarios.studies.run_maker import RunMaker
from hubbub.scenarios.studies.sampling import Sampling, require_optuna, same_setting
from hubbub.scenarios.studies.study import Study
from hubbub.scenarios.studies.table import StudyTable
from hubbub.scenarios.studies.varied import Interval
from hubbub.simulator.errors import ConfigurationError, StoreError, complaint
from hubbub.simulator.store import open_run
from hubbub.simulator.store.files import Files, encode_json, read_json


@dataclass
class Trial:
    """A setting that was tried, as `trials.json` keeps it.

    Attributes
    ----------
    number, batch
        Its number, and that of the batch in which it was chosen.
    settings
        Dotted path of each field that varies → its value.
    runs, values
        Its runs, one for each seed, and the value of each; those of an earlier trial with the same setting.
    value
        Mean of the values; None where the trial failed.
    problem
        Why it failed.
    """

    number: int
    batch: int
    settings: dict[str, Any]
    runs: list[str] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    value: float | None = None
    problem: str = ""


def objective_measure(study: Study) -> str | None:
    """Return the name of the measure that an adaptive study has as its objective; None for a metric."""
    assert study.optuna is not None
    import_modules(study.scenario)
    name = study.optuna.objective.partition(".")[0]
    return name if name in measure else None


def check_adaptive(study: Study) -> None:
    """Raise `ConfigurationError` where Optuna is missing, or a bound or a value of a field gives no valid scenario."""
    require_optuna()
    objective_measure(study)
    ends = {path: _ends(values) for path, values in study.vary.items()}
    first = {path: values[0] for path, values in ends.items()}
    planner = Planner(study)
    for path, values in ends.items():
        for value in values:
            planner.runs("0", {**first, path: value})


class AdaptiveStudy:
    """Asks a sampler for settings, makes their runs, and tells it their values, until all trials are made."""

    def __init__(self, study: Study, folder: Path, table: StudyTable, maker: RunMaker, progress: StudyProgress) -> None:
        assert study.optuna is not None
        self.study, self.told, self.folder = study, study.optuna, folder
        self.table, self.maker, self.progress = table, maker, progress
        self.planner, self.measure = Planner(study), objective_measure(study)
        self.sampling = Sampling(study)
        self.trials: list[Trial] = []
        self.problems: dict[str, str] = {}

    def make(self) -> dict[str, str]:
        """Make all trials, those first that were made before; return the error messages of runs that failed.

        Raises
        ------
        ConfigurationError
            The objective is no metric that was recorded, or the sampler asks for other settings than before.
        RunsStopped
            A stop was requested.
        """
        for batch in self._before():
            self._repeat(batch)
        with self.maker.staying():
            while len(self.trials) < self.told.trials:
                self._next_batch()
        self._write(self.sampling.importance())
        return self.problems

    def _next_batch(self) -> None:
        n, number = len(self.trials), self.trials[-1].batch + 1 if self.trials else 0
        asked = [self.sampling.ask() for _ in range(min(self.told.batch, self.told.trials - n))]
        batch = [Trial(n + place, number, settings) for place, settings in enumerate(asked)]
        self._try(batch)
        for trial in batch:
            self.sampling.tell(trial.number, trial.value)
        self.trials += batch
        self._write({})
        self.progress.said(self._said(batch))

    def _before(self) -> list[list[Trial]]:
        """Return the trials that were made before, by batch."""
        if not (self.folder / TRIALS_FILE).exists():
            return []
        content = read_json(self.folder, TRIALS_FILE)
        try:
            trials = [Trial(**trial) for trial in content["trials"]]
        except (TypeError, KeyError) as error:
            raise StoreError(f"{self.folder / TRIALS_FILE}: is not as it was written: {error}") from None
        if len(trials) > self.told.trials:
            expected = f"at least {len(trials)}, which were made before"
            raise ConfigurationError(complaint("optuna.trials", expected=expected, got=self.told.trials))
        self.sampling.made_with = str(content.get("optuna_version", ""))
        return [[trial for trial in trials if trial.batch == n] for n in dict.fromkeys(one.batch for one in trials)]

    def _repeat(self, batch: Sequence[Trial]) -> None:
        """Ask the sampler for trials that were made before, and tell it what came out."""
        for trial in batch:
            self.sampling.ask_again(trial.number, trial.settings)
        for trial in batch:
            self.sampling.tell(trial.number, trial.value)
            if trial.runs and trial.runs[0] not in self.table.rows:
                self.table.extend(self._planned(trial))
        self.trials += batch

    def _try(self, batch: Sequence[Trial]) -> None:
        """Make the runs of new trials, and find their values."""
        earlier = {same_setting(trial.settings): trial for trial in [*reversed(batch), *reversed(self.trials)]}
        planned: dict[int, list[Planned]] = {}
        for trial in batch:
            if earlier[same_setting(trial.settings)] is trial:
                try:
                    planned[trial.number] = self._planned(trial)
                except ConfigurationError as error:
                    trial.problem = str(error)
        wanted = [run for runs in planned.values() for run in runs]
        self.table.extend(wanted)
        failed = self.maker.make({run.name: run.scenario for run in wanted})
        self.table.write()
        self.problems |= failed
        for trial in batch:
            if trial.number in planned:
                trial.runs = [run.name for run in planned[trial.number]]
                self._value(trial, failed)
        for trial in batch:
            same = earlier[same_setting(trial.settings)]
            if same is not trial:
                trial.runs, trial.values, trial.value, trial.problem = same.runs, same.values, same.value, same.problem

    def _planned(self, trial: Trial) -> list[Planned]:
        varying = self.study.varying
        setting = {
            path: trial.settings[path] if path in varying else values[0] for path, values in self.study.vary.items()
        }
        return self.planner.runs(f"{trial.number:04d}", setting)

    def _value(self, trial: Trial, failed: Mapping[str, str]) -> None:
        """Find the value of a trial from its runs."""
        wrong = [name for name in trial.runs if name in failed]
        if wrong:
            trial.problem = f"{len(wrong)} of {len(trial.runs)} runs failed: {failed[wrong[0]]}"
            return
        trial.values = [self._objective(name) for name in trial.runs]
        mean = math.fsum(trial.values) / len(trial.values)
        if math.isfinite(mean):
            trial.value = mean
        else:
            trial.values, trial.problem = [], f"{self.told.objective} is not a finite number"

    def _objective(self, name: str) -> float:
        run, objective = open_run(self.maker.path(name)), self.told.objective
        if self.measure is None:
            values = last_values(run)
        else:
            found = measured(run, [self.measure], notify=self.progress.said)
            values = {column: one.value for column, one in found.items()}
        if objective not in values:
            field = f"optuna.{'maximize' if self.told.maximize else 'minimize'}"
            expected = f"the name of a metric that is recorded or of a measure ({', '.join([*values, *measure])})"
            if self.measure is not None:
                expected = f"one number of the measure {self.measure} ({', '.join(values)})"
            raise ConfigurationError(complaint(field, expected=expected, got=objective, valid=[*values, *measure]))
        return values[objective]

    def _write(self, importance: Mapping[str, float]) -> None:
        content = {
            "schema_version": 1,
            "optuna_version": self.sampling.version,
            "trials": [asdict(trial) for trial in self.trials],
            "importance": dict(importance),
        }
        Files(self.folder).write(TRIALS_FILE, encode_json(content))

    def _said(self, batch: Sequence[Trial]) -> str:
        known = [trial for trial in self.trials if trial.value is not None]
        done = f"trials {batch[0].number} to {batch[-1].number} of {self.told.trials} ended"
        if not known:
            return f"{done}, none has a value"
        best = (max if self.told.maximize else min)(known, key=lambda trial: trial.value or 0.0)
        return f"{done}; best so far: trial {best.number}, {self.told.objective} {best.value:.4g}"


def _ends(values: Sequence[Any] | Interval) -> Sequence[Any]:
    return (values.low, values.high) if isinstance(values, Interval) else values
