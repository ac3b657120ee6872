"""Runs made by a Ray cluster of this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from hubbub.scenarios.loading import load
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.studies.making import RunOutcome
from hubbub.scenarios.studies.ray_executor import RayExecutor
from hubbub.scenarios.studies.run_maker import RunMaker, RunsStopped
from hubbub.simulator.store import open_run

TINY = {"topology.n_agents": 3, "agent.hidden": 4, "training.games_per_step": 2, "engine.record_every": 2}


class StopsWhenTwoAreDone:
    """Asks to stop as Ctrl-C does, once two runs have ended and the third is on its way."""

    def __init__(self, third: Path) -> None:
        self.third = third
        self.endings: dict[str, RunOutcome] = {}

    def started(self, todo: Mapping[str, Scenario]) -> None:
        pass

    def refreshed(self) -> None:
        if len(self.endings) == 2 and len(list((self.third / "lexicon").glob("messages/*"))) > 1:
            raise KeyboardInterrupt

    def finished(self, name: str, ending: RunOutcome) -> None:
        self.endings[name] = ending


@pytest.fixture
def _ray() -> Iterator[None]:
    """A Ray of this machine, begun here because other tests of this process may have imported Ray before."""
    import ray

    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield
    ray.shutdown()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("_ray")
def test_runs_are_made_by_ray_tasks_and_stop_at_a_checkpoint(tmp_path: Path) -> None:
    watch = StopsWhenTwoAreDone(tmp_path / "runs" / "long")
    wanted = {
        "good": load("group-size", {**TINY, "training.steps": 4}),
        "bad": load("group-size", {**TINY, "training.steps": 4, "training.learning_rate": 1e30}),
        "long": load("group-size", {**TINY, "training.steps": 1_000_000}),
    }
    with pytest.raises(RunsStopped):
        RunMaker(tmp_path, partial(RayExecutor, None, cores=2), watch).make(wanted)
    assert watch.endings["good"].status == "finished"
    assert "diverged" in watch.endings["bad"].problem
    assert watch.endings["long"].status == "stopped"
    assert open_run(tmp_path / "runs" / "good").status == "finished"
    assert open_run(tmp_path / "runs" / "long").status == "stopped"
