"""Short versions of `benchmarks/chaos.py`: edited runs, failing writes, full disks, kills, odd configurations."""

from __future__ import annotations

import errno
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def faults() -> Iterator[Any]:
    """The modules of `benchmarks/faults` by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        names = [path.stem for path in (FOLDER / "faults").glob("[a-z]*.py") if path.stem != "worker_deaths"]
        yield SimpleNamespace(**{name: importlib.import_module(f"faults.{name}") for name in names})


@pytest.fixture(scope="module")
def whole(faults: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = faults.tiny_run.tiny_run(tmp_path_factory.mktemp("faults") / "whole")
    return path


@pytest.fixture(scope="module")
def disk(faults: Any) -> Any:
    return faults.faulty_disk.FaultyDisk()


@pytest.mark.parametrize("as_stranger", [False, True])
def test_edited_and_damaged_runs_end_in_words(faults: Any, whole: Path, tmp_path: Path, as_stranger: bool) -> None:
    mutations = faults.edited_runs.mutations
    tally = mutations(whole, tmp_path, 29, seed=3, as_stranger=as_stranger, only=("verify",))
    assert tally.failures == []
    tally = mutations(whole, tmp_path, 1, seed=4, as_stranger=as_stranger, only=("export", "load_system"))
    assert tally.failures == []


@pytest.mark.parametrize(
    ("verb", "points"),
    [
        ("run", [8, 105]),  # 8: before `run.json` is there
        ("resume", [45]),
        ("export csv", [15]),
        ("sweep", [8, 27]),  # 8: the study is begun, and has no table; 27: so is one of its runs
        ("reproduce", [660]),
        ("init", [2]),
    ],
)
def test_a_write_that_fails_leaves_what_is_whole(
    faults: Any, disk: Any, whole: Path, tmp_path: Path, verb: str, points: list[int]
) -> None:
    at = [(point, errno.ENOSPC) for point in points]
    tally = faults.failing_writes.failing_writes(disk, faults.writing_verbs.verb_of(verb), whole, tmp_path, at)
    assert tally.tried == len(points)
    assert tally.failures == []


@pytest.mark.skipif(sys.platform != "linux", reason="a user can mount a disk of his own on Linux only")
@pytest.mark.parametrize(("verb", "share"), [("run", 0.3), ("export csv", 0.1)])
def test_a_full_disk_is_said_and_leaves_what_is_whole(
    faults: Any, disk: Any, whole: Path, tmp_path: Path, verb: str, share: float
) -> None:
    if not faults.full_disk.has_small_disks(tmp_path):
        pytest.skip("this machine does not let a user mount a disk")
    tally = faults.full_disk.full_disks(disk, faults.writing_verbs.verb_of(verb), whole, tmp_path, [share])
    assert (tally.tried, tally.failures) == (1, [])


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_forged_tables_end_in_words(faults: Any, whole: Path, tmp_path: Path) -> None:
    file = next(path for path, _ in faults.forged_runs.all_forgeries(whole) if path.startswith("metrics"))
    ways = ("a page of 2 GiB", "every column twice", "time in column 0", "map in column 1", "deep lists in column 2")
    chosen = [(file, way) for way in ways]
    tally = faults.forged_runs.forged_runs(whole, tmp_path, chosen, only=("resume",))
    assert (tally.tried, tally.failures) == (len(ways), [])


def test_an_odd_configuration_that_is_run_ends_or_is_refused_in_words(faults: Any, tmp_path: Path) -> None:
    data = faults.odd_runs.small("karate")
    data["agent"]["hidden"], data["training"]["learning_rate"] = 1, 30.0
    assert faults.odd_runs.ran(data, tmp_path / "run") == []


def test_killed_runs_end_with_the_same_bits(faults: Any, whole: Path, tmp_path: Path) -> None:
    assert faults.kills.kills(whole, tmp_path, 1, seed=0).failures == []


def test_configurations_of_strangers_are_refused_in_words(faults: Any) -> None:
    assert faults.configurations.configurations(25, seed=5).failures == []


def test_what_is_not_ours_counts_as_a_failure(faults: Any) -> None:
    tally = faults.tally.Tally("tests")
    tally.attempt("a", lambda: 1 / 0)
    tally.attempt("b", lambda: None, must_fail=True)
    assert tally.failures == ["a: ZeroDivisionError: division by zero", "b: not noticed"]
