"""Metrics that a configuration names: the rows they add, what they may ask for, and what they never change."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hubbub
from hubbub.checks.metric import MEMORY, TALK, TRAINING
from hubbub.scenarios import resume, run
from hubbub.scenarios.loading import load
from hubbub.scenarios.metrics import metric
from hubbub.simulator.errors import ConfigurationError, ContractError
from hubbub.simulator.store import Lexicon, Run

TINY = {"engine.record_every": 2, "engine.checkpoint_every": 4, "training.steps": 6}
OURS = [name for name in metric if metric[name].__module__.startswith("hubbub.")]


@pytest.fixture
def registered() -> Iterator[Callable[..., str]]:
    """Register a function as a metric until the test ends."""
    before = dict(metric._entries)

    def call(function: Callable[..., Any], *, per: str | None = None) -> str:
        metric("mine", per=per)(function)
        return "mine"

    yield call
    metric._entries.clear()
    metric._entries.update(before)


def rows(made: Run, name: str) -> list[float]:
    return [row["value"] for row in made.metric_rows().to_pylist() if row["name"] == name]


@pytest.mark.parametrize("name", OURS)
def test_ours_meet_all_demands(name: str) -> None:
    assert "it changes nothing of the system" in hubbub.check_metric(name)


def test_a_metric_adds_rows_and_changes_no_other(tmp_path: Path, registered: Callable[..., str]) -> None:
    def lengths(lexicon: Lexicon, *, split: str = "train") -> np.ndarray:
        return lexicon.splits[split].lengths.mean(axis=1)

    plain = run(TALK, TINY, out=tmp_path / "plain")
    several = ["mean_length", "language_change", "weight_norm", {"kind": registered(lengths, per="agent")}]
    made = run(TALK, {**TINY, "metrics": several}, out=tmp_path / "made")
    names = {"mean_length", "language_change", "weight_norm", "mine"}
    kept = [row for row in made.metric_rows().to_pylist() if row["name"] not in names]
    assert str(kept) == str(plain.metric_rows().to_pylist())
    lexicons = [made.lexicon(step).splits["train"] for step in (0, 2, 4, 6)]
    assert rows(made, "mean_length") == pytest.approx([one.lengths.mean() for one in lexicons])
    assert rows(made, "mine") == pytest.approx([mean for one in lexicons for mean in one.lengths.mean(axis=1)])
    changed = [(a.messages != b.messages).any(-1).mean() for a, b in pairwise(lexicons)]
    assert math.isnan(rows(made, "language_change")[0])
    assert rows(made, "language_change")[1:] == pytest.approx(changed)
    assert made.configuration["metrics"][3] == {"kind": "mine", "split": "train"}


def test_two_parts_are_one_whole(tmp_path: Path, registered: Callable[..., str]) -> None:
    """Also the random numbers of a metric, and what it compares with the lexicon before."""

    def mine(generator: np.random.Generator, before: Lexicon | None) -> dict[str, float]:
        return {"drawn": generator.random(), "before": 0 if before is None else before.splits["train"].success.sum()}

    settings = {**TINY, "metrics": [registered(mine), "language_change"]}
    whole = run(TALK, settings, out=tmp_path / "whole")
    run(TALK, {**settings, "training.steps": 3}, out=tmp_path / "parts")
    parts = resume(tmp_path / "parts", {"training.steps": 6})
    assert str(whole.metric_rows().to_pylist()) == str(parts.metric_rows().to_pylist())
    assert len(set(rows(whole, "mine_drawn"))) == 4


def test_other_systems(tmp_path: Path, registered: Callable[..., str]) -> None:
    def mine(system: Any, networks: tuple[Any, ...], recorded: dict[str, Any]) -> list[float]:
        assert recorded["loss"].shape == (len(networks),) and isinstance(recorded["loss_mean"], float)
        return [float(sum(values[n].sum() for values in system.parameters.values())) for n in range(len(networks))]

    memory = run({**MEMORY, "metrics": ["retrieved"]}, {"dynamics.steps": 2}, out=tmp_path / "memory")
    assert rows(memory, "retrieved")[-1] == np.mean(np.array(rows(memory, "overlap")[-4:]) > 0.9)
    trained = run(TRAINING, {"training.steps": 1, "metrics": [registered(mine, per="network")]}, out=tmp_path / "nets")
    parameters = hubbub.load_system(trained.path).parameters
    sums = [sum(float(values[network].sum()) for values in parameters.values()) for network in (0, 1)]
    assert rows(trained, "mine")[-2:] == pytest.approx(sums)


@pytest.mark.parametrize(
    ("returned", "per", "message"),
    [
        ("much", None, "metric 'mine': expected a number, got 'much'"),
        (None, None, "metric 'mine': expected a number, got None"),
        ("3", None, "metric 'mine': expected a finite number, or NaN where it is undefined, got '3'"),
        (math.inf, None, "metric 'mine': expected a finite number"),
        ({"a": 1, "b": [1]}, None, r"metric 'mine', b: expected a number, got \[1\]"),
        ([1.0, 2.0], "agent", r"metric 'mine': expected 4 numbers, one for each agent, got shape \(2,\)"),
        (3.0, "agent", r"metric 'mine': expected 4 numbers, one for each agent, got shape \(\)"),
        (["a"] * 4, "agent", "metric 'mine': expected an array of numbers, one for each agent, got"),
    ],
)
def test_wrong_values_are_refused_by_name(
    returned: Any, per: str | None, message: str, registered: Callable[..., str]
) -> None:
    name = registered(lambda lexicon: returned, per=per)
    with pytest.raises(ContractError, match=message):
        hubbub.check_metric(name)


def test_what_fails_or_cheats_is_named(registered: Callable[..., str], tmp_path: Path) -> None:
    def fails(lexicon: Lexicon) -> float:
        return 1 / 0

    def changes(lexicon: Lexicon) -> float:
        lexicon.splits["train"].messages[:] = 0
        return 1.0

    def remembers(step: int, *, calls: Any = []) -> float:  # noqa: B006
        calls.append(step)
        return len(calls)

    def draws(step: int) -> float:
        return float(np.random.random())  # noqa: NPY002

    for function, message in (
        (fails, r"metric 'mine': .*fails failed at .*test_metrics\.py:\d+ with ZeroDivisionError"),
        (changes, "assignment destination is read-only"),
        (remembers, "it remembers nothing"),
        (draws, "got a global one"),
    ):
        with pytest.raises(ContractError, match=message):
            hubbub.check_metric(registered(function))
        metric._entries.pop("mine")
    name = registered(fails)
    with pytest.raises(ContractError, match="fails failed at"):
        run(TALK, {**TINY, "metrics": [name]}, out=tmp_path / "run")
    assert hubbub.open_run(tmp_path / "run").status == "failed"


def test_what_cannot_be_is_refused_before_a_run(registered: Callable[..., str], tmp_path: Path) -> None:
    def divided(system: Any) -> float:
        return 1.0

    for given, message in (
        (["mean_lenght"], r"metrics\.0\.kind: expected one of .*got 'mean_lenght'; did you mean 'mean_length'\?"),
        ([{"kind": "topographic_similarity", "splt": "train"}], r"metrics\.0\.splt: .*did you mean 'split'\?"),
        (["mean_length", "mean_length"], r"metrics\.1: expected each metric once, got 'mean_length' again"),
        (
            ["retrieved"],
            r"metric 'retrieved' asks for copies \(.*\), which system=population does not have",
        ),
    ):
        with pytest.raises(ConfigurationError, match=message):
            run(TALK, {**TINY, "metrics": given}, out=tmp_path / "run")
    with pytest.raises(ConfigurationError, match=r"asks for the system, which workers divide .* without workers"):
        run(TALK, {**TINY, "metrics": [registered(divided)]}, out=tmp_path / "run", workers=2)
    with pytest.raises(ConfigurationError, match=r"parameter: expected .*, got 'lexcon'; did you mean 'lexicon'\?"):
        metric("other")(lambda lexcon: 1.0)
    with pytest.raises(ConfigurationError, match=r"per: expected one of agent, copy, network, got 'agnt'"):
        metric("other", per="agnt")
    assert not (tmp_path / "run").exists()
    assert [one.kind for one in load(TALK, {"metrics": "mean_length,symbol_entropy"}).metrics] == [
        "mean_length",
        "symbol_entropy",
    ]


def test_a_name_that_the_run_has_is_refused(registered: Callable[..., str], tmp_path: Path) -> None:
    metric("loss")(lambda step: 1.0)
    with pytest.raises(ContractError, match="metric 'loss': expected a name that the run does not have, got 'loss'"):
        run(TALK, {**TINY, "metrics": ["loss"]}, out=tmp_path / "run")
    metric._entries.pop("loss")


def test_a_record_without_a_lexicon_has_only_what_needs_none(tmp_path: Path) -> None:
    made = run(TALK, {**TINY, "metrics": ["mean_length"], "recording.lexicon_every": 4}, out=tmp_path / "run")
    assert made.metric("mean_length")[0].tolist() == [0, 4, 6]
