"""The table of a study: one row per run, every metric, every measure that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hubbub
from hubbub.analysis.run_measures import measure
from hubbub.analysis.studies import StudyResult, open_study
from hubbub.simulator.errors import ConfigurationError, StoreError

SETTINGS = [{"dynamics.noise": 0.0}, {"dynamics.noise": 0.5}]


def values(setting: dict[str, Any], seed: int) -> dict[str, float]:
    return {"share": setting["dynamics.noise"] + seed, "step": 7.0, "other": 1.0 * seed}


@pytest.fixture
def study(make_study: Callable[..., StudyResult]) -> StudyResult:
    return make_study(SETTINGS, [0, 1, 2], values, headline=("share",), failed=("small-1-s1",))


@pytest.fixture
def own_measure(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    assert "similarity" in measure  # ours are found before one is added
    monkeypatch.setattr(measure, "_entries", dict(measure._entries))
    return lambda name, function: measure(name)(function)


def test_a_row_has_settings_seed_status_metrics_and_measures(study: StudyResult, own_measure: Any) -> None:
    own_measure("twice", lambda run: 2 * run.metric("share")[1][-1])
    own_measure("parts", lambda run: {"first": 1, "nothing": np.nan})
    frame = study.frame(measures=["twice", "parts"])
    assert list(frame) == [
        "run", "dynamics.noise", "seed", "status", "step", "seconds",
        "share", "metric:step", "other", "twice", "parts.first", "parts.nothing", "problem",
    ]  # fmt: skip
    assert frame["dynamics.noise"].tolist() == [0.0] * 3 + [0.5] * 3
    assert frame["seed"].tolist() == [0, 1, 2] * 2
    kept = frame[frame["status"] == "finished"]
    assert kept["share"].tolist() == [0, 1, 2, 0.5, 2.5]
    assert (kept["twice"] == 2 * kept["share"]).all() and kept["parts.nothing"].isna().all()
    failed = frame[frame["status"] == "failed"].iloc[0]
    assert np.isnan([failed["share"], failed["twice"], failed["metric:step"]]).all()
    assert failed["problem"] == "training <diverged>"
    assert list(study.frame(metrics=["other"]))[6:-1] == ["other"]


def test_names_are_checked(study: StudyResult) -> None:
    with pytest.raises(ConfigurationError, match=r"metrics: expected names of .*got 'shar'; did you mean 'share'"):
        study.frame(metrics=["shar"])
    with pytest.raises(ConfigurationError, match=r"measures: expected .*got 'dialect'; did you mean 'dialects'"):
        study.frame(measures=["dialect"])


def test_a_measure_that_fails_is_nan_with_a_note(study: StudyResult, own_measure: Any) -> None:
    own_measure("broken", lambda run: 1 / 0)
    own_measure("text", lambda run: "high")
    notes: list[str] = []
    frame = study.frame(measures=["broken", "text"], notify=notes.append)
    assert frame[["broken", "text"]].isna().all(axis=None)
    assert sum("measure 'broken': " in note and "ZeroDivisionError" in note for note in notes) == 5
    assert sum("expected a number, a Measure, or several of these by name, got 'high'" in note for note in notes) == 5


def test_the_study_chooses_measures(make_study: Callable[..., StudyResult], own_measure: Any) -> None:
    own_measure("one", lambda run: 1.0)
    study = make_study(SETTINGS, [0], values, measures=["one"])
    assert study.frame()["one"].tolist() == [1.0, 1.0]
    assert "one" not in study.frame(measures=[])


def test_the_table_is_exported(study: StudyResult, tmp_path: Path) -> None:
    [file] = hubbub.export(study, "csv")
    assert file == study.path / "exports" / "csv" / "runs.csv"
    assert file.read_text(encoding="utf-8-sig").splitlines()[1] == '"small-0-s0",0,0,"finished",10,1,0,7,0,""'
    [book] = hubbub.export(study.path, "xlsx", out=tmp_path / "runs.xlsx")
    assert book == tmp_path / "runs.xlsx"
    with pytest.raises(ConfigurationError, match="format: expected one of csv, parquet for a study, got 'gexf'"):
        hubbub.export(study, "gexf")
    with pytest.raises(ConfigurationError, match="measures: expected none for a run"):
        hubbub.export(study.run("small-0-s0"), "csv", measures=["similarity"])


def test_a_folder_without_a_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"expected the folder of a study, which has a file study\.json"):
        open_study(tmp_path)
