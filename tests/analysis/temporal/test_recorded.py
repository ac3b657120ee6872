from pathlib import Path

import numpy as np
import pytest

from hubbub.analysis.temporal import avalanches, recorded_avalanches, recorded_events, recorded_series
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import Run, RunWriter, open_run

ACTIVITY = np.array([[5, 0, 3, 4, 0, 2, 9], [0, 0, 0, 0, 0, 0, 0], [0, 1, 0, 3, 3, 0, 0]])


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Three copies over seven steps, written as a memory writes: step by step, copy by copy."""
    n_copies, n_steps = ACTIVITY.shape
    with RunWriter.create(tmp_path / "run", name="m", seed=0, configuration={}, versions={}) as writer:
        step, copy = np.divmod(np.arange(ACTIVITY.size), n_copies)
        series = {"step": step + 1, "copy": copy, "overlap": ACTIVITY.T.ravel() / 9, "activity": ACTIVITY.T.ravel()}
        events = []
        for number, row in enumerate(ACTIVITY):
            found = avalanches(row, threshold=1)
            births, deaths = found.births.tolist(), found.deaths.tolist()
            if number == 0:
                births.append(5)  # still open at the end
            events += [(birth + 1, "avalanche-birth", number, None) for birth in births]
            events += [
                (death + 1, "avalanche-death", number, size) for death, size in zip(deaths, found.sizes, strict=True)
            ]
        events.sort()
        columns = dict(zip(("step", "kind", "copy", "value"), zip(*events, strict=True), strict=True))
        writer.append("series", series)
        writer.append("events", columns)
        metrics = [{"name": "activity", "value": 0.0, "copy": number} for number in range(n_copies)]
        writer.append_rows("metrics", n_steps, metrics)
        writer.set_status("finished", step=n_steps)
    return open_run(tmp_path / "run")


def test_series_come_back_copy_by_copy(run: Run) -> None:
    np.testing.assert_array_equal(recorded_series(run, "activity"), ACTIVITY)
    np.testing.assert_allclose(recorded_series(run, "overlap"), ACTIVITY / 9, rtol=1e-6)


def test_events_and_avalanches_come_back_copy_by_copy(run: Run) -> None:
    assert [births.tolist() for births in recorded_events(run, "avalanche-birth")] == [[3, 6], [], [2, 4]]
    assert [times.tolist() for times in recorded_events(run, "coincidence")] == [[], [], []]
    for found, row in zip(recorded_avalanches(run), ACTIVITY, strict=True):
        expected = avalanches(row, threshold=1)
        np.testing.assert_array_equal(found.births, expected.births + 1)
        np.testing.assert_array_equal(found.deaths, expected.deaths + 1)
        np.testing.assert_array_equal(found.sizes, expected.sizes)
        assert found.n_steps == 8


def test_what_was_not_recorded_is_named(run: Run, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="series: expected one of overlap, activity, got 'activty'; did you"):
        recorded_series(run, "activty")
    with pytest.raises(ConfigurationError, match=r"kind: expected one of avalanche-birth, .*; did you mean 'coinciden"):
        recorded_events(run, "coincidences")
    with RunWriter.create(tmp_path / "empty", name="m", seed=0, configuration={}, versions={}) as writer:
        writer.set_status("finished", step=1)
    empty = open_run(tmp_path / "empty")
    with pytest.raises(ConfigurationError, match="expected recorded series, got none"):
        recorded_series(empty, "overlap")
    with pytest.raises(ConfigurationError, match="expected a run of memories, got one without copies"):
        recorded_avalanches(empty)
