"""What Optuna suggests: settings in order, each by the values of those that were told before."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from hubbub.scenarios.studies.study import Study
from hubbub.scenarios.studies.varied import Interval
from hubbub.simulator.errors import ConfigurationError


class Sampling:
    """An Optuna study in memory; what was tried is kept by hubbub."""

    def __init__(self, study: Study) -> None:
        optuna, told = require_optuna(), study.optuna
        assert told is not None
        self.version: str = optuna.__version__
        self.made_with = self.version
        self._study, self._told = study, told
        self._trials: list[Any] = []
        samplers = {
            "tpe": lambda: optuna.samplers.TPESampler(seed=told.seed, constant_liar=True),
            "gp": lambda: optuna.samplers.GPSampler(seed=told.seed),
            "random": lambda: optuna.samplers.RandomSampler(seed=told.seed),
        }
        with _quiet(optuna):
            direction = "maximize" if told.maximize else "minimize"
            self._optuna_study = optuna.create_study(sampler=samplers[told.sampler](), direction=direction)

    def ask(self) -> dict[str, Any]:
        """Return the next setting: dotted path of each field that varies → its value."""
        with _quiet(require_optuna()):
            trial = self._optuna_study.ask()
            self._trials.append(trial)
            return {path: _suggested(trial, path, self._study.vary[path]) for path in self._study.varying}

    def ask_again(self, number: int, settings: Mapping[str, Any]) -> None:
        """Ask for the next setting, which must be the one that was asked for before."""
        asked = self.ask()
        if same_setting(asked) != same_setting(settings):
            raise ConfigurationError(
                f"optuna: trial {number} was made with {json.dumps(dict(settings))} by Optuna {self.made_with}; Optuna "
                f"{self.version} asks for {json.dumps(asked)}; install that version, or choose another folder (--out)"
            )

    def tell(self, number: int, value: float | None) -> None:
        """Tell the sampler the value of a trial; None where it failed."""
        optuna = require_optuna()
        with _quiet(optuna):
            if value is None:
                self._optuna_study.tell(self._trials[number], state=optuna.trial.TrialState.FAIL)
            else:
                self._optuna_study.tell(self._trials[number], value)

    def importance(self) -> dict[str, float]:
        """Return which share of the variation of the values each field explains; empty where they do not vary.

        Functional analysis of variance of a random forest (Hutter, Hoos & Leyton-Brown 2014).
        """
        optuna = require_optuna()
        known = [trial for trial in self._optuna_study.trials if trial.value is not None]
        if len({trial.value for trial in known}) < 2:
            return {}
        evaluator = optuna.importance.FanovaImportanceEvaluator(seed=self._told.seed)
        with _quiet(optuna):
            found = optuna.importance.get_param_importances(self._optuna_study, evaluator=evaluator)
        return {path: float(share) for path, share in found.items()}


def _suggested(trial: Any, path: str, values: Sequence[Any] | Interval) -> Any:
    if not isinstance(values, Interval):  # a choice without order; sections and lists too
        return json.loads(trial.suggest_categorical(path, [json.dumps(value) for value in values]))
    if values.is_whole:
        return trial.suggest_int(path, int(values.low), int(values.high), log=values.log)
    return trial.suggest_float(path, float(values.low), float(values.high), log=values.log)


def same_setting(settings: Mapping[str, Any]) -> str:
    """Return text that is the same for equal settings only."""
    return json.dumps(dict(settings), sort_keys=True)


def require_optuna() -> Any:
    """Return the package Optuna, or raise `ConfigurationError` with the command that installs it."""
    try:
        import optuna
    except ImportError as error:
        raise ConfigurationError("mode: optuna needs one more package: `pip install 'hubbub[optuna]'`") from error
    return optuna


@contextmanager
def _quiet(optuna: Any) -> Iterator[None]:
    """Let Optuna neither log nor warn that a part of it is new."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        yield
