"""From a study to its runs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, product
from typing import Any

from hubbub.scenarios.loading import parse, with_lists, with_overrides
from hubbub.scenarios.metrics.recording import check_metrics
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.studies.study import Study
from hubbub.scenarios.studies.varied import MOST_VALUES, RUN_BYTES, Interval
from hubbub.scenarios.tracking.feeding import check_tracking
from hubbub.simulator.configuration import validate
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory_limit import size
from hubbub.simulator.randomness import RandomStreams


@dataclass(frozen=True)
class Planned:
    """One run of a study: its name, the values of the fields that vary, its seed, and all of that as a scenario."""

    name: str
    settings: dict[str, Any]
    seed: int
    scenario: Scenario


def expand(study: Study) -> list[Planned]:
    """Return the runs of a study, setting by setting and in each seed by seed.

    Raises
    ------
    ConfigurationError
        A setting is no valid scenario, or two runs would be the same.
    """
    n_settings = study.samples or math.prod(len(study.vary[path]) for path in study.varying if study.mode == "grid")
    if (n := n_settings * len(study.seeds)) > MOST_VALUES:
        needed = size(float(n) * RUN_BYTES)
        raise ConfigurationError(f"study: expected at most {MOST_VALUES:,} runs, got {n:,}; they need about {needed}")
    chosen = list(_settings(study))
    digits = len(str(len(chosen) - 1))
    planner = Planner(study)
    planned = [run for number, setting in enumerate(chosen) for run in planner.runs(f"{number:0{digits}d}", setting)]
    _refuse_duplicates(planned)
    return planned


class Planner:
    """Makes the runs of a setting; the model of scenarios is kept, since building it takes a hundred times as long."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._models: dict[str, type[Scenario]] = {}

    def runs(self, number: str, setting: Mapping[str, Any]) -> list[Planned]:
        """Return the runs of a setting (path → value of every field of the study), one for each seed.

        Raises
        ------
        ConfigurationError
            The setting is no valid scenario.
        """
        study = self.study
        varying = {path: setting[path] for path in study.varying}
        return [
            Planned(
                f"{study.name}-{number}-s{seed}",
                varying,
                seed,
                self._validated(with_overrides(study.scenario, {**setting, "seed": seed}), given=setting),
            )
            for seed in study.seeds
        ]

    def _validated(self, data: dict[str, Any], *, given: Iterable[str]) -> Scenario:
        key = repr((data.get("system"), data.get("modules")))
        if key in self._models:
            scenario: Scenario = validate(self._models[key], with_lists(self._models[key], data, given))
        else:
            scenario = parse(data, given=given)
            self._models[key] = type(scenario)
        check_metrics(scenario, is_divided=False)
        check_tracking(scenario)
        return scenario


def _settings(study: Study) -> Iterator[dict[str, Any]]:
    """Yield path → value for every setting, in the order in which the fields were given."""
    if study.mode == "random":
        yield from _drawn(study)
        return
    fixed = {path: values[0] for path, values in study.vary.items() if path not in study.varying}
    lists = [study.vary[path] for path in study.varying]
    for values in zip(*lists, strict=True) if study.mode == "list" and lists else product(*lists):
        varying = dict(zip(study.varying, values, strict=True))
        yield {path: (fixed | varying)[path] for path in study.vary}


def _drawn(study: Study) -> Iterator[dict[str, Any]]:
    """Yield different random settings; the first ones do not depend on the number of samples."""
    assert study.samples is not None
    possible = math.prod(_n_values(values) for values in study.vary.values())
    if study.samples > possible:
        raise ConfigurationError(
            f"samples: expected at most {possible}, the number of different settings, got {study.samples}"
        )
    rng, seen = RandomStreams(study.seeds[0]), set()
    for number in count():
        setting = {path: _draw(values, rng, path, number) for path, values in study.vary.items()}
        key = json.dumps(setting, default=str)
        if key not in seen:
            seen.add(key)
            yield setting
        if len(seen) == study.samples:
            return


def _draw(values: tuple[Any, ...] | Interval, rng: RandomStreams, path: str, number: int) -> Any:
    generator = rng.at(f"study/{path}", number)
    return values.draw(generator) if isinstance(values, Interval) else values[generator.integers(len(values))]


def _n_values(values: tuple[Any, ...] | Interval) -> float:
    if isinstance(values, Interval):
        return values.high - values.low + 1 if values.is_whole else math.inf
    return len({json.dumps(value, default=str) for value in values})


def _refuse_duplicates(planned: list[Planned]) -> None:
    first: dict[str, Planned] = {}
    for run in planned:
        other = first.setdefault(run.scenario.model_dump_json(), run)
        if other is not run:
            raise ConfigurationError(
                f"{other.name} and {run.name} are the same run: {json.dumps(other.settings, default=str)} and "
                f"{json.dumps(run.settings, default=str)} with seed {run.seed} resolve to one configuration"
            )
