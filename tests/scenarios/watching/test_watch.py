"""What `hubbub watch` shows, and when it ends."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from hubbub.scenarios.watching.dialect_history import DialectHistory
from hubbub.scenarios.watching.following import watch
from hubbub.scenarios.watching.plots import plot
from hubbub.simulator.store import Lexicon, LexiconSplit, RunWriter, open_run

Begin = Callable[..., RunWriter]


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal on which no line of these tests is broken."""
    monkeypatch.setenv("COLUMNS", "300")


def test_one_picture_of_a_run(tmp_path: Path, begin: Begin, hubbub: Callable) -> None:
    path = begin(tmp_path / "run", agents=6).path
    ended = hubbub("watch", path, "--once")
    assert (ended.code, ended.err) == (0, "")
    for words in (
        "tiny · population · running",
        "step 30 of 100",
        "success over links",
        "2 dialects at step 30 (agents: 3, 3, silhouette 1.00)",
    ):
        assert words in ended.out
    assert "⠤" in ended.out  # a curve of Braille dots


def test_groups_of_agents_are_called_dialects_only_where_a_report_would(
    tmp_path: Path, begin: Begin, hubbub: Callable
) -> None:
    early = begin(tmp_path / "early", steps=0, agents=6).path
    out = hubbub("watch", early, "--once").out
    assert "At step 0 the agents do not communicate yet, so they have no dialects." in out
    assert "0 dialect" not in out and "1 dialect" not in out
    few = begin(tmp_path / "few", agents=2).path
    assert "At step 30 dialects need at least three agents." in hubbub("watch", few, "--once").out
    writer = begin(tmp_path / "unlike", agents=6)
    messages = np.random.default_rng(0).integers(1, 99, (6, 4, 3))
    split = LexiconSplit(np.arange(4), messages, np.full((6, 4), 3), np.full((6, 6), 0.9))
    writer.append_rows("metrics", 40, [{"name": "success_over_links", "value": 0.9}])
    writer.write_snapshot(Lexicon(40, {"train": split}))
    writer.flush()
    seen = DialectHistory()
    assert seen.why_none(open_run(writer.path)) == "the agents share no words, so they have no dialects"
    assert seen.why_none(open_run(begin(tmp_path / "late", agents=6).path)) == ""


def test_the_metrics_that_are_drawn_can_be_chosen(tmp_path: Path, begin: Begin, hubbub: Callable) -> None:
    writer = begin(tmp_path / "run")
    writer.append_rows("metrics", 40, [{"name": "own_metric", "value": 0.5}])
    writer.flush()
    out = hubbub("watch", writer.path, "--once", "--metric", "own_metric").out
    assert out.count("step)") == 1
    ended = hubbub("watch", writer.path, "--once", "--metric", "own_metrik")
    assert ended.code == 2
    assert (
        "metric: expected one of success_over_links, loss, own_metric, got 'own_metrik'; did you mean 'own_metric'"
        in ended.err
    )


def test_a_run_is_followed_to_its_end(
    tmp_path: Path, begin: Begin, record: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    for is_terminal in (False, True):
        writer, steps = begin(tmp_path / str(is_terminal), of=50), iter([40, 0, 50])

        def sleep(seconds: float, writer: RunWriter = writer, steps: Iterator[int] = steps) -> None:
            step = next(steps, None)
            if step:
                record(writer, step)
            elif step is None:
                writer.set_status("finished", step=50)

        monkeypatch.setattr("hubbub.scenarios.watching.following.time.sleep", sleep)
        console = Console(record=True, width=100, force_terminal=is_terminal, file=StringIO())
        assert watch(writer.path, console=console) == "finished"
        said = console.export_text()
        assert "step 50 of 50" in said
        if not is_terminal:
            lines = [line.split() for line in said.splitlines() if line.startswith("step") and "success" in line]
            assert [line[1] for line in lines] == ["30", "40", "50"]
            assert lines[-1] == ["step", "50", "of", "50", "success", "0.500", "·", "loss", "1.500"]


@pytest.mark.parametrize("state", ["stopped", "failed"])
def test_a_run_that_did_not_finish_gives_another_exit_code(
    tmp_path: Path, begin: Begin, hubbub: Callable, state: str
) -> None:
    begin(tmp_path / "run").set_status(state, step=30, problem="the loss is not finite")
    ended = hubbub("watch", tmp_path / "run")
    assert ended.code == 1
    assert ("warning: run: the loss is not finite" in ended.out.replace(str(tmp_path) + "/", "")) == (state == "failed")
    assert hubbub("watch", tmp_path / "run", "--once").code == 0


def test_a_study_shows_its_runs(tmp_path: Path, begin: Begin, make_study: Callable, hubbub: Callable) -> None:
    path = make_study(tmp_path / "study", {"a": "", "b": "", "c": "its process was killed", "d": ""})
    begin(path / "runs" / "a", steps=40, of=40).set_status("finished", step=40)
    begin(path / "runs" / "b", steps=20, of=40)
    out = hubbub("watch", path, "--once").out
    for words in (
        "study mine · running",
        "2 of 4 runs have ended (1 running, 1 finished, 1 failed, 1 waiting)",
        "success over links, 3 runs",
        "20 of 40",
        "its process was killed",
    ):
        assert words in out


def test_what_is_not_there_and_what_cannot_be_read(tmp_path: Path, hubbub: Callable) -> None:
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "run.json").write_text("{")
    for path, words in (
        (tmp_path / "nothing", "expected a run or the folder of a study, got nothing"),
        (tmp_path, "expected a run or the folder of a study, got a folder"),
        (tmp_path / "half", "cannot read"),
    ):
        ended = hubbub("watch", path, "--once")
        assert ended.code == 2
        assert words in ended.err


def test_words_of_a_run_stay_text(tmp_path: Path, begin: Begin, hubbub: Callable) -> None:
    writer = begin(tmp_path / "[red]run", name="[bold]x\x1b[2J")
    writer.append_rows("metrics", 40, [{"name": "\x1b[31m[/]odd", "value": 1.0}])
    writer.flush()
    out = hubbub("watch", writer.path, "--once", "--metric", "loss").out
    assert "[red]run" in out
    assert "[bold]x [2J" in out
    assert "\x1b" not in out


def test_curves_of_any_values_are_drawn() -> None:
    steps = np.arange(5)
    for values in (
        [0, 0, 0, 0, 0],
        [1e-9, 2e-9, 3e-9, 0, 0],
        [-1e9, 1e9, 0, 5, 7],
        [math.nan, 1, math.inf, 2, math.nan],
    ):
        drawn = plot({"a": (steps, np.array(values, dtype=float))}, width=60, height=12, title="a")
        assert drawn is not None
        assert max(map(len, drawn.plain.splitlines())) <= 60
    assert plot({"a": (steps, np.full(5, math.nan))}, width=60, height=12, title="a") is None
    for at in (0, 4):  # a single point is seen
        alone = plot({"a": (steps[at : at + 1], np.ones(1))}, width=20, height=5, title="a")
        assert alone is not None
        assert set(alone.plain) & set(map(chr, range(0x2801, 0x2900)))  # signs with at least one dot
