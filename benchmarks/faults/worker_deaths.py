"""Ray workers that are killed at random moments: the run must end with the bits of a quiet one."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from faults.tally import Tally
from faults.tiny_run import end_of, is_same_end
from hubbub.scenarios import run
from hubbub.simulator.cluster import worker_group
from hubbub.simulator.cluster.connection import connected

SHARED: dict[str, Any] = {
    "topology.n_agents": 16,
    "agent.hidden": 8,
    "agent.embedding": 4,
    "training.games_per_step": 4,
    "training.steps": 60,
    "engine.record_every": 10,
    "engine.checkpoint_every": 20,
    "engine.block_agents": 2,
    "recording.referents": 8,
}
DEATHS_OF_A_RUN = 4


def worker_deaths(folder: Path, n: int, *, seed: int) -> Tally:
    """Kill workers of runs, some in each, until so many have died."""
    draw, tally = random.Random(seed), Tally("deaths of workers")
    quiet = end_of(run("ring-dialects", SHARED, out=folder / "quiet").path)
    with connected(None, cores=2):
        while tally.tried < n:
            shutil.rmtree(folder / "shared", ignore_errors=True)
            with killing(draw, min(DEATHS_OF_A_RUN, n - tally.tried)) as killed:
                try:
                    made = run("ring-dialects", SHARED, out=folder / "shared", workers=2)
                    problems = [] if is_same_end(quiet, end_of(made.path)) else ["other bits at the end"]
                except Exception as error:
                    problems = [f"{type(error).__name__}: {str(error)[:300]}"]
            for number in range(len(killed)):
                tally.note(f"death {number + 1} of {len(killed)}", problems if number == 0 else [])
    return tally


class killing:
    """While active, workers that this process has started are killed at random moments; yields those that were."""

    def __init__(self, draw: random.Random, most: int) -> None:
        self._draw, self._most = draw, most
        self._groups: list[worker_group.WorkerGroup] = []
        self._end, self._killed = threading.Event(), list[int]()
        self._thread = threading.Thread(target=self._kill)

    def __enter__(self) -> list[int]:
        groups, begun = self._groups, worker_group.WorkerGroup.__init__

        def noting(group: Any, *given: Any, **named: Any) -> None:
            groups.append(group)
            begun(group, *given, **named)

        self._patch = patch.object(worker_group.WorkerGroup, "__init__", noting)
        self._patch.start()
        self._thread.start()
        return self._killed

    def __exit__(self, *given: Any) -> None:
        self._end.set()
        self._thread.join()
        self._patch.stop()

    def _kill(self) -> None:
        while len(self._killed) < self._most and not self._end.wait(self._draw.uniform(0.0, 1.0)):
            if there := self._workers():
                chosen = self._draw.choice(there)
                with suppress(OSError):
                    os.kill(chosen, signal.SIGKILL)
                    self._killed.append(chosen)
                self._end.wait(0.5)

    def _workers(self) -> list[int]:
        """Return the numbers of the processes of workers that live."""
        found = []
        for process in [host.pid for group in self._groups for host in group._hosts]:
            with suppress(OSError):
                if process not in self._killed and b"ray::Worker" in Path(f"/proc/{process}/cmdline").read_bytes():
                    found.append(process)
        return found
