import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import networkx as nx
import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pytest

from hubbub.analysis.dialects import cluster, dialects_over_time, similarity_matrix
from hubbub.analysis.export import export_run, validate_elcc
from hubbub.analysis.views.population import PopulationView
from hubbub.analysis.views.population.spells import edge_spells
from hubbub.simulator.errors import ConfigurationError, StoreError
from hubbub.simulator.store import Run
from hubbub.simulator.topology.files import read_topology

MakeRun = Callable[..., Run]


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as text:
        return list(csv.DictReader(text))


def test_elcc_holds_every_message_with_its_meaning(karate_run: Run) -> None:
    corpus, structured, metadata = export_run(karate_run, "elcc")
    assert corpus.parent == karate_run.path / "exports" / "elcc"
    assert list(corpus.parent.glob("*.jsonl")) == [corpus]  # XferBench takes any one of them
    assert validate_elcc(corpus.parent) == []
    messages = [json.loads(line) for line in corpus.read_text().splitlines()]
    said = [json.loads(line) for line in structured.read_text().splitlines()]
    assert len(messages) == len(said) == json.loads(metadata.read_text())["n_lines"] == 34 * 27
    trained = karate_run.lexicon().splits["train"]
    ids, attributes, names = karate_run.referents("train")
    labels = cluster(similarity_matrix(trained.messages, lengths=trained.lengths)).labels
    hears = karate_run.edges()[karate_run.edges()[:, 0] == 5][:, 1]
    of_five = [row for row in said if row["speaker"] == 5 and row["split"] == "train"]
    for r, row in enumerate(of_five):
        assert row["message"] == trained.messages[5, r, : trained.lengths[5, r]].tolist()
        assert row["referent"] == dict(zip(names, attributes[ids.tolist().index(row["referent_id"])], strict=True))
        assert row["listener"] == hears[r % len(hears)]
        assert row["community"] == labels[5] + 1
        assert row["success"] == pytest.approx(trained.success[5, row["listener"]], abs=1e-6)
    assert len(of_five) == len(ids)


def test_nobody_listens_where_nobody_hears(make_run: MakeRun) -> None:
    corpus = export_run(make_run(nx.DiGraph([(0, 1)]), n_lexicons=1), "elcc")[0]
    lines = [
        json.loads(line) for line in (corpus.parent / "structured" / "corpus.structured.jsonl").read_text().splitlines()
    ]
    assert {(row["speaker"], row["listener"]) for row in lines} == {(0, 1), (1, None)}
    assert {row["success"] for row in lines if row["speaker"] == 1} == {None}
    assert validate_elcc(corpus.parent) == []


def with_success(value: str) -> Callable[[str], str]:
    return lambda text: re.sub('"success": [.0-9]+', f'"success": {value}', text, count=1)


@pytest.mark.parametrize(
    ("file", "change", "problem"),
    [
        ("corpus.jsonl", lambda text: text.replace("[", "{", 1), "corpus.jsonl, line 1: not JSON"),
        ("corpus.jsonl", lambda _: "[1.5]\n", "corpus.jsonl, line 1: expected an array of integers ≥ 0"),
        ("corpus.jsonl", lambda text: text + "[1]\n", "expected 55 lines, as in corpus.jsonl, got 54"),
        (
            "corpus.jsonl",
            lambda text: text.replace("[", "[9, ", 1),
            "line 1: message: not the message of that line of the corpus",
        ),
        ("structured/corpus.structured.jsonl", lambda text: text.replace('"speaker": 0', '"speaker": 7', 1), "got 7"),
        ("structured/corpus.structured.jsonl", lambda text: text.replace('"step"', '"s"', 1), "line 1: lacks step"),
        (
            "structured/corpus.structured.jsonl",
            lambda text: text.replace('"referent": {', '"x": {', 1),
            "lacks referent",
        ),
        ("structured/corpus.structured.jsonl", with_success("1.5"), "line 1: success: expected 0 … 1 or null, got 1.5"),
        (
            "structured/corpus.structured.jsonl",
            with_success("0.125"),
            "line 2: success: expected 0.125, as on lines of the same",
        ),
        ("metadata.json", lambda text: text.replace('"n_lines": 54', '"n_lines": 3'), "n_lines is 3"),
        ("metadata.json", lambda _: "[]", "metadata.json: expected an object"),
    ],
)
def test_the_validator_sees(make_run: MakeRun, file: str, change: Callable[[str], str], problem: str) -> None:
    corpus = export_run(make_run(nx.path_graph(2), n_lexicons=1), "elcc")[0]
    damaged = corpus.parent / file
    damaged.write_text(change(damaged.read_text()))
    assert any(problem in found for found in validate_elcc(corpus.parent))


def test_the_validator_misses_files(tmp_path: Path) -> None:
    assert validate_elcc(tmp_path) == [
        "corpus.jsonl: missing",
        "corpus.structured.jsonl: missing",
        "metadata.json: missing",
    ]


@pytest.mark.parametrize(("form", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_graphs_open_elsewhere_with_all_that_was_measured(
    make_run: MakeRun, form: str, read: Callable[[Path], nx.DiGraph]
) -> None:
    graph = nx.gnp_random_graph(8, 0.3, seed=2, directed=True)
    run = make_run(
        graph,
        names=["<script>", "a\x01b", "\ud7ff\ufffe", "&", '"', "名前", "g", "h"],
        attributes={"club": ["x", None] * 4, "age": list(range(8)), "label": ["mine"] * 8, "<k>": [0.5] * 8},
        n_lexicons=1,
    )
    file = export_run(run, form)[0]
    found = read(file)
    trained = run.lexicon().splits["train"]
    assert set(found.edges) == {(str(a), str(b)) for a, b in run.edges().tolist()}
    node = found.nodes["0"]
    assert node["label"] == "<script>"
    assert (node["club"], node["age"], node["source_label"], node["<k>"]) == ("x", 0, "mine", 0.5)
    assert "club" not in found.nodes["1"]
    assert found.nodes["1"]["label"] == "a b"
    assert node["out_degree"] == graph.out_degree(0)
    assert node["dialect"] >= 1
    assert {"betweenness", "pagerank", "eigenvector", "core_number", "success_as_speaker"} <= node.keys()
    a, b = run.edges()[0].tolist()
    assert found.edges[str(a), str(b)]["success"] == pytest.approx(trained.success[a, b])


def test_gexf_brings_places_and_colours(karate_run: Run) -> None:
    graph = nx.read_gexf(export_run(karate_run, "gexf")[0])
    colours = {node["dialect"]: tuple(node["viz"]["color"].values()) for _, node in graph.nodes(data=True)}
    assert len(set(colours.values())) == len(colours) > 1
    places = {(node["viz"]["position"]["x"], node["viz"]["position"]["y"]) for _, node in graph.nodes(data=True)}
    assert len(places) == 34


def test_gexf_in_time(make_run: MakeRun) -> None:
    """Links 0–1 come and go; what the importer of Gephi asks for is asked for here: closed intervals, none touching."""
    gone = [(10, "edge-removed", 0, 1), (30, "edge-added", 0, 1), (40, "edge-removed", 0, 1), (50, "edge-added", 3, 0)]
    run = make_run(nx.path_graph(4), n_lexicons=3, changes=gone)
    file = export_run(run, "gexf")[1]
    assert file.name == "dynamic.gexf"
    graph = nx.read_gexf(file)
    assert graph.edges["0", "1"]["spells"] == [(0.0, 9.5), (30.0, 39.5)]
    assert graph.edges["1", "0"]["spells"] == [(0.0, 400.5)]
    assert graph.edges["3", "0"]["spells"] == [(50.0, 400.5)]
    node, history = graph.nodes["2"], dialects_over_time(run)
    dialect, times = (history.labels[:, 2] + 1).tolist(), [(0.0, 199.5), (200.0, 399.5), (400.0, 400.5)]
    assert node["dialect over time"] == [(d, *time) for d, time in zip(dialect, times, strict=True)]
    assert node["dialect"] == dialect[-1]
    assert [value for value, *_ in graph.nodes["0"]["links over time"]] == [1, 1, 1, 1, 2, 2, 2]
    success = run.lexicon(200).splits["train"].success
    assert node["success_as_speaker over time"][1][0] == pytest.approx(np.delete(success[2], 2).mean())

    space = "{http://www.gexf.net/1.2draft}"
    root = ElementTree.parse(file).getroot()
    declared = {}
    for attributes in root.iter(f"{space}attributes"):
        for attribute in attributes:
            declared[attributes.get("class"), attribute.get("id")] = attributes.get("mode")
    shape = root.find(f"{space}graph")
    assert shape is not None
    assert (root.tag, shape.get("mode"), shape.get("timeformat")) == (f"{space}gexf", "dynamic", "double")
    for kind in ("node", "edge"):
        for element in root.iter(f"{space}{kind}"):
            ends: dict[str | None, float] = {}
            for part in [*element.iter(f"{space}attvalue"), *element.iter(f"{space}spell")]:
                timed = part.get("start") is not None
                if part.tag.endswith("attvalue"):
                    assert declared[kind, part.get("for")] == ("dynamic" if timed else "static")
                if timed:
                    start, end = float(part.attrib["start"]), float(part.attrib["end"])
                    assert ends.get(part.get("for"), -1) < start < end
                    ends[part.get("for")] = end


def test_the_graph_in_time_comes_back_as_the_last_graph(make_run: MakeRun) -> None:
    gone = [(10, "edge-removed", 0, 1), (30, "edge-added", 0, 1), (40, "edge-removed", 0, 1), (50, "edge-added", 3, 0)]
    attributes = {"id": [5, 5, 5, 5], "viz": ["a"] * 4, "start": [1.5, None, 2.5, 3.0]}
    run = make_run(nx.path_graph(4), n_lexicons=3, changes=gone, attributes=attributes)
    last, in_time = map(read_topology, export_run(run, "gexf"))
    for part in ("sources", "targets", "weights", "positions"):
        np.testing.assert_array_equal(getattr(last, part), getattr(in_time, part))
    assert last.names == in_time.names
    assert last.attributes == in_time.attributes
    assert last.link_attributes == in_time.link_attributes
    assert (last.attributes["id"], last.attributes["source_viz"]) == ((5,) * 4, ("a",) * 4)
    early = read_topology(run.path / "exports" / "dynamic.gexf", at=5)
    assert early.n_edges == 6
    assert early.attributes["dialect"] == tuple((dialects_over_time(run).labels[0] + 1).tolist())
    assert early.attributes["links"] == (1, 2, 2, 1)


def test_a_link_that_comes_and_goes_at_once_was_never_there(make_run: MakeRun) -> None:
    both = [(10, "edge-added", 0, 3), (10, "edge-removed", 0, 3), (10, "edge-removed", 0, 1), (10, "edge-added", 0, 1)]
    run = make_run(nx.path_graph(4), n_lexicons=1, changes=both)
    spells = edge_spells(run)
    assert (0, 3) not in spells
    assert spells[0, 1] == [(0.0, 9.5), (10.0, 10.5)]


def test_tables_are_tidy(karate_run: Run, tmp_path: Path) -> None:
    written = export_run(karate_run.path, "csv", out=tmp_path / "elsewhere")
    tables = {file.stem: rows(file) for file in written}
    assert set(tables) == {"metrics", "agents", "edges", "pairs", "messages", "dialects"}
    assert tables["agents"][33]["club"] == "Officer"
    assert len(tables["pairs"]) == 2 * 34 * 34
    success = karate_run.lexicon().splits["held_out"].success
    row = next(
        row for row in tables["pairs"] if (row["split"], row["speaker"], row["listener"]) == ("held_out", "3", "9")
    )
    assert float(row["success"]) == pytest.approx(success[3, 9])
    assert (row["linked"], row["distance"]) == ("false", "2")
    held_out = karate_run.lexicon().splits["held_out"]
    alike = similarity_matrix(held_out.messages, lengths=held_out.lengths)
    assert float(row["similarity"]) == pytest.approx(alike[3, 9])
    history = dialects_over_time(karate_run)
    assert [int(row["dialect"]) for row in tables["dialects"]] == (history.labels.ravel() + 1).tolist()
    assert tables["dialects"][40] == {
        "step": "200",
        "agent": "6",
        "name": "6",
        "dialect": str(history.labels[1, 6] + 1),
    }
    assert len(tables["messages"]) == 34 * 27
    assert tables["messages"][0]["message"].split()[-1] == "0"
    assert len(tables["edges"]) == 156
    assert len(tables["metrics"]) == karate_run.metric_rows().num_rows


def test_parquet_holds_the_same_tables(make_run: MakeRun) -> None:
    gone = [(10, "edge-removed", 0, 1), (10, "edge-removed", 1, 0)]
    run = make_run(nx.path_graph(3), n_lexicons=2, names=["a", "b", "c"], changes=gone)
    parquet = {file.stem: pd.read_parquet(file) for file in export_run(run, "parquet")}
    messages = parquet["messages"]["message"]
    assert [len(message) for message in messages] == parquet["messages"]["length"].tolist()
    parquet["messages"]["message"] = [" ".join(map(str, message)) for message in messages]
    for file in export_run(run, "csv"):
        pd.testing.assert_frame_equal(pd.read_csv(file), parquet[file.stem], check_dtype=False)
    assert parquet["degrees"]["links"].tolist() == [1, 2, 1, *[0, 1, 1] * 2]


def test_names_stand_beside_numbers_and_nothing_runs_in_a_spreadsheet(make_run: MakeRun, tmp_path: Path) -> None:
    names = ["=1+1", "Zoë", "@c"]
    run = make_run(nx.path_graph(3), n_lexicons=2, names=names, attributes={"+note": ["-x", None, "é"]})
    csv_of = {file.stem: file for file in export_run(run, "csv", out=tmp_path / "X")}
    assert {file.parent for file in csv_of.values()} == {tmp_path / "X"}
    raw = {file.stem: file for file in export_run(run, "parquet")}
    assert csv_of["agents"].read_bytes().startswith(b"\xef\xbb\xbf")
    assert csv_of["metrics"].read_bytes().isascii()
    harmless = {name: f"'{name}" if name[0] in "=@" else name for name in names}
    for table, columns in {
        "edges": ("source_name", "target_name"),
        "pairs": ("speaker_name", "listener_name"),
        "messages": ("name",),
        "dialects": ("name",),
        "agents": ("name",),
    }.items():
        parquet = pd.read_parquet(raw[table])
        read = {
            "pandas": pd.read_csv(csv_of[table]),
            "polars": pl.read_csv(csv_of[table]).to_pandas(),
            "duckdb": duckdb.read_csv(str(csv_of[table])).df(),
        }
        for column in columns:
            number = column.removesuffix("name").rstrip("_") or "agent"
            assert parquet[column].tolist() == [names[agent] for agent in parquet[number]]
            for tool, frame in read.items():
                assert frame[column].tolist() == [harmless[name] for name in parquet[column]], (tool, table)
    assert pd.read_csv(csv_of["agents"])["'+note"].tolist()[::2] == ["'-x", "é"]
    assert pd.read_parquet(raw["agents"])["+note"].tolist()[::2] == ["-x", "é"]


def test_a_workbook_has_all_tables(make_run: MakeRun, tmp_path: Path) -> None:
    run = make_run(nx.path_graph(3), n_lexicons=1, names=["=1+1", "Zoë", "http://a.b"])
    [file] = export_run(run, "xlsx", out=tmp_path / "book.xlsx")
    assert file == tmp_path / "book.xlsx"
    assert export_run(run, "xlsx", out=tmp_path / "folder") == [tmp_path / "folder" / "tables.xlsx"]
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["metrics", "agents", "edges", "pairs", "messages", "dialects"]
    heading, *lines = book["agents"].iter_rows()
    column = [cell.value for cell in heading].index("name")
    assert [(line[column].value, line[column].data_type) for line in lines][:2] == [("=1+1", "s"), ("Zoë", "s")]
    agents = pd.read_excel(file, sheet_name="agents")
    raw = next(one for one in export_run(run, "parquet") if one.stem == "agents")
    pd.testing.assert_frame_equal(agents, pd.read_parquet(raw), check_dtype=False)


def test_a_workbook_needs_its_package(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.analysis.views.formats.has_xlsx", lambda: False)
    with pytest.raises(ConfigurationError, match=r"xlsx needs one more package: `pip install 'hubbub\[xlsx\]'`"):
        export_run(make_run(nx.path_graph(2), n_lexicons=1), "xlsx")


@pytest.mark.parametrize("form", ["elcc", "graphml", "gexf", "csv", "parquet"])
def test_files_go_into_the_folder_that_is_named(make_run: MakeRun, tmp_path: Path, form: str) -> None:
    run = make_run(nx.path_graph(2), n_lexicons=1)
    files = {file.relative_to(tmp_path / "X") for file in export_run(run, form, out=tmp_path / "X")}
    assert {file.parts[0] for file in files} >= {
        {"elcc": "corpus.jsonl", "graphml": "graph.graphml", "gexf": "graph.gexf"}.get(form, f"metrics.{form}")
    }
    if form == "graphml":
        assert export_run(run, form, out=tmp_path / "mine.graphml") == [tmp_path / "mine.graphml"]


def test_no_path_is_told_as_inf(make_run: MakeRun) -> None:
    files = export_run(make_run(nx.empty_graph(3), n_lexicons=1), "csv")
    pairs = next(rows(file) for file in files if file.stem == "pairs")
    assert {row["distance"] for row in pairs} == {"0", "inf"}


@pytest.mark.parametrize("form", list(PopulationView().formats()))
def test_one_agent_alone_can_be_exported(make_run: MakeRun, form: str) -> None:
    run = make_run(nx.empty_graph(1), n_lexicons=1)
    assert all(file.stat().st_size for file in export_run(run, form))


def test_what_cannot_be_done_is_told(make_run: MakeRun) -> None:
    run = make_run(nx.path_graph(2), n_lexicons=1)
    with pytest.raises(
        ConfigurationError,
        match="format: expected one of elcc, graphml, gexf, csv, parquet for a run of system population, "
        "got 'graphm'; did you mean 'graphml'",
    ):
        export_run(run, "graphm")
    (run.path / "exports").write_text("a file in the way")
    with pytest.raises(StoreError, match="cannot be written"):
        export_run(run, "gexf")


def test_labels_agree_with_the_clusters(karate_run: Run) -> None:
    agents = next(file for file in export_run(karate_run, "csv") if file.stem == "agents")
    trained = karate_run.lexicon().splits["train"]
    labels = cluster(similarity_matrix(trained.messages, lengths=trained.lengths)).labels
    np.testing.assert_array_equal([int(row["dialect"]) for row in rows(agents)], labels + 1)
