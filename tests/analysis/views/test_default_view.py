"""The view of a kind of system that has none of its own."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from hubbub.analysis.export import export_run
from hubbub.analysis.report import write_report
from hubbub.analysis.views.default.figures import MOST_RECORDS, metric_figures
from hubbub.analysis.views.default.findings import find_metrics
from hubbub.analysis.views.default.page import metric_page
from hubbub.analysis.views.default.tables import run_tables
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import Run, RunWriter, open_run


@pytest.fixture
def ants(tmp_path: Path) -> Run:
    """A run of a kind that is not known here: a count, a weight of each ant, an error in two splits, and tables."""
    path = tmp_path / "ants"
    with RunWriter.create(path, name="<ants>", seed=4, configuration={"system": "ants"}, versions={}) as writer:
        writer.write_table("nests.parquet", pa.table({"nest": [0, 1], "way": [[1, 2], [3]], "at": [{"x": 1.0}, None]}))
        writer.write_table("topology/edges.parquet", pa.table({"source": [0], "target": [1], "weight": [None]}))
        for step in (0, 10, 20):
            rows: list[dict[str, object]] = [{"name": "food_count", "value": step / 2}]
            rows += [{"name": "weight", "value": w, "agent": i} for i, w in enumerate((1.0, 3.0 + step, np.nan))]
            rows += [{"name": "error", "value": step + k, "split": split} for k, split in enumerate(("a", "b"))]
            rows += [{"name": "never", "value": np.inf}]
            writer.append_rows("metrics", step, rows)
        writer.append("events", {"step": [3, 4], "kind": ["found", "lost"], "detail": ["leaf", None]})
        writer.set_status("stopped", step=20)
    return open_run(path)


def test_metrics_are_grouped_by_name_and_split(ants: Run) -> None:
    found = find_metrics(ants)
    assert [(course.name, course.split) for course in found.courses] == [
        ("food_count", ""),
        ("weight", ""),
        ("error", "a"),
        ("error", "b"),
        ("never", ""),
    ]
    weight = found.courses[1]
    assert weight.steps.tolist() == [0, 10, 20]
    assert weight.rows.tolist() == [3, 3, 3]
    assert weight.mean.tolist() == [2.0, 7.0, 12.0]
    assert (weight.lowest.tolist(), weight.highest.tolist()) == ([1.0] * 3, [3.0, 13.0, 23.0])
    assert found.courses[3].mean.tolist() == [1.0, 11.0, 21.0]
    assert np.isnan(found.courses[4].mean).all()


@pytest.mark.files_of_figures
def test_the_report_shows_every_metric(ants: Run) -> None:
    said: list[str] = []
    page = write_report(ants, notify=said.append)
    assert said == ["no view is registered for system 'ants': only its metrics and tables are shown"]
    text = page.read_text(encoding="utf-8")
    assert "<ants>" not in text and "&lt;ants&gt;" in text
    assert "This kind of system has no view of its own" in text
    assert "The run is stopped" in text
    for title in ("Metrics over the steps", "Last values"):
        assert f"<h2>{title}</h2>" in text
    cells = ["weight", "20", "3", "12", "1", "23"]
    assert "".join(f'<td class="number">{cell}</td>' for cell in cells[1:]) in text
    assert "error b" in text and "system.ants" not in text
    figures = page.parent / "figures"
    assert {file.name for file in figures.iterdir()} == {"metrics.png", "metrics.svg", "summary.json"}
    numbers = json.loads((figures / "summary.json").read_text())
    assert numbers["run"]["seed"] == 4
    assert numbers["metrics"][1] == {
        "name": "weight",
        "split": None,
        "step": 20,
        "rows": 3,
        "mean": 12.0,
        "lowest": 1.0,
        "highest": 23.0,
    }
    assert numbers["metrics"][4]["mean"] is None


def test_the_figure_has_a_panel_for_each_metric_and_a_line_for_each_split(ants: Run) -> None:
    figure = metric_figures(find_metrics(ants))["metrics"]
    titles = [panel.subfigs[0].axes[0].get_title(loc="left") for panel in figure.panels]
    assert titles == ["food count", "weight", "error"]
    lines = figure.panels[2].subfigs[0].axes[0].lines
    assert [line.get_label() for line in lines if not str(line.get_label()).startswith("_")] == ["a", "b"]
    assert "Lines are means over the rows of a step" in figure.caption


def test_too_many_records_and_metrics_are_thinned_and_the_caption_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubbub.analysis.views.default.figures.MOST_PANELS", 3)
    path = tmp_path / "many"
    with RunWriter.create(path, name="many", seed=0, configuration={"system": "ants"}, versions={}) as writer:
        for step in range(100):
            writer.append_rows("metrics", step, [{"name": f"m{i}", "value": i} for i in range(4)])
    figure = metric_figures(find_metrics(open_run(path)))["metrics"]
    assert len(figure.panels) == 3
    steps = figure.panels[0].subfigs[0].axes[0].lines[0].get_xdata()
    assert (len(steps), steps[0], steps[-1]) == (MOST_RECORDS, 0, 99)
    assert f"{MOST_RECORDS} of the records are shown." in figure.caption
    assert "The first 3 of 4 metrics" in figure.caption
    assert "Lines are means" not in figure.caption


def test_a_run_without_metrics_has_a_page_that_says_so(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", name="new", seed=0, configuration={"system": "ants"}, versions={}):
        pass
    found = find_metrics(open_run(tmp_path / "run"))
    assert metric_figures(found) == {}
    assert "No metric was recorded yet." in metric_page(found, {})


def test_every_table_of_the_run_is_exported(ants: Run) -> None:
    parquet = {file.stem: pd.read_parquet(file) for file in export_run(ants, "parquet")}
    csv = {file.stem: pd.read_csv(file) for file in export_run(ants, "csv")}
    assert parquet.keys() == csv.keys() == {"metrics", "events", "nests", "topology-edges"}
    assert len(csv["metrics"]) == len(parquet["metrics"]) == 3 * 7
    assert csv["events"]["kind"].tolist() == ["found", "lost"]
    assert parquet["nests"]["way"][0].tolist() == [1, 2]
    assert csv["nests"]["way"].tolist() == ["1 2", "3"]
    assert csv["nests"]["at"].tolist()[0] == '{"x": 1.0}'
    again = {name for name, _ in run_tables(open_run(ants.path))}
    assert again == parquet.keys(), "exports are not tables of the run"


def test_a_lexicon_is_exported_too(karate_run: Run) -> None:
    karate_run.info["configuration"]["system"] = "ants"
    files = {file.stem: file for file in export_run(karate_run, "csv")}
    assert files.keys() == {
        "metrics",
        "agents",
        "referents",
        "topology-edges",
        "lexicon-messages",
        "lexicon-success",
    }
    lexicon = karate_run.lexicon().splits["train"]
    messages = pd.read_csv(files["lexicon-messages"]).query("split == 'train' and agent == 3")
    assert list(map(int, messages["message"].iloc[0].split())) == lexicon.messages[3, 0].tolist()


@pytest.mark.parametrize("form", ["graphml", "gexf", "elcc", "csw"])
def test_other_formats_are_refused_with_those_that_there_are(ants: Run, form: str) -> None:
    with pytest.raises(
        ConfigurationError, match=f"format: expected one of csv, parquet for a run of system ants, got '{form}"
    ):
        export_run(ants, form)
    assert not (ants.path / "exports").exists()
