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
from hubbub.simulator.store.schemas import COLUMNS
from hubbub.simulator.store.tables import read_table


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
    monkeypatch.setattr("hubbub.simulator.store.schemas.MOST_DECODED_BYTES", 2**20)
    pq.write_table(pa.table({"step": np.zeros(200_000, np.int64)}), tmp_path / "table.parquet")
    assert (tmp_path / "table.parquet").stat().st_size < 2000
    with pytest.raises(StoreError, match=r"expected at most 1,048,576 bytes of values, got 1,600,000"):
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
