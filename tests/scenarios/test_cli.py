"""The command line as people and scripts meet it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hubbub.scenarios import run
from hubbub.simulator.store import RunWriter, open_run

SMALL = {
    "agent.hidden": 8,
    "agent.embedding": 4,
    "training.games_per_step": 4,
    "training.steps": 8,
    "engine.record_every": 4,
}


CommandLine = Callable[..., Any]
"""The fixture `hubbub`: the command line in this process."""


@pytest.fixture(scope="module")
def a_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "run"
    run("karate", SMALL, out=path)
    return path


def test_run_prints_plain_lines_and_what_to_do_next(tmp_path: Path, forked: Any) -> None:
    words = [f"{name}={value}" for name, value in SMALL.items()]
    process = forked("-m", "hubbub", "run", "karate", *words, "--seed", "3", "--out", tmp_path / "mine")
    out, err = process.communicate()
    assert process.returncode == 0
    begin, *lines = err.splitlines()
    assert begin == "hubbub: steps are computed by the fused kernel"
    assert [line.split()[1] for line in lines] == ["0", "4", "8"]
    assert "success" in lines[-1] and "games/s" in lines[-1]
    assert "\x1b" not in err
    assert f"next: hubbub report {tmp_path / 'mine'}" in out
    assert open_run(tmp_path / "mine").info["seed"] == 3
    assert open_run(tmp_path / "mine").info["kernel"] == "fused"


def test_run_for_machines(tmp_path: Path, hubbub: CommandLine) -> None:
    words = [f"{name}={value}" for name, value in SMALL.items()]
    done = hubbub("run", "karate", *words, "--json", "--out", tmp_path / "mine")
    said = json.loads(done.out)
    assert done.err == ""
    assert said["status"] == "finished"
    assert said["step"] == 8
    assert 0 <= said["metrics"]["success_over_links"] <= 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "karat"], "did you mean 'karate'"),
        (["run", "karate", "training.step=3"], "did you mean 'steps'"),
        (["run", "karate", "steps"], "expected section.field=value"),
        (["run", "karate", "--workers", "-2"], "workers: expected 0 (this process)"),
        (["run", "karate", "--address", "auto"], "workers: expected at least 1 with an address of a Ray cluster"),
        (["run", "karate", "--sed", "2"], "--seed"),
        (["run"], "Missing argument"),
        (["rum"], "run"),
        (["resume", "nowhere"], "not a run directory"),
        (["report", "nowhere"], "not a run directory"),
        (["export", "nowhere", "--format", "csv"], "not a run directory"),
        (["run", "karate", "engine.device=cuda"], "engine.device"),
    ],
)
def test_mistakes_end_with_code_2_and_no_traceback(
    words: list[str], message: str, tmp_path: Path, hubbub: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if words[-1] == "engine.device=cuda":
        import torch

        if torch.cuda.is_available():
            pytest.skip("here is a GPU")
    monkeypatch.chdir(tmp_path)
    done = hubbub(*words)
    assert done.code == 2
    assert message in done.err
    assert not list(tmp_path.iterdir())


def test_the_stored_configuration_runs_again_to_the_same_numbers(a_run: Path, tmp_path: Path) -> None:
    again = run(a_run / "scenario.yaml", out=tmp_path / "again")
    assert again.configuration == open_run(a_run).configuration
    assert again.metric_rows().equals(open_run(a_run).metric_rows())


def test_a_folder_in_use_is_refused_and_left_as_it_is(a_run: Path, hubbub: CommandLine) -> None:
    before = sorted(path.stat().st_mtime_ns for path in a_run.rglob("*"))
    done = hubbub("run", "karate", "--out", a_run)
    assert done.code == 2
    assert "holds a run already" in done.err
    assert sorted(path.stat().st_mtime_ns for path in a_run.rglob("*")) == before


def test_report_and_exports(a_run: Path, tmp_path: Path, hubbub: CommandLine) -> None:
    assert hubbub("report", a_run).code == 0
    page = (a_run / "report.html").read_text(encoding="utf-8")
    assert "Mr. Hi" in page
    assert "http://" not in page.replace("http://www.w3.org/", "")
    for form in ("elcc", "graphml", "gexf", "csv"):
        done = hubbub("export", a_run, "--format", form, "--out", tmp_path / form, "--json")
        assert done.code == 0, done.err
        files = json.loads(done.out)["files"]
        assert files
        assert all(Path(file).stat().st_size > 0 for file in files)
    done = hubbub("export", a_run, "--format", "gefx")
    assert done.code == 2
    assert "did you mean 'gexf'" in done.err


def test_a_foreign_kind_has_report_and_tables_and_its_view_when_its_module_may_be_imported(
    tmp_path: Path, hubbub: CommandLine
) -> None:
    module, path = tmp_path / "my_ants.py", tmp_path / "run"
    module.write_text(
        "from hubbub.analysis.views import DefaultView, view\n"
        "@view('ants')\n"
        "class AntsView(DefaultView):\n"
        "    def page(self, found, figures):\n"
        "        return 'ants!'\n"
    )
    configuration = {"system": "ants", "modules": [str(module)]}
    with RunWriter.create(path, name="ants", seed=0, configuration=configuration, versions={}) as writer:
        writer.append_rows("metrics", 1, [{"name": "food", "value": 7.0}])
    done = hubbub("report", path)
    assert done.code == 0, done.err
    assert done.out == f"report: {path / 'report.html'}\n"
    assert done.err.startswith("note: no view is registered for system 'ants'") and "--allow-modules" in done.err
    assert len(done.err.splitlines()) == 1
    assert "food" in (path / "report.html").read_text(encoding="utf-8")
    for form in ("csv", "parquet"):
        done = hubbub("export", path, "--format", form)
        assert done.out.split() == [str(path / "exports" / form / f"metrics.{form}")]
        assert "no view is registered" in done.err
    assert json.loads(hubbub("report", path, "--allow-modules", "--json").out)["notes"] == []
    assert (path / "report.html").read_text(encoding="utf-8") == "ants!"
    said = json.loads(hubbub("export", path, "--format", "csv", "--allow-modules", "--json").out)
    assert (len(said["files"]), said["notes"]) == (1, [])
    done = hubbub("export", path, "--format", "gexf")
    assert done.code == 2
    assert "format: expected one of csv, parquet for a run of system ants, got 'gexf'" in done.err


def test_lists_schema_and_doctor(hubbub: CommandLine) -> None:
    known: dict[str, Any] = json.loads(hubbub("scenarios", "--json").out)
    assert {"karate", "ring-dialects", "digits"} <= known.keys()
    kinds = json.loads(hubbub("schema").out)["$defs"]
    assert all(kinds[name]["additionalProperties"] is False for name in ("PopulationScenario", "GraphSearchScenario"))
    done = hubbub("doctor", "--json")
    findings = {finding["name"]: finding["ok"] for finding in json.loads(done.out)["findings"]}
    assert findings["torch"]
    assert done.code == (0 if all(findings.values()) else 1)


@pytest.mark.parametrize("command", ["run", "resume", "reproduce", "report", "export", "schema", "doctor", "scenarios"])
def test_every_command_has_help_with_an_example(command: str, hubbub: CommandLine) -> None:
    said = hubbub(command, "--help").out
    assert f"hubbub {command}" in said.partition("Example")[2]


@pytest.mark.parametrize("name", ["ring-dialects", "digits"])
def test_the_other_scenarios_run(name: str, tmp_path: Path) -> None:
    made = run(name, {**SMALL, "recording.referents": 20}, out=tmp_path / "run")
    assert made.status == "finished"
    assert made.metric("success_over_links")[0].tolist() == [0, 4, 8]


def test_output_that_cannot_be_written_is_said_and_training_that_diverges_ends_with_one(
    tmp_path: Path, hubbub: CommandLine, forked: Any
) -> None:
    with Path("/dev/full").open("w") as full:
        said = forked("-m", "hubbub", "schema", stdout=full)
    assert (said.communicate()[1], said.returncode) == ("hubbub: cannot write: No space left on device\n", 1)
    wild = ["topology.n_agents=3", "agent.hidden=4", "training.steps=10", "training.learning_rate=1e30"]
    done = hubbub("run", "group-size", *wild, "engine.record_every=2", "--out", tmp_path / "run")
    assert done.code == 1
    assert "training diverged before step 2" in done.err
    assert open_run(tmp_path / "run").status == "failed"
