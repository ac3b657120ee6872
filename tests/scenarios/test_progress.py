from __future__ import annotations

import pytest
from rich.progress import Progress

from hubbub.scenarios.progress import Bar, Lines, summary

POPULATION = {"games": 640.0, "loss": 1.25, "success_over_links": 0.5, "success_all_pairs": 0.25, "success_self": 1.0}
TRAINING = {"accuracy_mean": 0.9625, "loss_mean": 0.125, "train_accuracy_mean": 1.0, "paths_mean": 123456.7}


def test_of_a_population_success_and_loss_are_told() -> None:
    assert summary(POPULATION) == "success 0.500 · all pairs 0.250 · loss 1.250"


def test_of_other_systems_the_first_metrics_are_told() -> None:
    assert summary(TRAINING) == "accuracy 0.9625 · loss 0.125 · train accuracy 1"
    assert summary({"paths_mean": 123456.7}) == "paths 1.235e+05"
    assert summary({}) == ""


def test_a_line_and_a_bar_show_what_was_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    Lines().recorded(50, TRAINING)
    assert capsys.readouterr().err == "step 50  accuracy 0.9625 · loss 0.125 · train accuracy 1\n"
    bar = Bar(Progress(disable=True))
    for metrics, said in ((POPULATION, "success 0.500"), (TRAINING, "accuracy 0.9625")):
        bar.recorded(50, metrics)
        assert bar.last == said
