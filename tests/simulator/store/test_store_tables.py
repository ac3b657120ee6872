from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import Lexicon, RunWriter, open_run
from hubbub.simulator.store.files import Files
from hubbub.simulator.store.tables import COLUMNS, GrowingTable, read_parts, read_table


def parts(run: Path, name: str = "metrics") -> list[str]:
    return sorted(path.name for path in (run / name).iterdir())


def row(value: float, **dimensions: int | str) -> dict[str, float | int | str]:
    return {"name": "loss", "value": value, **dimensions}


def test_rows_come_back_in_order_with_nulls_where_nothing_was_said(tmp_path: Path) -> None:
    table = GrowingTable(Files(tmp_path), "metrics")
    table.append_rows(3, [row(np.float32(0.5), agent=np.int64(4)), row(2, split="train")])
    table.flush()
    table.append_rows(4, [row(float("inf"), listener=1, distance=2)])
    table.flush()
    table.flush()
    assert parts(tmp_path) == ["part-0000000003.parquet", "part-0000000004.parquet"]
    nothing = dict.fromkeys(["agent", "listener", "split", "distance", "copy", "network"])
    assert read_parts(tmp_path, "metrics").to_pylist() == [
        {"step": 3, "name": "loss", "value": 0.5, **nothing, "agent": 4},
        {"step": 3, "name": "loss", "value": 2.0, **nothing, "split": "train"},
        {"step": 4, "name": "loss", "value": float("inf"), **nothing, "listener": 1, "distance": 2},
    ]


def test_an_unknown_column_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"column of metrics: expected one of step, .*'distanse'; did you mean 'dist"):
        GrowingTable(Files(tmp_path), "metrics").append_rows(0, [row(1, distanse=2)])


def test_the_buffer_is_bounded_and_a_part_of_the_same_step_is_continued(tmp_path: Path) -> None:
    table = GrowingTable(Files(tmp_path), "metrics", max_rows=2)
    table.append_rows(1, [row(0), row(1), row(2)])
    assert read_parts(tmp_path, "metrics")["value"].to_pylist() == [0, 1, 2]
    table.append_rows(1, [row(3)])
    table.append_rows(2, [row(4)])
    table.append_rows(3, [row(5)])
    table.flush()
    assert parts(tmp_path) == ["part-0000000001.parquet", "part-0000000003.parquet"]
    assert read_parts(tmp_path, "metrics")["value"].to_pylist() == [0, 1, 2, 3, 4, 5]


def test_keep_touches_only_the_parts_that_lose_rows(tmp_path: Path) -> None:
    table = GrowingTable(Files(tmp_path), "events")
    for first in (0, 10, 20):
        for step in (first, first + 1):
            table.append_rows(step, [{"kind": "edge-added", "source": step}])
        table.flush()
    untouched = (tmp_path / "events" / "part-0000000000.parquet").stat().st_mtime_ns
    table.keep(lambda step: step in (0, 1, 11))
    assert parts(tmp_path, "events") == ["part-0000000000.parquet", "part-0000000010.parquet"]
    assert read_parts(tmp_path, "events")["source"].to_pylist() == [0, 1, 11]
    assert (tmp_path / "events" / "part-0000000000.parquet").stat().st_mtime_ns == untouched


def test_no_parts_are_an_empty_table_with_all_columns(tmp_path: Path) -> None:
    assert read_parts(tmp_path, "metrics").column_names == list(COLUMNS["metrics"])
    assert len(read_parts(tmp_path, "metrics")) == 0


def test_a_dimension_that_a_part_was_written_without_is_null_and_the_part_goes_on(tmp_path: Path) -> None:
    table = GrowingTable(Files(tmp_path), "metrics")
    table.append_rows(1, [row(1, copy=3)])
    table.flush()
    written = tmp_path / "metrics" / "part-0000000001.parquet"
    pq.write_table(pq.read_table(written).drop_columns(["network", "agent"]), written)
    [old] = read_parts(tmp_path, "metrics").to_pylist()
    assert (old["network"], old["agent"], old["copy"]) == (None, None, 3)
    table.append_rows(1, [row(2, network=4)])
    table.flush()
    assert read_parts(tmp_path, "metrics")["network"].to_pylist() == [None, 4]
    assert read_parts(tmp_path, "metrics").column_names == list(COLUMNS["metrics"])


def damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def pickled(path: Path) -> None:
    path.write_bytes(b"\x80\x04N.")


def lacking(path: Path) -> None:
    pq.write_table(pa.table({"step": [1], "value": [1.0]}), path)


def mistyped(path: Path) -> None:
    pq.write_table(pq.read_table(path).set_column(0, "step", pa.array(["one"])), path)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [(damaged, ""), (pickled, ""), (lacking, "column 'name' is missing"), (mistyped, "one"), (Path.unlink, "missing")],
)
def test_a_damaged_table_is_named(tmp_path: Path, damage: Callable[[Path], None], reason: str) -> None:
    table = GrowingTable(Files(tmp_path), "metrics")
    table.append_rows(1, [row(1)])
    table.flush()
    damage(tmp_path / "metrics" / "part-0000000001.parquet")
    with pytest.raises(StoreError, match=rf"part-0000000001\.parquet: .*{reason}"):
        read_table(tmp_path, "metrics/part-0000000001.parquet", COLUMNS["metrics"])


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
    messages = f"{writer.path}/lexicon/step-0000000005/messages.parquet"
    success = f"{writer.path}/lexicon/step-0000000005/success.parquet"

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
        pd.read_parquet(success).query("split == 'train'").pivot(index="speaker", columns="listener", values="success")
    )
    assert np.array_equal(frame.to_numpy(), lexicon.splits["train"].success)
    assert pd.read_parquet(writer.path / "metrics")["value"].tolist() == [0.5, 0.25]
    assert pd.read_parquet(messages)["message"].iloc[0].tolist() == lexicon.splits["train"].messages[0, 0].tolist()
    assert len(open_run(writer.path).events()) == 2
