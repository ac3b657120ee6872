"""Records of other tools: the same spikes in every form, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hubbub.analysis.records import Record, read_record
from hubbub.analysis.records.options import bare_name, unit_of
from hubbub.simulator.errors import ConfigurationError

N_CHANNELS, N_STEPS = 4, 100


@pytest.fixture
def spikes() -> np.ndarray:
    """A raster time × channels of 0 and 1, in steps of 2 ms."""
    raster = (np.random.default_rng(0).random((N_STEPS, N_CHANNELS)) < 0.2).astype(np.int64)
    raster[0, 0] = raster[-1, -1] = 1
    return raster


@pytest.fixture
def events(spikes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Times in seconds and channels of the same spikes, in the order of the channels."""
    channel, step = np.nonzero(spikes.T)
    return step * 0.002, channel


def check(record: Record, spikes: np.ndarray) -> None:
    assert record.activity.counts.tolist() == spikes.sum(axis=1).tolist()
    assert record.activity.n_events == spikes.sum()


def test_rasters(spikes: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", spikes)
    np.save(tmp_path / "b.npy", spikes.T.astype(bool))
    np.savez(tmp_path / "c.npz", raster=spikes)
    for name in ("a.npy", "b.npy", "c.npz"):
        record = read_record(tmp_path / name)
        check(record, spikes)
        assert record.activity.n_channels == N_CHANNELS
        assert "the longer one" in record.notes[0]
    in_bins = read_record(tmp_path / "b.npy", bin="8ms", unit="ms", step=2, time_axis=1)
    assert in_bins.activity.counts.tolist() == spikes.reshape(25, -1).sum(axis=1).tolist()
    assert (in_bins.activity.bin, in_bins.activity.unit) == (8, "ms")
    header = "time," + ",".join(f"ch{i}" for i in range(N_CHANNELS))
    lines = [f"{2 * t}," + ",".join(map(str, row)) for t, row in enumerate(spikes.tolist())]
    (tmp_path / "d.csv").write_text("\n".join([header, *lines]))
    wide = read_record(tmp_path / "d.csv", kind="raster")
    check(wide, spikes)
    assert (wide.channel_names, wide.left_out) == (("ch0", "ch1", "ch2", "ch3"), ("time",))
    states = in_bins.states(0, 10)
    assert states is not None
    assert np.array_equal(states, spikes[:40].reshape(10, 4, -1).any(axis=1))


def test_lists_of_events(spikes: np.ndarray, events: Any, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    times, channels = events
    np.save(tmp_path / "a.npy", np.stack([times, channels], axis=1))
    np.save(tmp_path / "b.npy", np.stack([channels, times], axis=1))
    np.savez(tmp_path / "c.npz", times=times, senders=channels)
    frame = pandas.DataFrame({"neuron": [f"n{i}" for i in channels], "spike_time": times})
    frame.to_csv(tmp_path / "d.csv", index=False)
    frame.to_parquet(tmp_path / "e.parquet")
    frame.assign(t=times).rename(columns={"t": "Time (ms)"})[["Time (ms)", "neuron"]].assign(
        **{"Time (ms)": times * 1000}
    ).to_csv(tmp_path / "f.csv", index=False)
    np.savetxt(tmp_path / "g.txt", np.stack([times, channels], axis=1))
    for name in ("a.npy", "b.npy", "c.npz", "d.csv", "e.parquet", "f.csv", "g.txt"):
        record = read_record(tmp_path / name, bin="2ms")
        check(record, spikes)
        assert record.activity.n_channels == N_CHANNELS, name
        assert record.of_events
    assert record.channel_names == ("0", "1", "2", "3")
    assert read_record(tmp_path / "d.csv", bin="2ms").channel_names == ("n0", "n1", "n2", "n3")
    assert read_record(tmp_path / "f.csv").activity.unit == "ms"


def test_the_default_bin_is_the_mean_interval(events: Any, tmp_path: Path) -> None:
    times, _ = events
    np.save(tmp_path / "times.npy", np.sort(times))
    record = read_record(tmp_path / "times.npy")
    assert record.activity.bin == pytest.approx(np.ptp(times) / (len(times) - 1))
    assert "only ascends, so it has event times" in record.notes[0]
    assert "the mean time between successive events" in record.notes[2]
    np.save(tmp_path / "counts.npy", np.array([0, 2, 1, 0, 3]))
    counts = read_record(tmp_path / "counts.npy", bin=2)
    assert (counts.activity.counts.tolist(), counts.of_events) == ([2, 1], False)


def test_units_in_the_names_of_columns() -> None:
    units = {"t": "", "times": "", "spike_times": "", "t_ms": "ms", "Time (ms)": "ms", "timems": "ms", "time [s]": "s"}
    units |= {
        "time_us": "us",
        "time_seconds": "s",
        "time_milliseconds": "ms",
        "step": "step",
        "onset_s": "s",
        "frame": "step",
    }
    assert {name: unit_of(name) for name in units} == units
    assert {bare_name(name) for name in ("t_ms", "t (s)", "T")} == {"t"}


def test_tables_of_several_records(tmp_path: Path) -> None:
    (tmp_path / "trials.csv").write_text("trial,time,channel\n1,0.5,a\n1,1.5,b\n2,0.1,a\n2,0.2,a\n")
    with pytest.raises(ConfigurationError, match=r"got a table of 2 \(trial 1, 2 …\); where=trial=1 takes one"):
        read_record(tmp_path / "trials.csv")
    record = read_record(tmp_path / "trials.csv", where="trial=1", bin=1)
    assert (record.activity.counts.tolist(), record.notes[0]) == ([1, 1], "only rows with trial 1 were read")
    for where in ("trial", "who=1", "trial=7"):
        with pytest.raises(ConfigurationError, match="where: expected"):
            read_record(tmp_path / "trials.csv", where=where)
    (tmp_path / "copies.csv").write_text("step,copy,activity\n1,0,3\n1,1,9\n2,0,4\n2,1,9\n")
    assert read_record(tmp_path / "copies.csv", where="copy=0").activity.counts.tolist() == [3, 4]


def test_tables_with_comments_and_decimal_commas(spikes: np.ndarray, events: Any, tmp_path: Path) -> None:
    times, channels = events
    rows = [f"{time:.3f} {channel}" for time, channel in zip(times, channels, strict=True)]
    np.savetxt(tmp_path / "a.txt", np.stack([times * 1000, channels], axis=1), header="t_ms neuron")
    (tmp_path / "b.csv").write_text("% exported\ntime, channel\n" + "\n".join(rows).replace(" ", ", ") + "\n,\n")
    commas = "\n".join(rows).replace(".", ",")
    (tmp_path / "c.csv").write_text("time;channel\n" + commas.replace(" ", ";"))
    (tmp_path / "d.txt").write_text(commas)
    (tmp_path / "e.csv").write_text(commas.replace(" ", ";"))
    for name in ("a.txt", "b.csv", "c.csv", "d.txt", "e.csv"):
        record = read_record(tmp_path / name, bin="2ms")
        check(record, spikes)
        assert (record.activity.n_channels, record.activity.unit) == (N_CHANNELS, "ms" if name == "a.txt" else "s"), (
            name
        )


def test_a_column_that_counts_the_rows_is_no_channel(spikes: np.ndarray, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(spikes, columns=["a", "b", "c", "d"])
    frame.to_csv(tmp_path / "a.csv")
    frame.reset_index(names="bin").to_parquet(tmp_path / "b.parquet")
    for name, first in (("a.csv", ""), ("b.parquet", "bin")):
        record = read_record(tmp_path / name)
        check(record, spikes)
        assert (record.channel_names, record.left_out) == (("a", "b", "c", "d"), (first,))
        assert "counts the rows and is no channel" in record.notes[0]


def test_tables_of_times_and_numbers_of_events(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text("step,activity\n0,3\n1,0\n2,5\n")
    assert read_record(path).activity.counts.tolist() == [3, 0, 5]
    path.write_text("time_ms,count\n0,3\n2,5\n4,1\n")
    assert (read_record(path).activity.counts.tolist(), read_record(path).activity.bin) == ([3, 5, 1], 2)
    path.write_text("time,count\n0,3\n2,5\n3,1\n")
    with pytest.raises(ConfigurationError, match="kind=counts takes the rows as successive steps"):
        read_record(path)
    assert read_record(path, kind="counts").activity.counts.tolist() == [3, 5, 1]
    path.write_text("time,channel,count\n0.5,a,2\n1.5,b,1\n")
    several = read_record(path, bin=1)
    assert (several.activity.counts.tolist(), several.activity.n_channels) == ([2, 1], 2)


def test_nwb(spikes: np.ndarray, events: Any, tmp_path: Path) -> None:
    pynwb = pytest.importorskip("pynwb")
    times, channels = events
    made = pynwb.NWBFile(session_description="s", identifier="i", session_start_time=datetime(2020, 1, 1, tzinfo=UTC))
    for channel in range(N_CHANNELS):
        made.add_unit(spike_times=times[channels == channel], id=10 + channel)
    with pynwb.NWBHDF5IO(str(tmp_path / "a.nwb"), "w") as file:
        file.write(made)
    record = read_record(tmp_path / "a.nwb", bin="2ms")
    check(record, spikes)
    assert record.channel_names == ("10", "11", "12", "13")
    (tmp_path / "b.nwb").write_text("text")
    with pytest.raises(ConfigurationError, match="expected an NWB file"):
        read_record(tmp_path / "b.nwb")


def test_spike_trains_of_neo(spikes: np.ndarray, events: Any) -> None:
    neo = pytest.importorskip("neo")
    from hubbub.analysis.records.electrophysiology import neo_trains
    from hubbub.analysis.temporal import activity_from_events

    times, channels = events
    trains = [
        neo.SpikeTrain(times[channels == channel] * 1000, units="ms", t_stop=1000, name=f"n{channel}")
        for channel in range(N_CHANNELS)
    ]
    at, names = neo_trains(trains)
    assert activity_from_events(at, names, bin=0.002).counts.tolist() == spikes.sum(axis=1).tolist()
    assert set(names) == {"n0", "n1", "n2", "n3"}


def saved(tmp_path: Path, values: Any) -> Path:
    np.save(tmp_path / "some.npy", np.asarray(values))
    return tmp_path / "some.npy"


def test_arrays_that_are_refused(tmp_path: Path) -> None:
    for values, options, message in (
        (np.zeros((20, 30)), {}, r"time_axis: expected 0 \(time × channels\)"),
        (np.empty(0), {}, r"record: expected events or counts, got 'an array of shape \(0,\)'"),
        ([1.0, np.nan, 3.0], {}, "record: expected finite numbers, got 1 others"),
        (np.full((40, 3), np.nan), {}, "raster: expected finite numbers"),
        (np.full((40, 3), 0.5), {}, "threshold=0 makes a channel active"),
        (np.zeros((3, 3, 3)), {}, r"raster: expected shape \[time, channels\]"),
        ([1.0, 0.5, 2.0], {}, r"counts: expected whole numbers ≥ 0, got 0\.5"),
        (np.zeros((5, 2)), {"kind": "events"}, r"a list of \(time, channel\) in which one column has fractions"),
        ([1, 0, 2], {"bin": 1.5}, "bin: expected a whole number of steps"),
        ([0.5, 1, 2], {"bin": "fast"}, "bin: expected a length above 0, such as 4ms, got 'fast'"),
        ([0.5, 1, 2], {"unit": "min"}, "unit: expected one of s, ms, us, step, got 'min'"),
        ([0.5, 1, 2], {"kind": "spikes"}, "kind: expected one of events, raster, counts"),
        ([0.5, 1, 2], {"binn": 1}, "did you mean 'bin'"),
        ([0.5, 1, 2], {"start": "now"}, "start: expected a number, got 'now'"),
        ([1.6e9, 1.6e9 + 1], {}, "start: expected the time at which the record begins"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            read_record(saved(tmp_path, values), **options)


def test_files_that_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", a=[1], b=[2])
    (tmp_path / "gap.csv").write_text("time,channel\n1,a\n2,\n")
    (tmp_path / "empty.csv").write_text("time,channel\n1,a\n,b\n")
    (tmp_path / "many.csv").write_text("time,x,y\n1,1,0\n2,0,1\n")
    (tmp_path / "ragged.txt").write_text("1 2\n3\n")
    (tmp_path / "text.npy").write_text("text")
    (tmp_path / "some.xyz").write_text("text")
    (tmp_path / "rows.csv").write_text(",".join(f"t{i}" for i in range(12)) + "\n" + "0,1,0,0,1,0,0,0,1,0,0,1\n" * 2)
    for name, message in (
        ("rows.csv", r"time_axis: expected 0 \(each column is a channel\) or 1 .* 2 rows and 12 columns"),
        ("two.npz", "array: expected the name of one of the arrays a, b"),
        ("gap.csv", "channel: expected a channel for every event, got none in row 2"),
        ("empty.csv", "times: expected finite numbers, got 1 others"),
        ("many.csv", "name it: channel=COLUMN, or say kind=raster"),
        ("ragged.txt", "line 2: expected 2 numbers, got 1"),
        ("text.npy", "expected arrays of NumPy"),
        ("missing.npy", "there is no such file"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            read_record(tmp_path / name)
    with pytest.raises(ConfigurationError, match=r"or a file that Neo reads|reading this file needs Neo"):
        read_record(tmp_path / "some.xyz")
