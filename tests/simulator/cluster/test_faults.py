"""Workers are killed, stopped and lost with their nodes, and the run leaves the bits of a quiet one."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import ray
from ray.cluster_utils import Cluster

import hubbub.simulator.cluster.faults as faults
import hubbub.simulator.cluster.sharded_system as sharded_system
import hubbub.simulator.cluster.worker_group as worker_group
from hubbub.scenarios import resume, run
from hubbub.simulator.cluster import Driver
from hubbub.simulator.cluster.fingerprint import fingerprint
from hubbub.simulator.engine import NoProgress, Records, Team
from hubbub.simulator.errors import ConfigurationError, RunError
from hubbub.simulator.store import load_checkpoint, open_run

SMALL: dict[str, Any] = {
    "topology.n_agents": 16,
    "agent.hidden": 8,
    "agent.embedding": 4,
    "training.games_per_step": 4,
    "training.steps": 60,
    "engine.record_every": 10,
    "engine.checkpoint_every": 20,
    "engine.block_agents": 2,
    "recording.referents": 8,
    "recording.emergence": True,
}
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def nodes() -> Iterator[Cluster]:
    """A head without cores and two nodes with three cores, all on this machine; no process that nobody needs."""
    lean = {"include_dashboard": False, "include_log_monitor": False, "no_monitor": True}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_prestart_worker_first_driver", "0")
        patch.setenv("RAY_worker_niceness", "0")  # else workers wait for the tests of other processes
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **lean})
        for cores in (1, 2):
            cluster.add_node(num_cpus=cores, **lean)
        ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
        yield cluster
        ray.shutdown()
        cluster.shutdown()


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run("ring-dialects", SMALL, out=tmp_path_factory.mktemp("quiet") / "run").path


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    WORKER_GROUPS.clear()
    monkeypatch.setattr(sharded_system, "WorkerGroup", Known)
    monkeypatch.setattr(worker_group, "HEARTBEAT_S", 0.5)
    monkeypatch.setattr(worker_group, "HEARTBEAT_TIMEOUT_S", 6.0)
    monkeypatch.setattr(worker_group, "RESOURCES_TIMEOUT_S", 8.0)
    monkeypatch.setattr(sharded_system, "CALL_S", 0.05)


class Watching(NoProgress):
    """Notes what is noticed, and does something at the first record after a step."""

    def __init__(self, at: int = 0, do: Callable[[], None] = lambda: None) -> None:
        self.messages: list[str] = []
        self._at, self._do, self.done = at, do, False

    def recorded(self, step: int, metrics: dict[str, float]) -> None:
        if step >= self._at and not self.done:
            self.done = True
            self._do()

    def noticed(self, message: str) -> None:
        if not message.startswith("steps are computed by"):
            self.messages.append(message)


WORKER_GROUPS: list[worker_group.WorkerGroup] = []


class Known(worker_group.WorkerGroup):
    """A worker group whose workers a test can find: other tests have some on this machine at the same time."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        WORKER_GROUPS.append(self)
        super().__init__(*arguments, **options)


def worker_pids() -> list[int]:
    """Return the process numbers of all running workers of this test."""
    found = []
    for process in [host.pid for known in WORKER_GROUPS for host in known._hosts]:
        with suppress(OSError):
            if b"ray::Worker" in Path(f"/proc/{process}/cmdline").read_bytes():
                found.append(process)
    return found


def none_left() -> bool:
    """Return whether all workers end, which takes them a moment."""
    for _ in range(100):
        if not worker_pids():
            return True
        time.sleep(0.1)
    return False


def send(number: int) -> None:
    os.kill(worker_pids()[0], number)


def assert_same_run(one: Path, other: Path) -> None:
    first, second = open_run(one), open_run(other)
    assert (first.status, first.step) == (second.status, second.step) == ("finished", 60)
    assert first.metric_rows().equals(second.metric_rows())
    assert first.lexicon_steps() == second.lexicon_steps()
    for step in first.lexicon_steps():
        for split, table in first.lexicon(step).to_tables().items():
            assert table.equals(second.lexicon(step).to_tables()[split])
    states = [load_checkpoint(path) for path in (one, other)]
    assert states[0].state == states[1].state
    for name, values in states[0].tensors.items():
        assert values.numpy().tobytes() == states[1].tensors[name].numpy().tobytes(), name


def test_a_quiet_run_on_workers(nodes: Cluster, quiet: Path, tmp_path: Path) -> None:
    watching = Watching()
    assert_same_run(quiet, run("ring-dialects", SMALL, out=tmp_path / "run", workers=3, progress=watching).path)
    assert watching.messages == []
    assert none_left()


def test_more_workers_than_blocks_are_not_begun(nodes: Cluster, tmp_path: Path) -> None:
    watching = Watching()
    two_blocks = {**SMALL, "engine.block_agents": 8, "training.steps": 2}
    run("ring-dialects", two_blocks, out=tmp_path / "run", workers=9, progress=watching)
    assert watching.messages == ["2 workers are enough: there are no more blocks (engine.block_agents)"]
    assert [len(known._hosts) for known in WORKER_GROUPS] == [2]


@pytest.mark.parametrize(("number", "says"), [(signal.SIGKILL, "a worker was lost"), (signal.SIGSTOP, "no heartbeat")])
def test_a_worker_that_is_killed_or_hangs(nodes: Cluster, quiet: Path, tmp_path: Path, number: int, says: str) -> None:
    watching = Watching(30, lambda: send(number))
    assert_same_run(quiet, run("ring-dialects", SMALL, out=tmp_path / "run", workers=2, progress=watching).path)
    assert len(watching.messages) == 1 and says in watching.messages[0]
    assert "at step 30" in watching.messages[0]


class Sleeper:
    """A system whose first step never ends, after which all steps do nothing."""

    stride, work = 1, ("naps", 0)

    def __init__(self, team: Team, marks: Path) -> None:
        self.now, self.team, self.marks = 0, team, marks

    def step(self, n: int) -> Records:
        if self.team.rank == 0 and not self.marks.exists():
            self.marks.touch()
            threading.Event().wait()
        self.now += n
        return {}


class Stubborn(Exception):
    """An error that cannot travel."""

    def __init__(self) -> None:
        super().__init__("as bad as it gets")
        self.lock = threading.Lock()


class Heavy(Exception):
    """An error that can be sent, and not be received."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other}")


ERRORS = {
    "as bad as it gets": (Stubborn, RunError),
    "one and other": (partial(Heavy, "one", "other"), RunError),
    "worker [01]: SystemExit: 3": (partial(SystemExit, 3), RunError),
    "worker [01]: KeyboardInterrupt: here": (partial(KeyboardInterrupt, "here"), RunError),
    "no way": (partial(ConnectionError, "no way"), ConnectionError),
    "yours": (partial(ConfigurationError, "yours"), ConfigurationError),
}


class Failing(Sleeper):
    """A system that fails in its step, each time in the way that the number of steps says; or when it is built."""

    def __init__(self, team: Team, marks: Path) -> None:
        super().__init__(team, marks)
        if marks.stem in ERRORS:
            self.step(list(ERRORS).index(marks.stem))

    def step(self, n: int) -> Records:
        if self.team.rank >= 0:
            raise list(ERRORS.values())[n][0]()
        return {}


def shared(kind: type[Sleeper], marks: Path, said: list[str]) -> sharded_system.ShardedSystem:
    team = Driver(2)
    member: Any = partial(kind, marks=marks)
    return sharded_system.ShardedSystem(
        member(team), team, member, device="cpu", threads=1, restore=lambda: None, noticed=said.append
    )


def test_a_step_that_does_nothing_for_too_long(nodes: Cluster, tmp_path: Path) -> None:
    said: list[str] = []
    system = shared(Sleeper, tmp_path / "asleep", said)
    system.step(1)
    system.close()
    assert system.now == 1
    assert said == ["at step 0: no worker computed anything for 6 s; going on with new workers from step 0"]


def assert_raised_here(system: sharded_system.ShardedSystem, text: str) -> None:
    """Let a system make the step that fails with this text."""
    with pytest.raises(ERRORS[text][1], match=text) as caught:
        system.step(list(ERRORS).index(text))
    shown = "".join(traceback.format_exception(caught.value))
    assert ("raise list(ERRORS" in shown) == (text != "yours")  # the traceback in the worker


def test_what_a_system_raises_in_a_worker_is_raised_here_and_is_no_fault(nodes: Cluster, tmp_path: Path) -> None:
    said: list[str] = []
    system = shared(Failing, tmp_path / "stepped", said)
    for text in ERRORS:
        assert_raised_here(system, text)
    system.close()
    assert said == [] and len(WORKER_GROUPS) == 1  # the same workers raise one after the other


def test_what_a_system_raises_when_it_is_built_is_raised_here_and_is_no_fault(nodes: Cluster, tmp_path: Path) -> None:
    said: list[str] = []
    system = shared(Failing, tmp_path / "one and other", said)
    assert_raised_here(system, "one and other")
    system.close()
    assert said == []


def test_machines_that_compute_other_bits_are_refused(
    nodes: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_group, "fingerprint", lambda: {**fingerprint(), "arithmetic": "other"})
    with pytest.raises(ConfigurationError, match=r"workers: expected arithmetic other as here.* got \w+ in worker 0"):
        run("ring-dialects", SMALL, out=tmp_path / "run", workers=2)


def test_what_went_wrong_is_said_even_of_an_error_without_words() -> None:
    assert faults.first_line(ConnectionError()) == "ConnectionError"
    with pytest.raises(faults.Fault, match="ObjectStoreFullError: no room"), faults.faults():
        raise ray.exceptions.ObjectStoreFullError("no room\nat all")


def test_kills_at_random_moments(nodes: Cluster, quiet: Path, tmp_path: Path) -> None:
    kills = 0
    for seed in range(3):
        stop, rng = threading.Event(), random.Random(seed)

        def kill(stop: threading.Event = stop, rng: random.Random = rng) -> None:
            nonlocal kills
            for _ in range(3):  # while workers begin, take over a checkpoint, or are on their way
                while not worker_pids() and not stop.wait(0.01):
                    pass
                if not stop.wait(rng.uniform(0.0, 1.5)) and (there := worker_pids()):
                    os.kill(rng.choice(there), signal.SIGKILL)
                    kills += 1
                    stop.wait(1.0)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            made = run("ring-dialects", SMALL, out=tmp_path / str(seed), workers=2)
        finally:
            stop.set()
            killer.join()
        assert_same_run(quiet, made.path)
    assert kills > 0


def test_a_node_that_is_lost_with_room_for_fewer_workers_afterwards(
    nodes: Cluster, quiet: Path, tmp_path: Path
) -> None:
    lost = nodes.add_node(num_cpus=1, include_log_monitor=False)
    watching = Watching(30, lambda: nodes.remove_node(lost))
    assert_same_run(quiet, run("ring-dialects", SMALL, out=tmp_path / "run", workers=4, progress=watching).path)
    assert any("resources for 3 instead of 4 workers" in message for message in watching.messages)


def test_too_many_faults_leave_a_whole_checkpoint(
    nodes: Cluster, quiet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharded_system, "MAX_FAULTS", 0)
    watching = Watching(30, lambda: send(signal.SIGKILL))
    with pytest.raises(RunError, match="1 faults since the checkpoint of step 20, which is whole"):
        run("ring-dialects", SMALL, out=tmp_path / "run", workers=2, progress=watching)
    broken = open_run(tmp_path / "run")
    assert (broken.status, load_checkpoint(broken.path).step) == ("failed", 20)
    assert_same_run(quiet, resume(broken.path, workers=3).path)


def test_errors_of_the_run_itself_are_told_as_in_one_process(nodes: Cluster, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"training diverged before step \d+: weights are no longer finite"):
        run("ring-dialects", {**SMALL, "training.learning_rate": 1e30}, out=tmp_path / "run", workers=2)
    began = time.monotonic()
    while worker_pids() and time.monotonic() - began < 10:
        time.sleep(0.1)
    assert none_left()
