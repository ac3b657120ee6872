"""A Ray cluster that makes runs."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import Any

from scenarios.studies.making import Ending, Work, make


class RayMakers:
    """Ray tasks, one core each; run directories lie on a disk that all nodes and the driver share.

    A task whose worker or node died is not made again by Ray: the study says so, and the same command goes on.
    """

    def __init__(self, address: str, **options: Any) -> None:
        import ray

        ray.init(address, log_to_driver=False, **options)
        self._ray = ray
        self._task = ray.remote(num_cpus=1, max_retries=0)(make)
        self._asked: list[Any] = []

    def submit(self, work: Work) -> Future[Ending]:
        """Have a run made; those submitted first begin first."""
        reference = self._task.options(name=work.path.name).remote(work)
        self._asked.append(reference)
        ending: Future[Ending] = Future()
        reference.future().add_done_callback(partial(_conclude, ending))
        return ending

    def stop(self) -> None:
        """Begin no other run, let those that are being made stop at a checkpoint, and wait for that."""
        for reference in self._asked:
            self._ray.cancel(reference)
        self._ray.wait(self._asked, num_returns=len(self._asked))

    def close(self) -> None:
        """Let go of the cluster."""
        self._ray.shutdown()


def _conclude(ending: Future[Ending], made: Future[Ending]) -> None:
    """Turn what became of a task into the ending of its run."""
    from ray.exceptions import TaskCancelledError

    error = made.exception()
    if error is None:
        ending.set_result(made.result())
    elif isinstance(error, TaskCancelledError):
        ending.set_result(Ending("stopped"))
    else:
        ending.set_result(Ending("failed", problem=f"{type(error).__name__}: {str(error).splitlines()[0]}"))
