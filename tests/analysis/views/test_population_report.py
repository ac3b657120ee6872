import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.comparison import holm
from hubbub.analysis.dialects import ZigZag, dialects_over_time, pair_means
from hubbub.analysis.measure import Measure
from hubbub.analysis.page import document
from hubbub.analysis.page.html import Html
from hubbub.analysis.page.scripts import script
from hubbub.analysis.report import write_report
from hubbub.analysis.views.population import sentences
from hubbub.analysis.views.population.attributes import comparable
from hubbub.analysis.views.population.figures import population_figures
from hubbub.analysis.views.population.findings import find_population
from hubbub.analysis.views.population.hubs import hub_section
from hubbub.analysis.views.population.known_groups import compared_with_partition
from hubbub.analysis.views.population.moments import moments, step_by_step
from hubbub.analysis.views.population.page import population_page
from hubbub.simulator.errors import ConfigurationError, StoreError
from hubbub.simulator.store import Run, open_run

MakeRun = Callable[..., Run]
VOID = {"meta", "path", "br", "input"}
OURS = script("time") + script("sorting")


class Reader(HTMLParser):
    """Reads a page as a browser would: its elements, its words, and whatever reaches outside."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.words = ""
        self.outside: list[str] = []
        self.scripts: list[str] = []
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
        if "script" in self.open:
            self.scripts.append(data)
        elif "style" not in self.open:
            self.words += data


def read(text: str) -> Reader:
    reader = Reader(text)
    assert reader.open == []
    assert reader.outside == []
    for content in reader.scripts:
        assert content == OURS or json.loads(content)["steps"]
    assert len(reader.scripts) == reader.seen.count("script")
    assert not re.search(r"@import|url\((?!#)", text)
    reader.words = " ".join(reader.words.split())
    return reader


@pytest.mark.files_of_figures
def test_the_report_of_the_karate_club(karate_run: Run) -> None:
    written = write_report(karate_run.path)
    assert written == karate_run.path / "report.html"
    reader = read(written.read_text())
    success = pair_means(karate_run.lexicon().splits["train"].success, karate_run.edges())
    assert f"{100 * success['over_links']:.0f} % of the 21 recorded referents are understood" in reader.words
    for heading in (
        "Who understands whom",
        "Learning curves",
        "Dialects",
        "Dialects compared with “club”",
        "Hubs",
    ):
        assert heading in reader.words
    assert "are understood (by chance 4 %)" in reader.words
    assert "Mantel correlation" in reader.words
    assert "a smooth decay with distance predicts" in reader.words
    assert "Compared with random graphs with the same number of links, the graph differs in" in reader.words
    assert "betweenness centralisation0.41" in reader.words
    assert "The graph changed" not in reader.words
    assert "Mr. Hi: 17, Officer: 17" in reader.words
    assert "corrected for 6 comparisons" in reader.words
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
    assert numbers["success_by_chance"] == pytest.approx(1 / 27)
    assert numbers["border_or_continuum"]["result"] in (
        "border",
        "continuum",
        "border on a gradient",
        "neither",
        "not decided",
    )
    assert numbers["mantel"]["value"] > 0
    gini = next(row for row in numbers["hubs"]["against_random_graphs"] if row["name"] == "Gini coefficient of links")
    assert gini["value"] == pytest.approx(numbers["hubs"]["gini"]["value"])
    assert gini["z_score"] > 3


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
    assert "<script>alert" not in text
    assert reader.scripts.count(OURS) == 1
    assert len(reader.scripts) == 2
    assert "img" not in reader.seen
    for place in ("attribute", "run", "package", "version", "key", "value"):
        assert f"{evil}-{place}" in reader.words


@pytest.mark.parametrize(
    ("graph", "options", "told"),
    [
        (nx.path_graph(2), {"n_lexicons": 1, "held_out": False}, "Dialects need at least three agents."),
        (nx.empty_graph(1), {"n_lexicons": 1}, "The only agent understands 100 % of its own messages."),
        (nx.empty_graph(4), {"n_lexicons": 2}, "12 ordered pairs have no path between them"),
        (nx.path_graph(5), {"same_messages": True}, "all messages are alike"),
        (
            nx.path_graph(8),
            {"same_messages": True},
            "cannot be determined: dissimilarity does not vary over the 56 pairs",
        ),
        (
            nx.star_graph(7),
            {"n_lexicons": 1},
            "Border or continuum cannot be determined: 2 different distances, at least 3 needed.",
        ),
        (nx.empty_graph(4), {"n_lexicons": 2}, "The graph has no links."),
        (nx.complete_graph(4), {"n_lexicons": 1}, "The graph was not compared with random graphs: it is complete"),
        (nx.Graph([(0, 1), (2, 3)]), {"n_lexicons": 1}, "mean shortest path∞"),
        (nx.disjoint_union(nx.path_graph(3), nx.path_graph(3)), {"n_lexicons": 1}, "they are at distance ∞"),
        (
            nx.gnp_random_graph(9, 0.3, seed=1, directed=True),
            {"image_class": True, "held_out": False, "status": "stopped"},
            "The run is stopped; this page describes step 1,000.",
        ),
        (
            nx.cycle_graph(6),
            {"positions": np.random.default_rng(0).random((6, 2))},
            "All agents have the same number of listeners",
        ),
        (
            nx.path_graph(6),
            {"n_lexicons": 1, "attributes": {"side": ["a", "a", "a", "b", "b", None]}},
            "Divided into 2 dialects, the agents agree with it with an adjusted Rand index of",
        ),
    ],
)
def test_any_population_run_has_a_report(make_run: MakeRun, graph: nx.Graph, options: dict, told: str) -> None:  # type: ignore[type-arg]
    found = find_population(make_run(graph, **options))
    assert told in read(population_page(found, population_figures(found))).words


def test_hubs_are_followed_while_the_graph_changes(make_run: MakeRun) -> None:
    moved = [
        (150, kind, *edge)
        for other in range(2, 7)
        for kind, hub in (("edge-removed", 0), ("edge-added", 1))
        for edge in ((hub, other), (other, hub))
    ]
    found = find_population(make_run(nx.star_graph(6), n_lexicons=3, names=list("abcdefg"), changes=moved))
    words = read(hub_section(found, Html())).words
    assert "its hubs were determined at 4 steps. At the end the hubs are b; 0 of them were hubs at the start." in words
    assert "From one of these steps to the next, 33 % of the hubs change." in words


def test_how_clear_a_known_split_must_be(karate_run: Run) -> None:
    known = find_population(karate_run).partition
    assert known is not None

    def told(peak_p: float, *, end_p: float = 0.001, peak_success: float = 0.9, end_success: float = 0.9) -> str:
        over_time = replace(known.over_time, peak_p_value=peak_p, p_values=np.full(6, end_p))
        changed = replace(known, over_time=over_time, success_at_peak=peak_success, success_at_end=end_success)
        return compared_with_partition(changed, 0.05)[1]

    assert told(0.001).startswith("The dialects follow the known groups, ")
    assert told(0.001, end_p=0.02).startswith("The dialects followed the known groups during training")
    assert told(0.001, end_success=0.1).startswith("The dialects followed the known groups during training")
    assert told(0.03).startswith("There is weak evidence")
    assert told(0.3).startswith("At no step")
    assert "no common language yet" in told(0.001, peak_success=0.14)
    assert "The dialects follow the known groups" in told(0.001, peak_success=0.15)


def test_words_for_other_findings(karate_run: Run) -> None:
    found = find_population(karate_run)
    low = replace(found, success={"train": {**found.success["train"], "over_links": 0.1}})
    assert "That is not well above chance" in " ".join(sentences.understanding(low))
    assert "not well above" not in " ".join(sentences.understanding(replace(low, chance=0.0)))
    turns = ZigZag(True, Measure(0.2, "1", "alternation", 34, interval=(0.1, 0.3)))
    for result, told in (
        ("border", "This looks like dialects with borders."),
        ("continuum", "This looks like a continuum"),
        ("border on a gradient", "This looks like borders on a gradient"),
        ("neither", "This looks like neither"),
        ("not decided", "is not decided"),
    ):
        other = replace(found, border=replace(found.border, result=result), zig_zag=turns)
        text = " ".join(sentences.continuum(other))
        assert told in text
        assert "higher at even distances" in text


def test_attributes_that_group_are_compared() -> None:
    known = {
        "name": list("abcdef"),
        "same": [1] * 6,
        "none": [None] * 6,
        "club": [1, 2, 1, 2, None, 2],
        "b": [0, 1] * 3,
    }
    attributes = {key: tuple(values) for key, values in known.items()}
    assert comparable(attributes, 6) == (
        ["club", "b"],
        {"name": "6 different values", "same": "1 value", "none": "0 different values"},
    )
    assert comparable({"name": tuple("abcd")}, 4)[0] == []
    assert comparable({}, 4) == ([], {})


def test_a_run_without_a_lexicon_has_no_report(make_run: MakeRun, tmp_path: Path) -> None:
    run = make_run(nx.path_graph(3), n_lexicons=0)
    with pytest.raises(StoreError, match="no lexicon was recorded yet"):
        write_report(open_run(run.path))
    with pytest.raises(StoreError, match="not a run directory"):
        write_report(tmp_path)


def test_a_report_of_many_agents_compares_the_pairs_of_random_ones_and_says_so(
    karate_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = find_population(karate_run)
    assert whole.n_sampled == 0
    assert "random agents" not in population_page(whole, {})
    monkeypatch.setattr("hubbub.analysis.views.population.findings.MOST_AGENTS_IN_PAIRS", 20)
    found = find_population(karate_run)
    assert found.n_sampled == 20
    assert found.asymmetry.overall.n == 20 * 19 // 2
    assert found.mantel.n == 20 * 19
    assert found.border.advantage.n == 20
    assert found.similarity.matrix.shape == (34, 34)  # what costs little is that of all agents
    assert found.success_by_distance.pairs.sum() == 34 * 33
    assert "come from the pairs of 20 random agents" in population_page(found, {})


def test_the_recorded_steps_one_by_one(make_run: MakeRun) -> None:
    run = make_run(nx.cycle_graph(8), n_lexicons=4, changes=[(300, "edge-removed", 0, 1), (300, "edge-added", 0, 4)])
    made = moments(run, dialects_over_time(run), np.arange(8) > 0)
    assert made.steps.tolist() == run.lexicon_steps() == [0, 200, 400, 600]
    assert [[0, 1] in links.tolist() for links in made.links] == [True, True, False, False]
    assert (made.groups[:, 0] == -1).all()
    success = run.lexicon(400).splits["train"].success
    assert made.speaks[2, 3] == pytest.approx(np.delete(success[3], 3).mean())
    assert made.hears[2, 3] == pytest.approx(np.delete(success[:, 3], 3).mean())
    assert made.overall["success over links"][1] == pytest.approx(run.metric("success_over_links")[1][1])


def test_of_many_steps_some_are_shown_and_the_page_says_so(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.analysis.views.population.moments.most_steps", lambda n_agents: 3)
    found = find_population(make_run(nx.cycle_graph(6), n_lexicons=6))
    words = read(str(document("x", step_by_step(found)))).words
    assert "The graph at 3 recorded steps" in words
    assert "3 recorded steps in between are left out." in words
    assert "All agents at step 1,000" in words
    monkeypatch.setattr("hubbub.analysis.views.population.moments.fits_a_page", lambda n_agents, n_links: False)
    assert step_by_step(found) == ""


def test_all_attributes_are_compared_with_a_correction_or_the_one_that_is_asked_for(make_run: MakeRun) -> None:
    graph = nx.barbell_graph(6, 0)
    sides = ["left"] * 6 + ["right"] * 6
    run = make_run(
        graph,
        faction=sides,
        attributes={"side": sides, "odd": [n % 2 for n in range(12)], "name": [f"n{n}" for n in range(12)]},
    )
    found = find_population(run)
    known = found.partition
    assert known is not None and known.name == "side"
    assert list(found.attributes.compared) == ["side", "odd"]
    assert known.p_value == pytest.approx(2 * known.over_time.peak_p_value) == found.attributes.compared["side"].p_value
    text = population_page(found, {})
    assert "corrected for 12 comparisons: 2 attributes, 6 times" in text
    assert "Not compared, because groups need" in text and "“name” (12 different values)" in text
    asked = find_population(run, attribute="odd")
    assert asked.partition is not None and asked.partition.name == "odd"
    assert asked.partition.p_value == asked.partition.over_time.peak_p_value
    assert "Not compared" not in population_page(asked, {})
    with pytest.raises(ConfigurationError, match="one of: side, odd, name, got 'sid'; did you mean 'side'"):
        write_report(run, attribute="sid")


def test_only_populations_compare_attributes(memory_run: Run) -> None:
    with pytest.raises(ConfigurationError, match="attribute: expected none for a run of system memory, got 'club'"):
        write_report(memory_run, attribute="club")


def test_p_values_are_corrected_for_their_number() -> None:
    assert holm(np.array([0.01, 0.04, 0.03])).tolist() == pytest.approx([0.03, 0.06, 0.06])
    assert holm(np.array([0.9, 0.8])).tolist() == [1.0, 1.0]


def test_a_table_of_hubs_that_ends_within_a_tie_says_so(make_run: MakeRun) -> None:
    found = find_population(make_run(nx.cycle_graph(12), n_lexicons=1))
    assert "the last rows are 10 of 12 agents with 2 links" in hub_section(found, Html())
