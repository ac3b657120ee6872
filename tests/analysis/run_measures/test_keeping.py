"""Measures of a run are kept in it, and are computed again when the run or their code changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from hubbub.analysis import files
from hubbub.analysis.dialects import cluster, similarity
from hubbub.analysis.measure import Measure
from hubbub.analysis.run_measures import keeping, measure, measured
from hubbub.simulator import sources
from hubbub.simulator.errors import StoreError
from hubbub.simulator.registry import load_module
from hubbub.simulator.store import Run, RunWriter, open_run, verify


@pytest.fixture
def run(make_run: Callable[..., Run]) -> Run:
    return make_run(nx.cycle_graph(6), n_lexicons=2)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the measures that were computed, in order."""
    computed: list[str] = []
    compute = keeping.measure_run

    def counted(run: Run, name: str) -> dict[str, Measure]:
        computed.append(name)
        return compute(run, name)

    monkeypatch.setattr(keeping, "measure_run", counted)
    monkeypatch.setattr(sources, "IMPORTED_AT", float("inf"))  # files of tests may have been written just now
    monkeypatch.setattr(keeping, "_digest", sources.digest_of_sources)
    return computed


def of(run: Run, *names: str) -> dict[str, Measure]:
    notes: list[str] = []
    found = measured(open_run(run.path), names, notify=notes.append)
    assert notes == []
    return found


def test_all_of_ours_are_those_of_the_functions(run: Run) -> None:
    names = [name for name in measure if name != "vocabulary_use"]  # the synthetic run has no channel
    found = of(run, *names)
    spoken = run.lexicon().splits["train"]
    alike = similarity(spoken.messages, lengths=spoken.lengths)
    assert found["similarity"].value == alike.mean.value
    assert found["dialects.number"].value == cluster(alike.matrix).n_clusters
    assert found["scaling.h"].reason == "the run has no copies of a memory"
    assert found["agreement"].reason == "the agents have no attribute that groups them"
    assert {name.partition(".")[0] for name in found} == set(names)


def test_a_run_without_a_lexicon_has_reasons(memory_run: Run) -> None:
    found = of(memory_run, "similarity", "dialects", "hubs", "mantel", "scaling")
    assert found["similarity"].reason == "the run has no lexicon"
    assert found["hubs.gini"].reason.startswith("the run has no lexicon")
    assert found["scaling.h"].value > 0.5  # a third of the copies wander


def test_what_was_computed_is_kept_with_all_that_is_known_of_it(run: Run, counting: list[str]) -> None:
    first = of(run, "similarity", "hubs")
    again = of(run, "similarity", "hubs", "message_length")
    assert {name: repr(again[name]) for name in first} == {name: repr(one) for name, one in first.items()}
    assert counting == ["similarity", "hubs", "message_length"]
    assert first["similarity"].null is not None
    assert verify(run.path).problems == ()


def test_another_content_of_the_run_is_measured_again(run: Run, counting: list[str]) -> None:
    of(run, "message_length")
    with RunWriter.reopen(run.path) as writer:
        writer.append_rows("metrics", 5000, [{"name": "later", "value": 1.0}])
        writer.set_status("finished", step=5000)
    of(run, "message_length")
    assert counting == ["message_length"] * 2
    of(run, "message_length")
    assert counting == ["message_length"] * 2


def test_other_code_measures_again(
    run: Run, counting: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "_entries", dict(measure._entries))
    helper, module = tmp_path / "helper_of_mine.py", tmp_path / "measures_of_mine.py"
    helper.write_text("FACTOR = 2.0\n")
    module.write_text(
        "from helper_of_mine import FACTOR\nfrom hubbub.analysis.run_measures import measure\n\n\n@measure('mine')\n"
        "def mine(run):\n    return FACTOR * run.step\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    load_module(str(module))
    assert of(run, "mine")["mine"].value == 2 * run.step
    of(run, "mine")
    helper.write_text("FACTOR = 3.0\n")
    of(run, "mine")
    assert counting == ["mine", "mine"]


def test_code_that_changed_since_it_was_imported_keeps_nothing(
    run: Run, counting: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "IMPORTED_AT", 0.0)
    of(run, "message_length")
    of(run, "message_length")
    assert counting == ["message_length"] * 2
    assert not (run.path / keeping.KEPT).exists()


def test_code_in_a_file_that_is_not_python_keeps_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "_entries", dict(measure._entries))  # forgets it afterwards
    page = tmp_path / "page.md"
    page.write_text("# A page with code\n")
    of_page = {"__name__": "__main__"}
    exec(compile("def mine(run):\n    return run.step", page, "exec"), of_page)
    measure("mine")(of_page["mine"])
    assert of(run, "mine")["mine"].value == run.step
    assert not (run.path / keeping.KEPT).exists()


def test_a_file_that_was_changed_is_not_believed(run: Run, counting: list[str]) -> None:
    of(run, "message_length")
    file = run.path / keeping.KEPT
    content = json.loads(file.read_text())
    content["measures"]["message_length"]["values"]["message_length"]["value"] = 99.0
    for text in (json.dumps(content), "{", "[]"):
        file.write_text(text)
        notes: list[str] = []
        assert measured(run, ["message_length"], notify=notes.append)["message_length"].value < 9
        assert notes == [f"{file}: is not as it was written; its measures are computed again"]


def test_a_folder_that_cannot_be_written_is_measured_all_the_same(
    run: Run, counting: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: Any) -> Path:
        raise StoreError("no space")

    monkeypatch.setattr(files, "write_whole", refuse)
    notes: list[str] = []
    assert measured(run, ["message_length"], notify=notes.append)["message_length"].value > 0
    assert notes == ["measures are not kept: no space"]


def test_a_run_that_goes_on_keeps_nothing(make_run: Callable[..., Run], counting: list[str]) -> None:
    run = make_run(nx.cycle_graph(6), n_lexicons=1, status="running")
    of(run, "message_length")
    assert not (run.path / keeping.KEPT).exists()
