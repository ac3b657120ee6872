"""A Ray cluster that executes runs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from functools import partial
from typing import Any

from hubbub.scenarios.studies.making import RunJob, RunOutcome, make
from hubbub.simulator.cluster.connection import connected


class RayExecutor:
    """Executes runs as Ray tasks, with one core for each thread; all nodes and the driver share the disk of the runs.

    Ray does not repeat a task whose worker or node died: its runs fail, and the same command continues them.
    """

    def __init__(self, address: str | None, *, cores: int = 1) -> None:
        self._connection = ExitStack()
        self._connection.enter_context(connected(address, cores=cores))
        import ray  # only now: its network settings are made above

        self._ray = ray
        self.capacity = int(ray.cluster_resources().get("CPU", 1))
        self._task: Any = ray.remote(max_retries=0)(make)
        self._references: list[Any] = []
        self._is_stopping = False

    def submit(self, bundle: Sequence[RunJob]) -> Future[list[RunOutcome]]:
        """Execute runs together in one process; those submitted first start first."""
        engine = bundle[0].configuration["engine"]
        needs = {"num_cpus": engine["threads"], "num_gpus": int(engine["device"] == "cuda")}
        reference = self._task.options(name=bundle[0].path.name, **needs).remote(bundle)
        self._references.append(reference)
        outcomes: Future[list[RunOutcome]] = Future()
        reference.future().add_done_callback(partial(self._conclude, outcomes, len(bundle)))
        return outcomes

    def stop(self) -> None:
        """Start no other run, stop the running ones at a checkpoint, and wait until they have stopped."""
        if not self._is_stopping:
            self.interrupt()  # as Ctrl-C does
        self._is_stopping = True
        self._ray.wait(self._references, num_returns=len(self._references))

    def interrupt(self) -> None:
        """Let the runs that are being stopped not finish their steps."""
        for reference in self._references:
            self._ray.cancel(reference)

    def close(self) -> None:
        """Disconnect from the cluster."""
        self._connection.close()

    def _conclude(self, outcomes: Future[list[RunOutcome]], n: int, made: Future[list[RunOutcome]]) -> None:
        """Set the outcomes of the `n` runs of a task from its result or error."""
        from ray.exceptions import TaskCancelledError

        try:
            ended = made.result()
        except TaskCancelledError:
            ended = [RunOutcome("stopped")] * n
        except Exception as error:
            problem = f"{type(error).__name__}: {str(error).splitlines()[0]}"
            ended = [RunOutcome("failed", problem=problem)] * n
        if self._is_stopping:  # a run that had not begun to step was interrupted wherever it was
            ended = [RunOutcome("stopped") if "KeyboardInterrupt" in one.problem else one for one in ended]
        outcomes.set_result(ended)
