import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from hubbub.analysis.memories import Phases
from hubbub.analysis.report import write_report
from hubbub.analysis.temporal import avalanches
from hubbub.analysis.views.memory.figures import memory_figures
from hubbub.analysis.views.memory.findings import MemoryFindings, find_memory
from hubbub.analysis.views.memory.page import memory_page
from hubbub.simulator.store import Run


@pytest.fixture(scope="module")
def found(kept_memory_run: Run) -> MemoryFindings:
    return find_memory(kept_memory_run)


@pytest.mark.files_of_figures
def test_the_report_of_memories_is_one_page_with_its_figures(memory_run: Run) -> None:
    page = write_report(memory_run)
    text = page.read_text(encoding="utf-8")
    assert text.count("<h1>") == 1 and "http" not in text.replace("http://www.w3.org", "")
    drawn = {file.stem for file in (page.parent / "figures").glob("*.svg")}
    expected = {"over-noise", "phase-diagram", "activity", "scaling", "entropy"}
    assert drawn == expected | {"survival-births", "survival-coincidences"}
    for title in ("Over noise and load", "Critical interval", "Avalanches", "Scaling", "Times between events"):
        assert f"<h2>{title}</h2>" in text
    numbers = json.loads((page.parent / "figures" / "summary.json").read_text())
    assert len(numbers["copies"]) == 12
    assert numbers["critical_interval"]["load"] == [2, 10]
    assert numbers["critical_interval"]["peak"] == [0.3, 0.3]


def test_what_is_drawn_is_the_copy_with_the_largest_h(found: MemoryFindings) -> None:
    assert (found.peak.noise, found.peak.load, found.peak.repetition) == (0.3, 10, 0)
    again = avalanches(found.activity, threshold=100)
    np.testing.assert_array_equal(found.avalanches.births, again.births)
    np.testing.assert_array_equal(found.avalanches.deaths, again.deaths)


def test_the_table_has_means_over_repetitions(found: MemoryFindings) -> None:
    text = memory_page(found, {})
    h = found.phases.mean("h")[0, 0]
    mean = np.mean([copy.h.value for copy in found.copies if copy.noise == 0.1 and copy.load == 2])
    assert h == mean
    assert f">{h:.2f}<" in text


def test_a_run_without_series_says_so_and_shows_its_events(make_memory_run: Callable[..., Run]) -> None:
    found = find_memory(make_memory_run(series_every=0))
    assert memory_figures(found).keys() == {"over-noise", "phase-diagram", "survival-births", "survival-coincidences"}
    text = memory_page(found, {})
    assert "series_every is 0" in text
    assert "<h2>Critical interval</h2>" not in text


def test_a_memory_without_patterns_has_no_overlap(make_memory_run: Callable[..., Run]) -> None:
    found = find_memory(make_memory_run(patterns=False))
    text = memory_page(found, memory_figures(found))
    assert "mean activity" in text and "overlap at the end" not in text


def test_a_run_whose_noise_is_no_flip_says_nothing_of_flips(found: MemoryFindings) -> None:
    assert "below 95&nbsp;% of 1 − 2p" in memory_page(found, {})
    other = deepcopy(found.run)
    other.info["configuration"]["memory"] = {"kind": "hopfield", "noise": "temperature"}
    assert "below 95&nbsp;% of 1 − 2p" not in memory_page(replace(found, run=other), {})


def test_one_noise_level_with_many_loads_is_drawn_over_load(found: MemoryFindings) -> None:
    rows = [row | {"load": row["load"] + int(row["repetition"])} for row in found.phases.rows if row["noise"] == 0.1]
    one = replace(found, phases=Phases.of(rows))
    assert "over-load" in memory_figures(one)
    assert "over-noise" not in memory_figures(one)
