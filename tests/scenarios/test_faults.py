"""Short versions of `benchmarks/chaos.py`: edited runs, failing writes, kills, configurations of strangers."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FILE = Path(__file__).parents[2] / "benchmarks" / "chaos.py"


@pytest.fixture(scope="module")
def chaos() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hubbub_chaos", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look for the module of a class
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def whole(chaos: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = chaos.tiny_run(tmp_path_factory.mktemp("chaos") / "whole")
    return path


@pytest.fixture(scope="module")
def disk(chaos: ModuleType) -> Any:
    return chaos.FaultyDisk()


@pytest.mark.parametrize("as_stranger", [False, True])
def test_edited_and_damaged_runs_end_in_words(
    chaos: ModuleType, whole: Path, tmp_path: Path, as_stranger: bool
) -> None:
    tally = chaos.mutations(whole, tmp_path, 29, seed=3, as_stranger=as_stranger, only=("verify",))
    assert tally.failures == []
    tally = chaos.mutations(whole, tmp_path, 1, seed=4, as_stranger=as_stranger, only=("export", "load_system"))
    assert tally.failures == []


@pytest.mark.parametrize(("verb", "every"), [("run", 210), ("resume", 90), ("export", 30)])
def test_a_write_that_fails_leaves_a_whole_run(
    chaos: ModuleType, disk: Any, whole: Path, tmp_path: Path, verb: str, every: int
) -> None:
    tally = chaos.write_failures(disk, whole, tmp_path, verb=verb, at=range(every // 2, 240, every))
    assert tally.tried > 0
    assert tally.failures == []


def test_killed_runs_end_with_the_same_bits(chaos: ModuleType, whole: Path, tmp_path: Path) -> None:
    assert chaos.kills(whole, tmp_path, 1, seed=0).failures == []


def test_configurations_of_strangers_are_refused_in_words(chaos: ModuleType) -> None:
    tally = chaos.configurations(25, seed=5)
    assert tally.failures == []


def test_what_is_not_ours_counts_as_a_failure(chaos: ModuleType) -> None:
    tally = chaos.Tally("tests")
    tally.attempt("a", lambda: 1 / 0)
    tally.attempt("b", lambda: None, must_fail=True)
    assert tally.failures == ["a: ZeroDivisionError: division by zero", "b: not noticed"]
