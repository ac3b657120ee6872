"""Adaptive studies: the sampler's trials are the same after a stop, and however the runs are made."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import jsonschema
import optuna
import pytest

from hubbub.analysis.run_measures import measure
from hubbub.scenarios.studies import StudyResult, open_study, read_study, sweep, sweeping
from hubbub.scenarios.studies.making import RunJob, RunOutcome, make
from hubbub.scenarios.studies.run_maker import RunsStopped
from hubbub.scenarios.studies.schema import schema
from hubbub.scenarios.systems import system
from hubbub.simulator.errors import ConfigurationError, StoreError

HILL = '''
from typing import Annotated, ClassVar, Literal
from pydantic import Field
import torch
import hubbub
from hubbub.scenarios.scenario import Scenario
from hubbub.simulator.configuration import Section
from hubbub.simulator.engine import Observation, State
from hubbub.simulator.errors import RunError


class Place(Section):
    steps: int = 1
    x: Annotated[float, Field(ge=0)] = 0.0
    n: int = 0
    side: Literal["left", "right"] = "left"


class HillScenario(Scenario):
    length_field: ClassVar[str] = "place.steps"
    system: Literal["hill"] = "hill"
    place: Place = Place()


class Hill:
    """Higher near x = 0.3 and n = 5, on the right side; x above 0.9 fails."""

    stride, now = 1, 0

    def __init__(self, scenario):
        self.place, self.seed = scenario.place, scenario.seed

    @property
    def work(self):
        return "steps", self.now

    def step(self, n):
        if self.place.x > 0.9:
            raise RunError("fell off")
        self.now += n
        return {}

    def observe(self, *, closely):
        p = self.place
        height = -((p.x - 0.3) ** 2) - (p.n - 5) ** 2 / 50 + (p.side == "right") + self.seed / 100
        return Observation(self.now, [{"name": "height", "value": height if p.n else float("nan")}])

    def state(self):
        return State({"x": torch.tensor([self.now])}, {"step": self.now})

    def load(self, state):
        self.now = int(state.values["step"])


@hubbub.system("hill")
class HillKind:
    headline: ClassVar[tuple[str, ...]] = ("height",)

    def model(self):
        return HillScenario

    def assemble(self, scenario, topology, team):
        return Hill(scenario)

    def describe(self, built):
        return {}

    def measure(self, built):
        return lambda observation: []


@hubbub.measure("double_height")
def double_height(run):
    return 2 * run.metric("height")[1][-1]
'''
VARY = {
    "place.x": {"low": 0.0, "high": 1.0},
    "place.n": {"low": 0, "high": 9},
    "place.side": ["left", "right"],
    "seed": [0, 1],
}
ASK = {"optuna.maximize": "height", "optuna.trials": 12}


class Here:
    """Makes runs in this process, as many as it is told to; then it is interrupted."""

    capacity = 1

    def __init__(self, most: float) -> None:
        self.most = most
        self.made: list[str] = []

    def submit(self, bundle: Sequence[RunJob]) -> Future[list[RunOutcome]]:
        if len(self.made) >= self.most:
            raise KeyboardInterrupt
        self.made += [job.path.name for job in bundle]
        future: Future[list[RunOutcome]] = Future()
        future.set_result(make(bundle))
        return future

    def stop(self) -> None:
        pass

    interrupt = close = stop


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    assert "population" in system and "similarity" in measure
    monkeypatch.setattr(system, "_entries", dict(system._entries))
    monkeypatch.setattr(measure, "_entries", dict(measure._entries))
    (tmp_path / "hill.py").write_text(HILL)
    yield {"name": "hill", "system": "hill", "modules": [str(tmp_path / "hill.py")]}
    sys.modules.pop("hubbub_user_hill", None)


@pytest.fixture
def search(scenario: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes an adaptive study in this process."""
    (tmp_path / "hill.yaml").write_text(json.dumps(scenario))

    def made(out: str, *, most: float = float("inf"), executor: Here | None = None, **changes: Any) -> StudyResult:
        here = executor or Here(most)
        monkeypatch.setattr(sweeping, "_executor", lambda *_: lambda: here)
        changes = {**VARY, **ASK, **{name.replace("__", "."): value for name, value in changes.items()}}
        return sweep(tmp_path / "hill.yaml", changes, mode="optuna", out=tmp_path / out, allow_modules=True)

    return made


def height(settings: dict[str, Any]) -> float:
    x, n, side = (settings[f"place.{name}"] for name in ("x", "n", "side"))
    return float("nan") if n == 0 else -((x - 0.3) ** 2) - (n - 5) ** 2 / 50 + (side == "right")


def test_a_study_that_was_stopped_makes_the_trials_of_one_that_was_not(search: Any, tmp_path: Path) -> None:
    whole = search("whole", seed=[0])
    for most in (3, 5, 0):
        with pytest.raises(RunsStopped):
            search("parts", most=most, seed=[0])
    rest = Here(float("inf"))
    parts = search("parts", executor=rest, seed=[0])
    assert parts.trials == whole.trials and len(whole.trials) == 12
    assert parts.importance == whole.importance and set(whole.importance) == {"place.x", "place.n", "place.side"}
    columns = ["run", "place.x", "place.n", "place.side", "seed", "status", "height", "problem"]
    assert [[row[name] for name in columns] for row in parts.rows] == [
        [row[name] for name in columns] for row in whole.rows
    ]
    assert "hill-0000-s0" not in rest.made
    more = search("parts", optuna__trials=13, seed=[0])
    assert more.trials[:12] == whole.trials
    assert [row["run"] for row in open_study(tmp_path / "parts").rows][-1] == "hill-0012-s0"
    with pytest.raises(ConfigurationError, match=r"optuna\.trials: expected at least 13, .* before, got 8"):
        search("parts", optuna__trials=8, seed=[0])
    with pytest.raises(StoreError, match=r"study\.optuna\.sampler: expected \"tpe\" as there, got \"random\""):
        search("parts", optuna__sampler="random", seed=[0])


def test_trials_are_those_that_optuna_asks_for_when_it_is_told_their_values(search: Any) -> None:
    made = search("study", optuna__seed=1)
    direct = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=1, constant_liar=True))
    problems = [trial["problem"] for trial in made.trials if trial["problem"]]
    assert sorted(set(problems)) == ["2 of 2 runs failed: fell off", "height is not a finite number"]
    for number, trial in enumerate(made.trials):
        if number % 4 == 0:
            asked = [direct.ask() for _ in range(4)]
            for one in asked:
                one.suggest_float("place.x", 0.0, 1.0)
                one.suggest_int("place.n", 0, 9)
                one.suggest_categorical("place.side", ['"left"', '"right"'])
        settings = asked[number % 4].params
        settings["place.side"] = settings["place.side"].strip('"')
        assert trial["settings"] == settings
        expected = height(settings) + 0.005
        if settings["place.x"] > 0.9:
            assert trial["problem"] == "2 of 2 runs failed: fell off"
            assert set(trial["runs"]) <= set(made.problems)
        elif settings["place.n"] == 0:
            assert trial["problem"] == "height is not a finite number"
        else:
            assert trial["value"] == pytest.approx(expected)
        if number % 4 == 3:
            for one, told in zip(asked, made.trials[number - 3 : number + 1], strict=True):
                failed = told["value"] is None
                direct.tell(one, told["value"], state=optuna.trial.TrialState.FAIL if failed else None)


def test_a_measure_is_an_objective_and_is_kept_by_the_runs(search: Any) -> None:
    made = search("study", optuna__maximize=None, optuna__minimize="double_height", optuna__trials=2)
    trial = made.trials[0]
    assert trial["value"] == pytest.approx(2 * sum(row["height"] for row in made.rows[:2]) / 2)
    again = search("twice", place__x=[0.3], place__n=[5], optuna__trials=4)
    runs = [trial["runs"] for trial in again.trials]
    assert len(again.rows) == 2 * len({tuple(names) for names in runs}) < 8  # two settings, each made once


def test_an_objective_that_nobody_records_is_refused_and_may_be_corrected(search: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"optuna\.maximize: expected .*got 'heigt'; did you mean 'height'"):
        search("study", optuna__maximize="heigt", seed=[0])
    with pytest.raises(ConfigurationError, match=r"expected one number of the measure dialects \(dialects\.number"):
        search("study", optuna__maximize="dialects.numbr", seed=[0])
    assert len(search("study", optuna__trials=4, seed=[0]).trials) == 4


def test_an_invalid_bound_is_refused_before_anything_is_written(search: Any, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"place\.x: expected greater than or equal to 0, got -1"):
        search("study", place__x={"low": -1.0, "high": 1.0})
    assert not (tmp_path / "study").exists()


def test_another_version_of_the_sampler_is_refused(search: Any, tmp_path: Path) -> None:
    search("study", optuna__trials=4, seed=[0])
    file = tmp_path / "study" / "trials.json"
    content = json.loads(file.read_text())
    content["trials"][1]["settings"]["place.n"] = 99
    file.write_text(json.dumps({**content, "optuna_version": "0.9"}))
    with pytest.raises(ConfigurationError, match=r"optuna: trial 1 was made with .*by Optuna 0\.9; Optuna \d"):
        search("study", optuna__trials=8, seed=[0])


def test_without_optuna_one_line_says_how_to_get_it(search: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'hubbub\[optuna\]'"):
        search("study")


@pytest.mark.parametrize(
    ("words", "mode", "message"),
    [
        (["agent.hidden={low: 4, high: 8}"], "optuna", "optuna: expected what is searched for"),
        (["agent.hidden=4", "optuna.trials=3", "optuna.maximize=a"], "optuna", "vary: expected a field with values"),
        (["agent.hidden=4,8", "optuna.trials=3"], "optuna", "optuna: maximize: expected one of maximize and minimize"),
        (["agent.hidden=4,8", "optuna.trial=3"], "optuna", "optuna.trial: .*did you mean 'trials'"),
        (["agent.hidden=4,8", "optuna.trials=3", "optuna.maximize=a"], "grid", "optuna: expected mode optuna"),
        (["agent.hidden=4,8", "optuna.trials=3,4"], "optuna", r"optuna.trials: expected one value for the study"),
    ],
)
def test_bad_searches_are_refused(words: list[str], mode: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        read_study("karate", words, mode=mode)


def test_measures_of_a_study_are_checked_and_in_the_schema() -> None:
    assert read_study("karate", measures=["similarity", "dialects"]).measures == ("similarity", "dialects")
    with pytest.raises(ConfigurationError, match=r"measures: expected .*got 'similarty'; did you mean 'similarity'"):
        read_study("karate", measures=["similarty"])
    validator = jsonschema.Draft202012Validator(schema())
    file: dict[str, Any] = {"scenario": "karate", "vary": {"agent.hidden": [1, 2]}, "seeds": "0..4"}
    ask = {"mode": "optuna", "optuna": {"maximize": "loss", "trials": 3}}
    for more, is_valid in [
        ({"measures": ["similarity"]}, True),
        ({"measures": ["similarty"]}, False),
        ({"mode": "random", "samples": 3}, True),
        (ask, True),
        ({"mode": "optuna"}, False),
        ({"mode": "optuna", "optuna": {"trials": 3}}, False),
        ({"varry": {}}, False),
    ]:
        assert validator.is_valid({**file, **more}) is is_valid, more
