"""The emergence of agents as a metric of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest

from hubbub.scenarios import run
from hubbub.scenarios.agent_emergence import agent_emergence, weights_of
from hubbub.scenarios.loading import load
from hubbub.scenarios.running import load_system, resume
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import Run

TINY: dict[str, Any] = {
    "name": "tiny",
    "topology": {"kind": "ring", "n_agents": 5},
    "referents": {"kind": "symbolic", "attributes": 2, "values": 3},
    "channel": {"vocabulary": 4, "max_length": 2},
    "agent": {"kind": "gru", "hidden": 6, "embedding": 3},
    "training": {"steps": 4, "games_per_step": 4},
    "recording": {"emergence": True, "lexicon_every": 2},
    "engine": {"record_every": 1, "checkpoint_every": 2, "block_agents": 2},
}


def recorded(made: Run) -> list[tuple[int, int, float]]:
    rows = made.metric_rows()
    rows = rows.filter(pc.equal(rows["name"], "path_emergence"))
    return list(zip(*(rows[name].to_pylist() for name in ("step", "agent", "value")), strict=True))


def test_every_agent_is_measured_at_every_lexicon(tmp_path: Path) -> None:
    made = run(TINY, out=tmp_path / "run")
    rows = recorded(made)
    assert [(step, agent) for step, agent, _ in rows] == [(step, agent) for step in (0, 2, 4) for agent in range(5)]
    trained = load_system(made.path)
    assert [value for step, _, value in rows if step == 4] == agent_emergence(trained, made.lexicon()).value.tolist()
    weights = weights_of(trained.state().tensors)
    assert np.array_equal(weights["emit"][2:4], trained.blocks[1].weights()["emit"].detach().numpy())
    silent = run(TINY, {"recording.emergence": False}, out=tmp_path / "silent")
    assert recorded(silent) == []
    assert silent.metric("success_all_pairs")[1].tolist() == made.metric("success_all_pairs")[1].tolist()


def test_a_run_in_two_parts_measures_the_same(tmp_path: Path) -> None:
    whole = run(TINY, out=tmp_path / "whole")
    run(TINY, {"training.steps": 2}, out=tmp_path / "parts")
    assert recorded(resume(tmp_path / "parts", {"training.steps": 4})) == recorded(whole)


def test_what_has_no_paths_to_count_is_refused() -> None:
    memories = {"agent": {"kind": "associative"}, "channel": {"estimator": "reinforce"}}
    with pytest.raises(ConfigurationError, match=r"recording\.emergence.*got agent\.kind=associative"):
        load({**TINY, **memories})
    others = {"others": {"first": 3, "agent": {"kind": "associative"}}, "channel": {"estimator": "reinforce"}}
    with pytest.raises(ConfigurationError, match=r"got agent\.kind=gru with others"):
        load({**TINY, **others})
    with pytest.raises(ConfigurationError, match=r"recording\.emergence"):
        load("graph-search", {"recording.emergence": True})
