from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch

from hubbub.analysis.emergence import path_emergence
from hubbub.analysis.export import export_run
from hubbub.analysis.report import write_report
from hubbub.analysis.trainings import network_metric
from hubbub.scenarios import resume, run
from hubbub.scenarios.loading import load
from hubbub.scenarios.reproductions.network_rows import network_rows
from hubbub.scenarios.running import load_system
from hubbub.scenarios.systems import assemble
from hubbub.scenarios.systems.control import evaluation_rows
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.topology import Topology

TINY = {
    "environment.episode_steps": 12,
    "policy.heads": ["gaussian", "bernoulli"],
    "policy.widths": [6, 5],
    "networks.seeds": 2,
    "ppo.n_envs": 2,
    "ppo.horizon": 10,
    "ppo.epochs": 2,
    "ppo.minibatches": 2,
    "ppo.eval_episodes": 3,
    "training.steps": 4,
    "engine.record_every": 4,
    "engine.checkpoint_every": 3,
}
PENDULUM = {
    **{name: value for name, value in TINY.items() if not name.startswith("environment")},
    "environment": {"kind": "gymnasium", "name": "Pendulum-v1"},
    "policy.action_costs": [0],
    "networks.seeds": 1,
    "ppo.eval_episodes": 1,
}


@pytest.mark.parametrize("settings", [TINY, PENDULUM])
def test_a_run_in_two_parts_is_a_run_in_one(tmp_path: Path, settings: dict) -> None:
    whole = run("bang-bang", settings, out=tmp_path / "whole")
    run("bang-bang", {**settings, "training.steps": 3}, out=tmp_path / "parts")
    parts = resume(tmp_path / "parts", {"training.steps": 4})
    assert parts.metric_rows().equals(whole.metric_rows())
    one, other = (load_system(made.path).state().tensors for made in (whole, parts))
    assert all(torch.equal(values, other[name]) for name, values in one.items())


@pytest.mark.files_of_figures
def test_a_run_is_like_that_of_any_networks(tmp_path: Path) -> None:
    made = run("bang-bang", TINY, out=tmp_path / "run")
    table = pq.read_table(made.path / "networks.parquet").to_pydict()
    assert table["head"] == ["gaussian"] * 4 + ["bernoulli"] * 4
    assert table["action_cost"] == [0, 0, 1, 1] * 2
    rows = network_rows(made, ["return", "boundary_mass", "entropy"])
    assert len(rows) == 8 * 2
    assert {row["boundary_mass"] for row in rows if row["head"] == "bernoulli"} == {1.0}
    built = load_system(made.path)
    module, inputs = built.task.probe()
    own = {name: built.parameters[name] for name, _ in module.named_parameters()}
    _, paths = network_metric(made, "paths_from_input")
    assert paths[-1].tolist() == path_emergence(module, inputs, states=own, sources="all").value.tolist()
    text = write_report(made.path).read_text(encoding="utf-8")
    assert "double-integrator, 8 networks" in text and "drawn boundary mass" in text
    assert {file.name for file in export_run(made.path, "csv")} == {"metrics.csv", "networks.csv"}


def test_what_is_recorded_is_what_the_evaluation_shows(tmp_path: Path) -> None:
    made = run("bang-bang", TINY, out=tmp_path / "run")
    built = load_system(made.path)
    seen = built.task.evaluate(built.parameters, built.networks)
    steps, rewards = network_metric(made, "reward")
    _, returns = network_metric(made, "return")
    _, squares = network_metric(made, "squared_action")
    assert steps.tolist() == [0, 4]
    assert rewards[-1] == pytest.approx(np.nansum(seen.rewards, -1).mean(1))
    played = (~np.isnan(seen.rewards)).sum((1, 2)) / 3
    costs = np.array([network.of_task["action_cost"] for network in built.networks])
    assert returns[-1] == pytest.approx(rewards[-1] - costs * squares[-1] * played)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"environment.kind": "double-integrater"}, "did you mean 'double-integrator'"),
        ({"policy.heads": ["gausian"]}, "policy.heads.0: .*did you mean 'gaussian'"),
        ({"policy.action_costs": [-1]}, "policy.action_costs.0: expected greater than or equal to 0"),
        ({"policy.action_costs": [1, 0, 1]}, "policy.action_costs: expected each value once"),
        ({"ppo.horizont": 3}, "did you mean 'horizon'"),
        (
            {"ppo.n_envs": 1, "ppo.horizon": 1, "ppo.minibatches": 1},
            "ppo: horizon: expected n_envs times horizon to be 2 or more",
        ),
        ({"ppo.n_envs": 2, "ppo.horizon": 3, "ppo.minibatches": 7}, "ppo: minibatches: expected 6 at most"),
        ({"task.kind": "classification"}, "task: expected one of the fields"),
    ],
)
def test_bad_settings_are_refused_by_name(change: dict, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load("bang-bang", change)


def test_an_initialisation_for_one_row_of_layers_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"networks.alpha: expected 1 .*got \[1.0, 2.0\]"):
        assemble(load("bang-bang", {**TINY, "networks.alpha": [1, 2]}))


def test_episodes_of_one_step_are_no_divergence(tmp_path: Path) -> None:
    made = run("bang-bang", {**TINY, "environment.goal_radius": 10, "training.steps": 1}, out=tmp_path / "run")
    metrics = made.metric_rows().to_pylist()
    assert {row["value"] for row in metrics if row["name"] == "diverged"} == {0.0}
    assert {row["value"] for row in metrics if row["name"] == "switches"} == {0.0}


def test_an_agent_that_diverged_earns_nothing_that_is_known() -> None:
    built = assemble(load("bang-bang", PENDULUM))
    built.parameters["policy.0.weight"][0] = torch.nan
    found = [row["value"] for row in evaluation_rows(built) if row["name"] == "return"]
    assert np.isnan(found).tolist() == [True, False]


def test_a_graph_is_refused() -> None:
    graph = Topology(2, np.array([0]), np.array([1]))
    with pytest.raises(ConfigurationError, match="know no graph"):
        assemble(load("bang-bang", TINY), topology=graph)
