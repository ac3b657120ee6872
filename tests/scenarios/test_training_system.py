from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch

from hubbub.analysis.emergence import path_emergence
from hubbub.analysis.export import export_run
from hubbub.analysis.report import write_report
from hubbub.analysis.trainings import network_metric, network_table
from hubbub.scenarios import resume, run
from hubbub.scenarios.loading import load
from hubbub.scenarios.running import load_system
from hubbub.scenarios.systems import assemble
from hubbub.simulator.errors import ConfigurationError, StoreError

TINY = {
    "task.widths": [8, 6],
    "networks.seeds": 2,
    "networks.pruning": [0, 0.5],
    "pruning.steps": [3],
    "training.steps": 6,
    "engine.record_every": 2,
    "engine.checkpoint_every": 4,
}


def test_a_run_in_two_parts_is_a_run_in_one(tmp_path: Path) -> None:
    whole = run("pruning-emergence", TINY, out=tmp_path / "whole")
    run("pruning-emergence", {**TINY, "training.steps": 4}, out=tmp_path / "parts")
    parts = resume(tmp_path / "parts", {"training.steps": 6})
    assert parts.metric_rows().equals(whole.metric_rows())
    one, other = (load_system(made.path).state().tensors for made in (whole, parts))
    assert one.keys() == other.keys() and all(torch.equal(values, other[name]) for name, values in one.items())


@pytest.mark.parametrize(
    ("scenario", "small"),
    [
        ("attention-transition", {"task.dimension": 10, "task.sample_complexity": [1.0]}),
        ("neural-collapse", {"task.widths": [4], "task.per_class": 2, "task.weight_scales": [0.3]}),
        ("sparse-parity", {"task.width": 8, "task.batch": 8}),
    ],
)
def test_solvable_systems_in_two_parts_are_themselves_in_one(tmp_path: Path, scenario: str, small: dict) -> None:
    settings = {**small, "networks.seeds": 2, "engine.record_every": 2, "engine.checkpoint_every": 4}
    whole = run(scenario, {**settings, "training.steps": 6}, out=tmp_path / "whole")
    run(scenario, {**settings, "training.steps": 4}, out=tmp_path / "parts")
    parts = resume(tmp_path / "parts", {"training.steps": 6})
    assert parts.metric_rows().equals(whole.metric_rows())
    one, other = (load_system(made.path).state().tensors for made in (whole, parts))
    assert one.keys() == other.keys() and all(torch.equal(values, other[name]) for name, values in one.items())


def test_a_run_says_what_its_networks_are_and_measures_their_paths(tmp_path: Path) -> None:
    made = run("pruning-emergence", TINY, out=tmp_path / "run")
    table = pq.read_table(made.path / "networks.parquet").to_pydict()
    assert table == {
        "network": [0, 1, 2, 3],
        "seed": [0, 1, 0, 1],
        "learning_rate": [0.05] * 4,
        "pruning": [0, 0, 0.5, 0.5],
        "alpha": [1.0] * 4,
    }
    networks = load_system(made.path)
    module, inputs = networks.task.probe()
    alone = path_emergence(module, inputs, states=networks.parameters, sources="all")
    rows = made.metric_rows().to_pylist()
    last = [
        row["value"]
        for row in rows
        if row["name"] == "paths_from_input" and row["step"] == 6 and row["network"] is not None
    ]
    assert last == alone.value.tolist()
    steps, means = made.metric("paths_from_input_mean")
    assert steps.tolist() == [0, 2, 4, 6]
    assert means[-1] == pytest.approx(np.mean(last))
    assert made.metric("diverged")[1].tolist() == [0] * 4


def test_networks_that_diverge_are_counted_and_left_out_of_means(tmp_path: Path) -> None:
    settings = {**TINY, "networks.learning_rate": [0.05, 1e30], "networks.pruning": [0]}
    made = run("pruning-emergence", settings, out=tmp_path / "run")
    assert made.metric("diverged")[1].tolist() == [0, 2, 2, 2]
    assert np.isfinite(made.metric("loss_mean")[1]).all()
    steps, paths = network_metric(made, "paths")
    assert steps.tolist() == [0, 2, 4, 6]
    assert np.isnan(paths).tolist() == [[False] * 4, *[[False, False, True, True]] * 3]
    assert network_table(made)["learning_rate"].to_pylist() == [0.05, 0.05, 1e30, 1e30]
    with pytest.raises(StoreError, match="did you mean 'paths'"):
        network_metric(made, "path")
    rows = made.metric_rows().to_pylist()
    assert {row["network"] for row in rows if row["name"] == "paths" and row["step"] == 6} == {0, 1}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"task.kind": "clasification"}, "did you mean 'classification'"),
        ({"task.images": "mnst"}, "did you mean 'mnist'"),
        ({"task.model": "dens"}, "did you mean 'dense'"),
        ({"networks.pruning": [0.5, 0.5]}, "expected each value once"),
        ({"networks.pruning": [1.5]}, "networks.pruning"),
        ({"pruning.steps": [4, 2]}, "ascending, got"),
        (
            {"pruning.steps": [4], "pruning.rewind_step": 4},
            "rewind_step: expected a step before the first round, got 4",
        ),
        ({"optimiser.betas": [0.9, 0.99]}, "optimiser.betas: expected one of the fields of optimiser"),
        ({"optimiser.kind": "adm"}, "did you mean 'adam'"),
    ],
)
def test_bad_settings_are_refused_by_name(change: dict, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load("pruning-emergence", change)


def test_a_setting_of_the_task_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"task: expected each setting once .*, got weight_scale 0.3 twice"):
        assemble(load("neural-collapse", {"task.weight_scales": [0.3, 1.0, 0.3]}))


def test_a_graph_is_refused() -> None:
    from hubbub.simulator.topology import Topology

    graph = Topology(2, np.array([0]), np.array([1]))
    with pytest.raises(ConfigurationError, match="know no graph"):
        assemble(load("pruning-emergence", TINY), topology=graph)


def test_a_run_is_reported_and_exported(tmp_path: Path) -> None:
    made = run("pruning-emergence", TINY, out=tmp_path / "run")
    text = write_report(made.path).read_text(encoding="utf-8")
    assert "classification, 4 networks" in text and "relative paths from input closed form" in text
    assert {file.name for file in export_run(made.path, "csv")} == {"metrics.csv", "networks.csv"}
