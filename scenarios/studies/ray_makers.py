"""A Ray cluster that makes runs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from functools import partial
from typing import Any

from hubbub.scenarios.studies.making import Ending, Work, make
from hubbub.simulator.cluster.connection import connected


class RayMakers:
    """Ray tasks, a core for each of their threads; run directories lie on a disk that all nodes and the driver share.

    Ray does not make a task again whose worker or node died: the study names its runs, and the same command goes on.
    """

    def __init__(self, address: str | None, *, cores: int = 1) -> None:
        self._held = ExitStack()
        self._held.enter_context(connected(address, cores=cores))
        import ray  # only now: what it listens on is settled before

        self._ray = ray
        self.places = int(ray.cluster_resources().get("CPU", 1))
        self._task: Any = ray.remote(max_retries=0)(make)
        self._asked: list[Any] = []

    def submit(self, bundle: Sequence[Work]) -> Future[list[Ending]]:
        """Have runs made side by side in one process; those submitted first begin first."""
        engine = bundle[0].configuration["engine"]
        needs = {"num_cpus": engine["threads"], "num_gpus": int(engine["device"] == "cuda")}
        reference = self._task.options(name=bundle[0].path.name, **needs).remote(bundle)
        self._asked.append(reference)
        endings: Future[list[Ending]] = Future()
        reference.future().add_done_callback(partial(_conclude, endings, len(bundle)))
        return endings

    def stop(self) -> None:
        """Begin no other run, let those that are being made stop at a checkpoint, and wait for that."""
        for reference in self._asked:
            self._ray.cancel(reference)  # interrupts it as Ctrl-C does
        self._ray.wait(self._asked, num_returns=len(self._asked))

    def close(self) -> None:
        """Let go of the cluster."""
        self._held.close()


def _conclude(endings: Future[list[Ending]], n: int, made: Future[list[Ending]]) -> None:
    """Turn what became of a task into the endings of its `n` runs."""
    from ray.exceptions import TaskCancelledError

    try:
        endings.set_result(made.result())
    except TaskCancelledError:
        endings.set_result([Ending("stopped")] * n)
    except Exception as error:
        problem = f"{type(error).__name__}: {str(error).splitlines()[0]}"
        endings.set_result([Ending("failed", problem=problem)] * n)
