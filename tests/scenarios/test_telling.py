"""Who is told how a run goes: callbacks with some of the four methods, a display where somebody sees it, the log."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from hubbub.checks.metric import MEMORY, TALK
from hubbub.scenarios import resume, run
from hubbub.scenarios.telling import told
from hubbub.simulator.engine import System
from hubbub.simulator.errors import ConfigurationError

TINY = {"dynamics.steps": 4, "engine.record_every": 2}


class Steps:
    """Has one of the four methods."""

    def __init__(self) -> None:
        self.steps: list[int] = []

    def recorded(self, step: int, metrics: dict[str, float]) -> None:
        self.steps.append(step)
        assert "overlap_mean" in metrics


class Everything:
    """Has all of them."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def advanced(self, system: System, until: int) -> None:
        self.calls.append((system.now, until))

    def recorded(self, step: int, metrics: dict[str, float]) -> None:
        self.calls.append(step)

    def noticed(self, message: str) -> None:
        self.calls.append(message)

    def waiting(self, message: str) -> None:
        raise AssertionError("nothing takes long here")


def test_callbacks_have_any_of_the_four_methods(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, all_four = Steps(), Everything()
    made = run(MEMORY, TINY, out=tmp_path / "run", progress=one)
    assert one.steps == [0, 2, 4]
    resume(made.path, {"dynamics.steps": 6}, progress=[one, all_four])
    assert one.steps == [0, 2, 4, 4, 6]
    assert [call for call in all_four.calls if isinstance(call, int)] == [4, 6]
    assert [call for call in all_four.calls if isinstance(call, tuple)][-1] == (6, 6)
    assert capsys.readouterr() == ("", "")


def test_what_a_callback_raises_ends_the_run_which_can_be_resumed(tmp_path: Path) -> None:
    class Breaks:
        def recorded(self, step: int, metrics: dict[str, float]) -> None:
            assert step < 4, "enough"

    with pytest.raises(AssertionError, match="enough"):
        run(MEMORY, {**TINY, "engine.checkpoint_every": 2}, out=tmp_path / "run", progress=Breaks())
    assert resume(tmp_path / "run").step == 4


@pytest.mark.parametrize("wrong", [object(), 3, "bar"])
def test_what_has_none_of_the_methods_is_refused(wrong: object, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="progress: expected True, False, or an object with at least one of"):
        run(MEMORY, TINY, out=tmp_path / "run", progress=wrong)
    assert not (tmp_path / "run").exists()


def test_the_nearest_method_is_named() -> None:
    class Misspelled:
        def record(self, step: int, metrics: dict[str, float]) -> None:
            """Is never called."""

    message = r"got 'Misspelled with record'; did you mean 'recorded'\?"
    with pytest.raises(ConfigurationError, match=message), told(Misspelled()):
        pass


def test_progress_is_shown_where_it_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: Any
) -> None:
    """Not here, unless it is asked for; what nobody is shown is in the log."""
    small = {"training.steps": 1, "engine.kernel": "autograd"}
    with caplog.at_level(logging.INFO, logger="hubbub"):
        run(TALK, small, out=tmp_path / "silent")
        assert capsys.readouterr() == ("", "")
        assert [record.message for record in caplog.records] == ["steps are computed by the autograd kernel"]
        caplog.clear()
        run(TALK, small, out=tmp_path / "asked", progress=True)
        lines = capsys.readouterr().err.splitlines()
        assert lines[0] == "hubbub: steps are computed by the autograd kernel"
        assert [line.split()[:4] for line in lines[1:]] == [["step", "0", "of", "1"], ["step", "1", "of", "1"]]
        monkeypatch.setattr("hubbub.scenarios.telling.is_shown", lambda: True)
        run(TALK, small, out=tmp_path / "seen")
        assert "step 1 of 1" in capsys.readouterr().err
        run(TALK, small, out=tmp_path / "not-asked", progress=False)
        assert capsys.readouterr() == ("", "")
    assert len(caplog.records) == 1
