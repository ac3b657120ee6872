import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from analysis.dialects import pair_means
from analysis.report import find, write_report
from analysis.report.drawings import drawings
from analysis.report.findings import partition_attribute
from analysis.report.page import page
from simulator.errors import StoreError
from simulator.store import Run, open_run

MakeRun = Callable[..., Run]
VOID = {"meta", "path", "br"}


class Reader(HTMLParser):
    """Reads a page as a browser would: its elements, its words, and whatever reaches outside."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.words = ""
        self.outside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for key, value in attrs:
            is_link = key in ("src", "href", "xlink:href") and not (value or "").startswith(("#", "data:image/"))
            if is_link or key.startswith("on"):
                self.outside.append(f"{tag} {key}={value}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data


def read(text: str) -> Reader:
    reader = Reader(text)
    assert reader.open == []
    assert reader.outside == []
    assert "script" not in reader.seen
    assert not re.search(r"@import|url\((?!#)", text)
    reader.words = " ".join(reader.words.split())
    return reader


def test_the_report_of_the_karate_club(karate_run: Run) -> None:
    written = write_report(karate_run.path)
    assert written == karate_run.path / "report.html"
    reader = read(written.read_text())
    success = pair_means(karate_run.lexicon().splits["train"].success, karate_run.edges())
    assert f"{100 * success['over_links']:.0f} % of the 21 recorded referents are understood" in reader.words
    for heading in (
        "Who understands whom",
        "How it learned",
        "Where the dialects run",
        "Dialects beside “club”",
        "Hubs",
    ):
        assert heading in reader.words
    assert "Mr. Hi: 17, Officer: 17" in reader.words
    assert "corrected for having looked 6 times" in reader.words
    assert "topology.kindkarate" in reader.words
    names = {"dialect-map", "success-matrix", "learning-curves", "by-distance", "dialects-over-time", "agreement"}
    names.add("degree-success")
    figures = karate_run.path / "figures"
    assert {file.name for file in figures.iterdir()} == {
        *(f"{name}.{kind}" for name in names for kind in ("png", "svg")),
        "summary.json",
    }
    numbers = json.loads((figures / "summary.json").read_text())
    assert numbers["success"]["train"] == pytest.approx(success)
    assert numbers["known_partition"]["peak_adjusted_rand"] == max(numbers["known_partition"]["adjusted_rand"])
    assert len(numbers["dialects"]["labels"]) == 34


def test_the_same_run_gives_the_same_report(make_run: MakeRun) -> None:
    run = make_run(nx.path_graph(4), n_lexicons=2)
    first = write_report(run).read_text()
    assert write_report(run).read_text() == first


def test_what_strangers_wrote_stays_text(make_run: MakeRun) -> None:
    evil = "<script>alert(1)</script>"
    run = make_run(
        nx.path_graph(6),
        names=[evil, "</style><img src=x onerror=alert(1)>", '"onload="x', r"$\frac", "]]>", "-->"],
        attributes={f"{evil}-attribute": ["<b>", "$x", "<b>", "$x", None, "<b>"]},
        n_lexicons=2,
    )
    run.info["name"] = f"{evil}-run"
    run.info["versions"] = {f"{evil}-package": f"{evil}-version"}
    run.info["configuration"] = {f"{evil}-key": f"{evil}-value", "channel": {"end_symbol": True}}
    text = write_report(run).read_text()
    reader = read(text)
    assert "<script" not in text
    assert "img" not in reader.seen
    for place in ("attribute", "run", "package", "version", "key", "value"):
        assert f"{evil}-{place}" in reader.words


@pytest.mark.parametrize(
    ("graph", "options", "told"),
    [
        (nx.path_graph(2), {"n_lexicons": 1, "held_out": False}, "Dialects need at least three agents."),
        (nx.empty_graph(1), {"n_lexicons": 1}, "The only agent understands itself"),
        (nx.empty_graph(4), {"n_lexicons": 2}, "12 ordered pairs have no path between them"),
        (nx.path_graph(5), {"same_messages": True}, "all messages are alike"),
        (nx.disjoint_union(nx.path_graph(3), nx.path_graph(3)), {"n_lexicons": 1}, "they are at distance ∞"),
        (
            nx.gnp_random_graph(9, 0.3, seed=1, directed=True),
            {"image_class": True, "held_out": False, "status": "stopped"},
            "The run is stopped; this is how it stood at step 1,000.",
        ),
        (
            nx.cycle_graph(6),
            {"positions": np.random.default_rng(0).random((6, 2))},
            "All agents have as many listeners",
        ),
        (
            nx.path_graph(6),
            {"n_lexicons": 1, "attributes": {"side": ["a", "a", "a", "b", "b", None]}},
            "Cut into 2 dialects, the agents agree with it at an adjusted Rand index of",
        ),
    ],
)
def test_any_population_run_has_a_report(make_run: MakeRun, graph: nx.Graph, options: dict, told: str) -> None:  # type: ignore[type-arg]
    found = find(make_run(graph, **options))
    assert told in read(page(found, drawings(found))).words


def test_the_partition_is_the_first_attribute_that_groups() -> None:
    known = {
        "name": list("abcdef"),
        "same": [1] * 6,
        "none": [None] * 6,
        "club": [1, 2, 1, 2, None, 2],
        "b": [0, 1] * 3,
    }
    attributes = {key: tuple(values) for key, values in known.items()}
    assert partition_attribute(attributes, 6) == "club"
    assert partition_attribute({"name": tuple("abcd")}, 4) is None
    assert partition_attribute({}, 4) is None


def test_a_run_without_a_lexicon_has_no_report(make_run: MakeRun, tmp_path: Path) -> None:
    run = make_run(nx.path_graph(3), n_lexicons=1)
    for file in (run.path / "lexicon").rglob("*.parquet"):
        file.unlink()
    (run.path / "lexicon" / "step-0000000000").rmdir()
    with pytest.raises(StoreError, match="no lexicon was recorded yet"):
        write_report(open_run(run.path))
    with pytest.raises(StoreError, match="not a run directory"):
        write_report(tmp_path)
