import json
from collections.abc import Callable

import numpy as np
import pytest

from hubbub.analysis.page.numbers import significant
from hubbub.analysis.report import write_report
from hubbub.analysis.views.training.figures import MOST_LINES, MOST_RECORDS, training_figures
from hubbub.analysis.views.training.findings import find_training
from hubbub.analysis.views.training.page import training_page
from hubbub.simulator.store import Run


@pytest.mark.files_of_figures
def test_the_report_of_networks_is_one_page_with_its_figure(make_training_run: Callable[..., Run]) -> None:
    page = write_report(make_training_run())
    text = page.read_text(encoding="utf-8")
    assert text.count("<h1>") == 1 and "http" not in text.replace("http://www.w3.org", "")
    assert [file.stem for file in (page.parent / "figures").glob("*.svg")] == ["training"]
    for title in ("What was trained", "Over training", "At the end", "About this report"):
        assert f"<h2>{title}</h2>" in text
    assert "riddle, 12 networks" in text and "near, far" in text
    assert "cost <b>" not in text and "cost &lt;b&gt;" in text
    numbers = json.loads((page.parent / "figures" / "summary.json").read_text())
    assert [setting["values"] for setting in numbers["settings"]][1] == {"pruning": 0.5, "start": "near"}
    skill = numbers["settings"][1]["metrics"]["skill"]
    assert skill["mean"] == pytest.approx(0.6)
    assert skill["interval"] == pytest.approx([0.6 - 4.302653 * 0.1 / 3**0.5, 0.6 + 4.302653 * 0.1 / 3**0.5])


def test_the_table_has_means_with_their_intervals(make_training_run: Callable[..., Run]) -> None:
    text = training_page(find_training(make_training_run()), {})
    assert ">0.6 ± 0.25<" in text and ">5,000 ± 0<" in text
    assert "diverged" not in text and "<h2>Over training</h2>" not in text


def test_networks_that_diverged_are_told_and_left_out(make_training_run: Callable[..., Run]) -> None:
    found = find_training(make_training_run(diverging=5))
    assert found.n_diverged == 1
    assert "1 of 12 networks diverged" in training_page(found, {})
    measure = found.over_seeds("skill", found.settings[1])
    assert (measure.value, measure.n) == (pytest.approx(0.55), 2)


def test_one_network_has_no_interval(make_training_run: Callable[..., Run]) -> None:
    found = find_training(make_training_run(seeds=1, pruning=(0.0,), starts=("near",)))
    text = training_page(found, training_figures(found))
    assert "riddle, 1 network ·" in text and ">seed of each<" in text
    assert ">1</td>" in text and "±" not in text.split("<h2>At the end</h2>")[1].split("<table>")[1]


def test_many_settings_and_records_are_thinned_and_the_caption_says_so(make_training_run: Callable[..., Run]) -> None:
    shares = tuple(np.linspace(0, 0.9, 10).tolist())
    found = find_training(make_training_run(pruning=shares, starts=("near",), seeds=1, steps=tuple(range(0, 500, 5))))
    drawing = training_figures(found)["training"]
    assert len(drawing.panels) == 2
    assert f"{MOST_LINES} of 10 settings" in drawing.caption and "40 of the records" in drawing.caption
    assert "bands" not in drawing.caption
    [axes] = drawing.panels[0].subfigs[0].axes
    named = [line for line in axes.lines if str(line.get_label()).startswith("pruning")]
    assert [line.get_label() for line in named] == [f"pruning {share:g}" for share in (0, 0.2, 0.4, 0.5, 0.7, 0.9)]
    steps = named[0].get_xdata()
    assert (len(steps), steps[0], steps[-1]) == (MOST_RECORDS, 0, 495)


def test_a_run_recorded_once_has_a_table_and_no_figure(make_training_run: Callable[..., Run]) -> None:
    found = find_training(make_training_run(steps=(0,)))
    assert training_figures(found) == {}
    assert "<h2>At the end</h2>" in training_page(found, {})


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.96321, "0.9632"), (1234.56, "1,235"), (-2e-6, "−2e−06"), (1e15, "1e+15"), (float("nan"), "–"), (0.0, "0")],
)
def test_numbers_of_any_size_are_short(value: float, text: str) -> None:
    assert significant(value) == text
