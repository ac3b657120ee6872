from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import Lexicon, RunWriter, open_run
from hubbub.simulator.store.schemas import COLUMNS
from hubbub.simulator.store.tables import encode, read_table


def parts(run: Path, name: str = "metrics") -> list[str]:
    return sorted(path.name for path in (run / name).iterdir())


def row(value: float, **dimensions: int | str) -> dict[str, float | int | str]:
    return {"name": "loss", "value": value, **dimensions}


def test_rows_come_back_in_order_with_nulls_where_nothing_was_said(writer: RunWriter) -> None:
    writer.append_rows("metrics", 3, [row(np.float32(0.5), agent=np.int64(4)), row(2, split="train")])
    writer.flush()
    writer.append_rows("metrics", 4, [row(float("inf"), listener=1, distance=2)])
    writer.flush()
    writer.flush()
    assert [name[:15] for name in parts(writer.path)] == ["part-0000000003", "part-0000000004"]
    nothing = dict.fromkeys(["agent", "listener", "split", "distance", "copy", "network"])
    assert open_run(writer.path).metric_rows().to_pylist() == [
        {"step": 3, "name": "loss", "value": 0.5, **nothing, "agent": 4},
        {"step": 3, "name": "loss", "value": 2.0, **nothing, "split": "train"},
        {"step": 4, "name": "loss", "value": float("inf"), **nothing, "listener": 1, "distance": 2},
    ]


def test_an_unknown_column_is_refused_with_the_nearest(writer: RunWriter) -> None:
    with pytest.raises(StoreError, match=r"column of metrics: expected one of step, .*'distanse'; did you mean 'dist"):
        writer.append_rows("metrics", 0, [row(1, distanse=2)])


def test_steps_that_decrease_are_refused(writer: RunWriter) -> None:
    writer.append_rows("metrics", 5, [row(1)])
    with pytest.raises(StoreError, match="metrics: expected steps that do not decrease, got 4 after a later one"):
        writer.append_rows("metrics", 4, [row(1)])
    with pytest.raises(StoreError, match="series: expected steps that do not decrease"):
        writer.append("series", {"step": [1, 0], "copy": [0, 0]})


def test_the_rows_that_wait_are_bounded(writer: RunWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.simulator.store.writer.MOST_WAITING", 3)
    writer.append_rows("metrics", 1, [row(0), row(1)])
    assert open_run(writer.path).metric_rows().num_rows == 0
    writer.append_rows("metrics", 1, [row(2)])
    writer.append_rows("metrics", 2, [row(3)])
    assert open_run(writer.path).metric_rows()["value"].to_pylist() == [0, 1, 2]


def test_rows_that_waited_long_enough_are_written(writer: RunWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("hubbub.simulator.store.writer.monotonic", lambda: now[0])
    for seconds, seen in ((0.0, 1), (0.5, 1), (1.0, 1), (2.5, 4)):
        now[0] = 100 + seconds
        writer.append_rows("metrics", 1, [row(0)])
        writer.flush_when_due()
        assert open_run(writer.path).metric_rows().num_rows == seen


def test_no_parts_are_an_empty_table_with_all_columns(writer: RunWriter) -> None:
    assert open_run(writer.path).metric_rows().column_names == list(COLUMNS["metrics"])
    assert open_run(writer.path).metric_rows().num_rows == 0


def damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def pickled(path: Path) -> None:
    path.write_bytes(b"\x80\x04N.")


def lacking(path: Path) -> None:
    pq.write_table(pa.table({"step": [1], "value": [1.0]}), path)


def mistyped(path: Path) -> None:
    pq.write_table(pa.table({"step": ["one"], "name": ["loss"]}), path)


def twice(path: Path) -> None:
    pq.write_table(pa.table([pa.array([1]), pa.array([2]), pa.array(["a"])], names=["step", "step", "name"]), path)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (damaged, ""),
        (pickled, ""),
        (lacking, "column 'name' is missing"),
        (mistyped, "column 'step': expected int64, got string"),
        (twice, "column 'step': expected once, got 2 times"),
        (Path.unlink, "missing"),
    ],
)
def test_a_damaged_table_is_named(tmp_path: Path, damage: Callable[[Path], None], reason: str) -> None:
    pq.write_table(pa.table({"step": [1], "name": ["loss"]}), tmp_path / "table.parquet")
    damage(tmp_path / "table.parquet")
    with pytest.raises(StoreError, match=rf"table\.parquet: .*{reason}"):
        read_table(tmp_path, "table.parquet", {"step": "int64", "name": "string"})


def test_a_table_that_says_it_is_huge_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.simulator.store.decoded_size.MOST_DECODED_BYTES", 2**20)
    pq.write_table(pa.table({"step": np.zeros(200_000, np.int64)}), tmp_path / "table.parquet")
    assert (tmp_path / "table.parquet").stat().st_size < 2000
    with pytest.raises(StoreError, match=r"expected at most 1,048,576 bytes of values, got 1,600,000"):
        read_table(tmp_path, "table.parquet", {})


def forged(table: pa.Table, size: int, **options: Any) -> bytes:
    """Return a Parquet file whose first page says that it has `size` bytes when it is decompressed.

    The header is thrift type 5 (a whole number) for its fields 1 to 4: kind, this size, size as it is, checksum. The
    room of the checksum, which need not be there, is used for the longer number.
    """
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True, **options)
    content = bytearray(sink.getvalue().to_pybytes())
    column = pq.ParquetFile(pa.BufferReader(bytes(content))).metadata.row_group(0).column(0)
    first = place = column.dictionary_page_offset or column.data_page_offset
    fields = []
    for _ in range(4):
        end = next(end for end in range(place + 1, len(content)) if content[end] < 128) + 1
        fields.append(bytes(content[place + 1 : end]))
        place = end
    claim = bytes((size << 1 >> shift & 127) | (128 if shift < 28 else 0) for shift in range(0, 35, 7))
    head = b"\x15" + fields[0] + b"\x15" + claim + b"\x15"
    packed = sum((byte & 127) << 7 * number for number, byte in enumerate(fields[2]))
    room = place - first - len(head)
    head += bytes((packed >> 7 * number & 127) | (128 if number < room - 1 else 0) for number in range(room))
    content[first : place + 1] = head + bytes([content[place] + 0x10])  # the next field is two further on, not one
    return bytes(content)


@pytest.mark.parametrize(
    "options", [{"use_dictionary": False}, {}, {"use_dictionary": False, "data_page_version": "2.0"}]
)
def test_a_page_that_says_it_is_huge_is_not_decompressed(tmp_path: Path, options: dict[str, Any]) -> None:
    content = forged(pa.table({"step": np.arange(100)}), 2**31 - 1, **options)
    (tmp_path / "table.parquet").write_bytes(content)
    before = pa.default_memory_pool().max_memory()
    with pytest.raises(
        StoreError, match=r"table\.parquet: expected at most 1,073,741,824 bytes of values, got 2,147,48"
    ):
        read_table(tmp_path, "table.parquet", {"step": "int64"})
    assert pa.default_memory_pool().max_memory() - before < 2**24


def test_a_table_without_rows_is_read(tmp_path: Path) -> None:
    empty = pa.table({"source": pa.array([], pa.int64()), "name": pa.array([], pa.string())})
    (tmp_path / "edges.parquet").write_bytes(encode(empty))
    assert read_table(tmp_path, "edges.parquet", {"source": "int64"}) == empty


@pytest.mark.parametrize("nested", [False, True])
def test_a_text_that_is_written_once_and_meant_often_is_counted_often(tmp_path: Path, nested: bool) -> None:
    texts = pa.DictionaryArray.from_arrays(np.zeros(20_000, np.int32), pa.array(["a" * 10**5]))
    if nested:
        texts = pa.ListArray.from_arrays(np.arange(20_001, dtype=np.int32), texts)
    pq.write_table(pa.table({"step": np.arange(20_000), "name": texts}), tmp_path / "table.parquet")
    with pytest.raises(
        StoreError, match=r"table\.parquet: expected at most 1,073,741,824 bytes of texts, got 2,000,000,000"
    ):
        read_table(tmp_path, "table.parquet", {"step": "int64"})


def test_texts_of_which_each_begins_as_the_one_before_are_not_read(tmp_path: Path) -> None:
    table = pa.table({"name": ["abc", "abd"]})
    encoding = {"name": "DELTA_BYTE_ARRAY"}
    pq.write_table(table, tmp_path / "table.parquet", use_dictionary=False, column_encoding=encoding)
    with pytest.raises(StoreError, match="expected texts that are written whole"):
        read_table(tmp_path, "table.parquet", {})


def test_a_run_opens_in_pandas_polars_and_duckdb(writer: RunWriter, make_lexicon: Callable[..., Lexicon]) -> None:
    writer.append_rows("metrics", 1, [row(0.5)])
    writer.flush()
    writer.append_rows("metrics", 2, [row(0.25, agent=3, split="train", distance=1)])
    writer.append_rows(
        "events", 2, [{"kind": "edge-added", "source": 0, "target": 1}, {"kind": "halt", "detail": '{"why": 1}'}]
    )
    lexicon = make_lexicon(5, splits=("train", "held_out"))
    writer.write_snapshot(lexicon)
    writer.close()
    split = lexicon.splits["held_out"]
    metrics, events = f"{writer.path}/metrics/*.parquet", f"{writer.path}/events/*.parquet"
    messages = f"{writer.path}/lexicon/messages/*.parquet"
    success = f"{writer.path}/lexicon/success/*.parquet"

    assert pl.scan_parquet(metrics).sort("step").collect()["agent"].to_list() == [None, 3]
    assert pl.read_parquet(events)["detail"].to_list() == [None, '{"why": 1}']
    said = pl.read_parquet(messages).filter(split="held_out", agent=1, referent=int(split.referents[2]))
    assert said["message"].to_list() == [split.messages[1, 2].tolist()]

    with duckdb.connect() as database:
        rows = database.sql(f"select step, value, agent, split from '{metrics}' order by step").fetchall()
        assert rows == [(1, 0.5, None, None), (2, 0.25, 3, "train")]
        query = f"select success from '{success}' where split = 'held_out' and speaker = 2 and listener = 1"
        assert database.sql(query).fetchall() == [(split.success[2, 1],)]
        query = f"select message[1] from '{messages}' where split = 'train' and agent = 0 and length > 0"
        assert [first for (first,) in database.sql(query).fetchall()] == lexicon.splits["train"].messages[
            0, :, 0
        ].tolist()

    frame = (
        pd.read_parquet(writer.path / "lexicon" / "success")
        .query("split == 'train'")
        .pivot(index="speaker", columns="listener", values="success")
    )
    assert np.array_equal(frame.to_numpy(), lexicon.splits["train"].success)
    assert pd.read_parquet(writer.path / "metrics")["value"].tolist() == [0.5, 0.25]
    assert (
        pd.read_parquet(writer.path / "lexicon" / "messages")["message"].iloc[0].tolist()
        == lexicon.splits["train"].messages[0, 0].tolist()
    )
    assert len(open_run(writer.path).events()) == 2
