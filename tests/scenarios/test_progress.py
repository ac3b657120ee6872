from __future__ import annotations

from types import SimpleNamespace

import pytest
from rich.console import Console
from rich.progress import Progress

from hubbub.scenarios.duration import duration
from hubbub.scenarios.progress import Bar, Lines, is_shown, progress_display
from hubbub.scenarios.watching.words import metrics_text

POPULATION = {"games": 640.0, "loss": 1.25, "success_over_links": 0.5, "success_all_pairs": 0.25, "success_self": 1.0}
TRAINING = {"accuracy_mean": 0.9625, "loss_mean": 0.125, "train_accuracy_mean": 1.0, "paths_mean": 123456.7}


def test_of_a_population_success_and_loss_are_told() -> None:
    assert metrics_text(POPULATION) == "success 0.500 · all pairs 0.250 · loss 1.250"


def test_of_other_systems_the_first_metrics_are_told() -> None:
    assert metrics_text(TRAINING) == "accuracy 0.9625 · loss 0.125 · train accuracy 1"
    assert metrics_text({"paths_mean": 123456.7}) == "paths 1.235e+05"
    assert metrics_text({}) == ""


def test_a_line_and_a_bar_show_what_was_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    Lines().recorded(50, TRAINING)
    assert capsys.readouterr().err == "step 50  accuracy 0.9625 · loss 0.125 · train accuracy 1\n"
    bar = Bar(Progress(disable=True))
    for metrics, said in ((POPULATION, "success 0.500"), (TRAINING, "accuracy 0.9625")):
        bar.recorded(50, metrics)
        assert bar.last == said


@pytest.mark.parametrize(("widgets", "kind"), [(None, Lines), (object(), Bar)])
def test_a_notebook_without_widgets_gets_lines(widgets: object, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = SimpleNamespace(is_jupyter=True)
    monkeypatch.setattr("hubbub.scenarios.progress.Console", lambda **options: Console() if options else notebook)
    monkeypatch.setattr("hubbub.scenarios.progress.find_spec", lambda name: widgets)
    assert is_shown()
    with progress_display(quiet=False) as display:
        assert isinstance(display, kind)


def test_a_line_names_the_total_and_the_time_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = Lines()
    for time, step, is_recorded in ((100, 20, True), (140, 21, False), (150, 41, True), (180, 120, True)):
        monkeypatch.setattr("hubbub.scenarios.progress.time.monotonic", lambda time=time: time)
        lines.advanced(SimpleNamespace(now=step, work=("games", 1000 * step)), 120)  # type: ignore[arg-type]
        if is_recorded:
            lines.recorded(step, {"loss": 1.0})
    assert capsys.readouterr().err.splitlines() == [
        "step 20 of 120  loss 1.000",
        "step 41 of 120  loss 1.000  2,000 games/s  40 s left",  # 79 steps at 2 a second; the first 40 s do not count
        "step 120 of 120  loss 1.000  2,475 games/s",
    ]


def test_what_is_measured_is_the_last_minute(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = Lines()
    for time, step in ((0, 0), (1, 1), (11, 2), (21, 3), (101, 4), (102, 14)):
        monkeypatch.setattr("hubbub.scenarios.progress.time.monotonic", lambda time=time: time)
        lines.advanced(SimpleNamespace(now=step, work=("steps", step)), 114)  # type: ignore[arg-type]
    assert lines.throughput.left == "12 min 16 s left"  # 11 steps in the last 81 s


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (9.94, "9.9 s"),
        (10, "10 s"),
        (59.6, "1 min"),
        (125, "2 min 5 s"),
        (7500, "2 h 5 min"),
        (90_000, "1 d 1 h"),
        (float("nan"), "–"),
        (float("inf"), "–"),
    ],
)
def test_lengths_of_time_are_told_in_two_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text
