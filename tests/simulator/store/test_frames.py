"""What a run recorded, as a table of pandas, as arrays with named dimensions, and in a notebook."""

import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import Lexicon, LexiconSplit, Run, RunWriter, open_run

NAMES = ["<b>Ada</b>", "Ben & Co"]


def lexicon(step: int) -> Lexicon:
    def split(referents: list[int]) -> LexiconSplit:
        n = len(referents)
        messages = np.arange(2 * n * 3).reshape(2, n, 3) + step
        return LexiconSplit(np.array(referents), messages, np.full((2, n), 3), np.array([[1.0, 0.5], [0.25, 1.0]]))

    return Lexicon(step, {"train": split([2, 0]), "held_out": split([1])})


@pytest.fixture
def run(tmp_path: Path) -> Run:
    path = tmp_path / "run"
    with RunWriter.create(path, name="<i>run", seed=7, configuration={"system": "population"}, versions={}) as writer:
        writer.write_table(
            "agents.parquet", pa.table({"agent": [0, 1], "name": NAMES, "attribute:side": ["left", None]})
        )
        splits = ["train", "held_out", "train"]
        writer.write_table("referents.parquet", pa.table({"referent": [0, 1, 2], "split": splits, "shape": [5, 6, 7]}))
        for step in (0, 10, 20):
            rows: list[dict[str, object]] = [{"name": "success_over_links", "value": step / 20}]
            rows += [{"name": "load", "value": float(agent + step), "agent": agent} for agent in range(2)]
            rows += [{"name": "load", "value": -1.0}]
            writer.append_rows("metrics", step, rows)
        for step in (0, 20):
            writer.write_snapshot(lexicon(step))
        writer.set_status("finished", step=20)
    return open_run(path)


def test_metrics_are_a_frame_with_the_dimensions_that_rows_have(run: Run) -> None:
    frame = run.metrics()
    assert list(frame.columns) == ["step", "name", "value", "agent"]
    assert str(frame["agent"].dtype) == "Int64" and str(frame["step"].dtype) == "int64"
    success = frame[frame["name"] == "success_over_links"].set_index("step")["value"]
    assert success.to_dict() == {0: 0.0, 10: 0.5, 20: 1.0}
    assert frame[frame["agent"] == 1]["value"].tolist() == [1.0, 11.0, 21.0]
    assert len(frame) == len(run.metric_rows()) == 12


def test_arrays_have_named_dimensions(run: Run) -> None:
    data = run.to_xarray()
    assert data["success_over_links"].sel(step=10).item() == 0.5
    assert data["load"].dims == ("step", "agent")
    assert data["load"].sel(step=20, agent=1).item() == 21.0
    assert data["load_overall"].dims == ("step",)
    assert data["agent_name"].values.tolist() == NAMES
    assert data["agent_side"].to_series().isna().tolist() == [False, True]
    assert data["lexicon_message"].dims == ("step", "agent", "referent", "position")
    spoken = lexicon(20).splits["held_out"].messages[1, 0]
    assert data["lexicon_message"].sel(step=20, agent=1, referent=1).values.tolist() == spoken.tolist()
    assert (data["lexicon_message"].sel(step=10) == -1).all()
    assert data["lexicon_success"].sel(step=0, split="train", speaker=0, listener=1).item() == 0.5
    assert np.isnan(data["lexicon_success"].sel(step=10)).all()
    assert data["referent_split"].sel(referent=1).item() == "held_out"
    assert data["referent_shape"].sel(referent=2).item() == 7
    assert data.attrs["seed"] == 7
    assert "lexicon_message" not in run.to_xarray(lexicons=False)


def test_arrays_need_one_more_package(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ConfigurationError, match=r"needs one more package: `pip install 'hubbub\[xarray\]'`"):
        run.to_xarray()


class Words(HTMLParser):
    """The words of a piece of HTML, and its tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words, self.tags = "", set[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words += data + " "


def test_runs_and_lexicons_show_themselves(run: Run) -> None:
    assert repr(run) == f"<Run <i>run: population, finished at step 20, {run.path}>"
    shown = Words(run._repr_html_())
    assert "<i>run" in shown.words and "success over links 1" in shown.words and "finished at step 20" in shown.words
    assert shown.tags == {"div", "strong", "table", "tr", "th", "td"}
    spoken = run.lexicon()
    assert repr(spoken) == "<Lexicon of step 20: 2 agents; train: 2 referents, held_out: 1 referents>"
    assert repr(spoken.splits["train"]) == "<LexiconSplit: 2 agents, 2 referents, at most 3 symbols>"
    assert "mean success between two agents 0.375" in Words(spoken.splits["train"]._repr_html_()).words
    assert "2 agents, 2 referents" in Words(spoken._repr_html_()).words
