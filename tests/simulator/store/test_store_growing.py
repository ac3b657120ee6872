"""Growing tables: few parts however many records, the same rows and the same files however they came to the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import Lexicon, RunWriter, check_unchanged, load_checkpoint, open_run, reader, verify
from hubbub.simulator.store.growing import FAN, due
from hubbub.simulator.store.manifest import Manifest, Part, spans, steps_of
from hubbub.simulator.store.tables import decode, encode

ABOUT = {"name": "karate", "seed": 7, "configuration": {}, "versions": {}}


def part(level: int, rows: int = 1) -> Part:
    return Part("metrics/part-0000000000-000001.parquet", 1, "0" * 64, rows, 0, 0, level)


@pytest.mark.parametrize(
    ("levels", "merged"),
    [
        ([], 0),
        ([0] * (FAN - 1), 0),
        ([0] * FAN, FAN),
        ([1] + [0] * (FAN - 1), 0),
        ([1] + [0] * FAN, FAN),
        ([1] * (FAN - 1) + [0] * (FAN - 1), 0),
        ([2] + [1] * FAN + [0], FAN + 1),
    ],
)
def test_parts_are_merged_as_the_digits_of_a_counter_are(levels: list[int], merged: int) -> None:
    assert len(due([part(level) for level in levels])) == merged


def test_a_large_part_is_left_alone() -> None:
    assert len(due([part(0, 300_000)] * FAN)) == 0
    assert len(due([part(0), part(0, 300_000), *[part(0)] * FAN])) == FAN


@given(st.lists(st.integers(0, 60), unique=True).map(sorted))
def test_steps_are_kept_as_evenly_spaced_stretches(steps: list[int]) -> None:
    assert steps_of(spans(steps)) == steps
    assert len(spans(range(0, 10**6, 50))) == 1


def walk(folder: Path, n: int, *, checkpoint_every: int, flushes: set[int] | range) -> Path:
    with RunWriter.create(folder, **ABOUT) as writer:
        for step in range(n):
            writer.append_rows("events", step, [{"kind": "edge-added", "source": step, "target": 0}])
            writer.append_rows("metrics", step, [{"name": "loss", "value": step}])
            if step in flushes:
                writer.flush()
            if step % checkpoint_every == 0 or step == n - 1:
                writer.checkpoint(step, {"w": torch.ones(1)}, {})
    return folder


@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(every=st.integers(1, 9), flushes=st.sets(st.integers(0, 23)))
def test_when_rows_are_flushed_changes_no_file(
    tmp_path_factory: pytest.TempPathFactory, tree: Callable, every: int, flushes: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    one = walk(folder / "one", 24, checkpoint_every=every, flushes=flushes)
    other = walk(folder / "other", 24, checkpoint_every=every, flushes=set())
    assert open_run(one).metric_rows()["step"].to_pylist() == list(range(24))
    assert open_run(one).events()["step"].to_pylist() == list(range(24))
    first, second = ({name: file for name, file in tree(path).items() if name != "run.json"} for path in (one, other))
    assert first == second
    assert verify(one).problems == ()


@pytest.mark.parametrize("checkpoint_every", [1, 1000])
def test_there_are_few_parts_however_many_records(tmp_path: Path, checkpoint_every: int) -> None:
    n = 100
    run = walk(tmp_path / "run", n, checkpoint_every=checkpoint_every, flushes=range(n))
    assert len(list((run / "metrics").iterdir())) < 3 * FAN + 3
    assert open_run(run).metric_rows().num_rows == n
    assert (run / "manifest.jsonl").stat().st_size < 20_000


def test_the_manifest_is_written_again_when_most_of_it_is_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.simulator.store.journal.COMPACT_FROM_BYTES", 2000)
    sizes = []
    with RunWriter.create(tmp_path / "run", **ABOUT) as writer:
        for step in range(60):
            writer.append_rows("metrics", step, [{"name": "loss", "value": step}])
            writer.checkpoint(step, {"w": torch.ones(1)}, {})
            sizes.append((writer.path / "manifest.jsonl").stat().st_size)
            check_unchanged(writer.path, load_checkpoint(writer.path))
        assert max(sizes) < 40_000
        assert min(sizes[20:]) < max(sizes) / 3
    assert verify(tmp_path / "run").problems == ()


def test_all_lexicons_are_read_with_one_read_of_each_part(
    writer: RunWriter, make_lexicon: Callable[..., Lexicon], monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in range(0, 700, 10):
        writer.write_snapshot(make_lexicon(step))
        writer.flush()
    writer.close()
    reads = []
    read = reader.read_part
    monkeypatch.setattr(reader, "read_part", lambda run, part: (reads.append(part.name), read(run, part))[1])
    run = open_run(writer.path)
    assert run.lexicon_steps() == list(range(0, 700, 10))
    for step in run.lexicon_steps():
        assert (run.lexicon(step).splits["train"].messages == make_lexicon(step).splits["train"].messages).all()
    assert len(reads) == len(set(reads)) == len(list((writer.path / "lexicon").glob("*/*"))) < 20


def test_a_reader_follows_a_merge(writer: RunWriter, make_lexicon: Callable[..., Lexicon]) -> None:
    for step in range(FAN - 1):
        writer.write_snapshot(make_lexicon(step))
        writer.append_rows("metrics", step, [{"name": "loss", "value": step}])
        writer.flush()
    run = open_run(writer.path)
    writer.write_snapshot(make_lexicon(FAN))
    writer.append_rows("metrics", FAN, [{"name": "loss", "value": FAN}])
    writer.flush()
    assert run.lexicon(1).step == 1
    assert run.metric_rows().num_rows == FAN


def test_a_part_with_a_foreign_column_is_refused_in_words_by_the_writer_too(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", **ABOUT) as writer:
        writer.append_rows("metrics", 1, [{"name": "loss", "value": 0.5}])
    manifest = Manifest.read(writer.path)
    [made] = manifest.parts.values()
    foreign = decode((writer.path / made.name).read_bytes())
    foreign = foreign.set_column(0, "step", foreign["step"].cast(pa.timestamp("ns")))
    sealed = Part.of(made.name, encode(foreign), rows=made.rows, first=made.first, last=made.last)
    (writer.path / made.name).write_bytes(encode(foreign))
    manifest.parts[made.name] = sealed
    (writer.path / "manifest.jsonl").write_bytes(manifest.rewritten(()))
    with (
        RunWriter.reopen(writer.path) as again,
        pytest.raises(StoreError, match=r"metrics/part-.*: column 'step': expected int64, got timestamp\[ns\]"),
    ):
        again.rewind(2, metrics=lambda step: True, snapshots=lambda step: True)
