import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import Lexicon, RunWriter, open_run
from hubbub.simulator.store.manifest import Manifest, Part, part_name

WITHOUT_TORCH = """
import sys
from hubbub.simulator.store import open_run
run = open_run(sys.argv[1])
assert run.status == "running" and run.lexicon_steps() == [] and run.checkpoints() == []
assert not {"torch", "pyarrow", "safetensors"} & sys.modules.keys()
run.metric_rows(), run.events()
assert "torch" not in sys.modules
"""


def test_opening_a_run_loads_neither_torch_nor_pyarrow(writer: RunWriter) -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_TORCH, str(writer.path)], check=True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, r"not a run directory \(run.json is missing\)"),
        ("", "cannot read .*run.json: Expecting value"),
        ('{"schema_version": 3,', "cannot read .*run.json: Expecting property name"),
        ("[1]", "cannot read .*run.json: expected a JSON object, got list"),
        ("[" * 100_000, "cannot read .*run.json"),
        (b"\xff\xfe{}", "cannot read .*run.json"),
        ("{}", "schema_version: expected 3, got None; the run was written by another version"),
        ('{"schema_version": 1}', "schema_version: expected 3, got 1"),
        ('{"schema_version": 3, "name": 3}', "name: expected str, got 3"),
        ('{"schema_version": 3, "name": "", "status": "", "step": "4"}', "step: expected int, got '4'"),
        ('{"schema_version": 3, "name": "", "status": "", "step": 4, "seed": 0}', "configuration: expected dict"),
    ],
)
def test_what_is_no_run_is_refused(tmp_path: Path, content: str | bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "run.json").write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(StoreError, match=reason):
        open_run(tmp_path)


def test_a_missing_folder_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere: not a run directory"):
        open_run(str(tmp_path / "nowhere"))


def test_an_unreadable_folder_is_named(writer: RunWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    for name in ("exists", "is_file", "read_bytes"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, name, refuse)
            with pytest.raises(StoreError, match=r"cannot read .*run\.json: Permission denied"):
                open_run(writer.path)


def test_a_run_is_found_through_a_link_but_reads_nothing_outside(writer: RunWriter, tmp_path: Path) -> None:
    (tmp_path / "latest").symlink_to(writer.path)
    assert open_run(tmp_path / "latest").path == writer.path
    (tmp_path / "elsewhere").mkdir()
    (writer.path / "run.json").rename(tmp_path / "elsewhere" / "run.json")
    (writer.path / "run.json").symlink_to(tmp_path / "elsewhere" / "run.json")
    with pytest.raises(StoreError, match=r"run\.json, which is outside of"):
        open_run(writer.path)


@pytest.mark.parametrize("folder", ["metrics", "events", "lexicon", "checkpoints", "topology"])
def test_folders_that_lead_outside_are_refused(
    writer: RunWriter, tmp_path: Path, make_lexicon: Callable[..., Lexicon], folder: str
) -> None:
    writer.append_rows("metrics", 1, [{"name": "loss", "value": 1}])
    writer.append_rows("events", 1, [{"kind": "edge-added", "source": 0, "target": 1}])
    writer.write_snapshot(make_lexicon(1))
    write_edges(writer, [(0, 1)])
    writer.checkpoint(1, {"w": torch.ones(1)}, {})
    (writer.path / folder).rename(tmp_path / "elsewhere")
    (writer.path / folder).symlink_to(tmp_path / "elsewhere")
    run = open_run(writer.path)
    reads = {
        "metrics": run.metrics,
        "events": run.events,
        "lexicon": run.lexicon,
        "checkpoints": run.checkpoints,
        "topology": run.edge_weights,
    }
    with pytest.raises(StoreError, match=r"elsewhere.*, which is outside of"):
        reads[folder]()


def test_a_part_that_leads_outside_is_refused(writer: RunWriter, create: Callable[..., RunWriter]) -> None:
    other = create("other")
    for each in (writer, other):
        each.append_rows("metrics", 1, [{"name": "loss", "value": 1}])
        each.flush()
    [part] = (writer.path / "metrics").iterdir()
    part.unlink()
    part.symlink_to(other.path / "metrics" / part.name)
    with pytest.raises(StoreError, match="outside of"):
        open_run(writer.path).metric_rows()


def test_a_metric_is_the_rows_about_the_whole_system_sorted_by_step(writer: RunWriter) -> None:
    for step, value in ((0, 0.5), (10, 0.75)):
        writer.append_rows(
            "metrics", step, [{"name": "success_over_links", "value": value}, {"name": "loss", "value": -value}]
        )
        writer.append_rows(
            "metrics", step, [{"name": "loss", "value": 9, "agent": 1}, {"name": "age", "value": 1, "split": "a"}]
        )
        writer.flush()
    run = open_run(writer.path)
    steps, values = run.metric("loss")
    assert (steps.tolist(), values.tolist()) == ([0, 10], [-0.5, -0.75])
    message = (
        "metric: expected one of loss, success_over_links, got 'succes_over_links'; did you mean 'success_over_links'"
    )
    with pytest.raises(StoreError, match=message):
        run.metric("succes_over_links")
    with pytest.raises(StoreError, match="got 'age'"):
        run.metric("age")


def test_a_metric_of_a_run_that_recorded_nothing(writer: RunWriter) -> None:
    with pytest.raises(StoreError, match=r"expected one that was recorded \(none was yet\), got 'loss'"):
        open_run(writer.path).metric("loss")


def test_a_run_is_a_snapshot(writer: RunWriter) -> None:
    run = open_run(writer.path)
    assert len(run.metric_rows()) == 0
    writer.append_rows("metrics", 1, [{"name": "loss", "value": 1}])
    writer.flush()
    assert len(run.metric_rows()) == 0
    assert len(open_run(writer.path).metric_rows()) == 1


def test_agents(writer: RunWriter) -> None:
    columns = {
        "agent": [1, 0],
        "name": ["Hi", "Mr"],
        "x": [0.5, 1.5],
        "y": [-1.0, 0.0],
        "attribute:club": ["Officer", None],
        "attribute:age": [3, 4],
    }
    writer.write_table("agents.parquet", pa.table(columns))
    agents = open_run(writer.path).agents()
    assert agents.names == ("Mr", "Hi")
    assert agents.positions is not None
    assert agents.positions.tolist() == [[1.5, 0.0], [0.5, -1.0]]
    assert agents.attributes == {"club": (None, "Officer"), "age": (4, 3)}
    writer.write_table("agents.parquet", pa.table({"agent": [0], "name": ["only"]}))
    assert open_run(writer.path).agents().positions is None


def test_a_run_without_agents(writer: RunWriter) -> None:
    with pytest.raises(StoreError, match=r"agents\.parquet: missing"):
        open_run(writer.path).agents()


def write_edges(writer: RunWriter, pairs: list[tuple[int, int]], weights: list[float | None] | None = None) -> None:
    sources, targets = [source for source, _ in pairs], [target for _, target in pairs]
    values = pa.array(weights or [None] * len(pairs), pa.float64())
    columns = {"source": pa.array(sources, pa.int64()), "target": pa.array(targets, pa.int64()), "weight": values}
    writer.write_table("topology/edges.parquet", pa.table(columns))


def test_edges_follow_the_events(writer: RunWriter) -> None:
    write_edges(writer, [(2, 0), (0, 1), (1, 2)], [3.0, 1.0, 2.0])
    writer.append_rows("events", 5, [{"kind": "edge-removed", "source": 0, "target": 1}])
    writer.append_rows("events", 5, [{"kind": "edge-added", "source": 0, "target": 12}])
    writer.append_rows("events", 6, [{"kind": "halt", "source": 1, "target": 2}])
    writer.append_rows("events", 7, [{"kind": "edge-added", "source": 0, "target": 1}])
    writer.append_rows("events", 7, [{"kind": "edge-removed", "source": 0, "target": 12}])
    writer.append_rows("events", 7, [{"kind": "edge-added", "source": 0, "target": 12}])
    writer.append_rows("events", 9, [{"kind": "edge-removed", "source": 2, "target": 0}])
    writer.close()
    run = open_run(writer.path)
    assert run.edges(0).tolist() == run.edges(4).tolist() == [[0, 1], [1, 2], [2, 0]]
    assert run.edges(5).tolist() == run.edges(6).tolist() == [[0, 12], [1, 2], [2, 0]]
    assert run.edges(7).tolist() == [[0, 1], [0, 12], [1, 2], [2, 0]]
    assert run.edges().tolist() == [[0, 1], [0, 12], [1, 2]]
    weights = run.edge_weights()
    assert weights is not None
    assert weights.tolist() == [1.0, 2.0, 3.0]


def test_edges_of_a_graph_without_any(writer: RunWriter) -> None:
    write_edges(writer, [])
    run = open_run(writer.path)
    assert run.edges().shape == (0, 2)
    write_edges(writer, [(0, 1)])
    assert open_run(writer.path).edge_weights() is None


pairs = st.tuples(st.integers(0, 3), st.integers(0, 3))


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.sets(pairs), changes=st.lists(st.tuples(st.booleans(), pairs), max_size=12), step=st.integers(0, 12))
def test_edges_are_what_a_set_would_hold(
    tmp_path_factory: pytest.TempPathFactory,
    first: set[tuple[int, int]],
    changes: list[tuple[bool, tuple[int, int]]],
    step: int,
) -> None:
    folder = tmp_path_factory.mktemp("runs") / "run"
    with RunWriter.create(folder, name="", seed=0, configuration={}, versions={}) as writer:
        write_edges(writer, list(first))
        for at, (added, (source, target)) in enumerate(changes):
            kind = "edge-added" if added else "edge-removed"
            writer.append_rows("events", at, [{"kind": kind, "source": source, "target": target}])
    expected = set(first)
    for added, pair in changes[: step + 1]:
        (expected.add if added else expected.discard)(pair)
    edges = open_run(folder).edges(step)
    assert [tuple(pair) for pair in edges.tolist()] == sorted(expected)
    assert edges.dtype == np.int64


def test_lexicons(writer: RunWriter, make_lexicon: Callable[..., Lexicon]) -> None:
    run = open_run(writer.path)
    with pytest.raises(StoreError, match="no lexicon was recorded yet"):
        run.lexicon()
    for step in (0, 500, 1000):
        writer.write_snapshot(make_lexicon(step))
    writer.flush()
    run = open_run(writer.path)
    assert run.lexicon_steps() == [0, 500, 1000]
    assert run.lexicon().step == 1000
    expected = make_lexicon(500).splits["train"]
    assert np.array_equal(run.lexicon(500).splits["train"].messages, expected.messages)
    with pytest.raises(StoreError, match="expected one of 3 recorded steps, 0 … 1000, got 501; the nearest is 500"):
        run.lexicon(501)


def test_a_step_has_one_lexicon(writer: RunWriter, make_lexicon: Callable[..., Lexicon]) -> None:
    writer.write_snapshot(make_lexicon(5, n=2))
    with pytest.raises(
        StoreError, match="lexicon/messages: expected one snapshot of a step, got a second one of step 5"
    ):
        writer.write_snapshot(make_lexicon(5, n=4))


def test_referents(writer: RunWriter) -> None:
    columns = {
        "referent": [3, 1, 9],
        "split": ["train", "train", "held_out"],
        "attribute_0": [0, 1, 2],
        "size": [5, 6, 7],
    }
    writer.write_table("referents.parquet", pa.table(columns))
    run = open_run(writer.path)
    ids, attributes, names = run.referents("train")
    assert (ids.tolist(), attributes.tolist(), names) == ([3, 1], [[0, 5], [1, 6]], ("attribute_0", "size"))
    with pytest.raises(
        StoreError, match="split: expected one of train, held_out, got 'heldout'; did you mean 'held_out'"
    ):
        run.referents("heldout")


def test_a_referent_that_is_there_twice_is_refused(writer: RunWriter) -> None:
    columns = {"referent": [3, 3], "split": ["train", "train"], "shape": [0, 1]}
    writer.write_table("referents.parquet", pa.table(columns))
    with pytest.raises(
        StoreError, match=r"referents\.parquet: column 'referent': expected every number once in split 't"
    ):
        open_run(writer.path).referents("train")


def test_more_links_than_pairs_of_agents_are_refused_before_they_are_read(writer: RunWriter) -> None:
    writer.write_table("agents.parquet", pa.table({"agent": [0, 1], "name": ["a", "b"]}))
    links = pa.table({"source": [0] * 5, "target": [1] * 5, "weight": pa.nulls(5, pa.float64())})
    with pytest.raises(StoreError, match=r"edges\.parquet: expected at most 4 links, got 5"):
        writer.write_table("topology/edges.parquet", links)
        open_run(writer.path)


def test_a_part_with_more_rows_than_any_is_refused_before_it_is_read() -> None:
    about = {"size_bytes": 9, "sha256": "0" * 64, "first": 1, "last": 1}
    manifest = Manifest()
    manifest.apply(Manifest().line([Part(part_name("metrics", 1, 1), rows=1_000_000, **about)]))
    with pytest.raises(ValueError, match="expected at most 1,000,000 rows, got 1,000,001"):
        manifest.apply(manifest.line([Part(part_name("metrics", 1, 2), rows=1_000_001, **about)]))
