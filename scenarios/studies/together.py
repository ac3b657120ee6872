"""Runs of populations side by side in one process: each is an ordinary run, but their steps are computed at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from hubbub.simulator.engine import Drive, Observation, Progress, Row, Schedule, StopSignal, System, drive
from hubbub.simulator.pairing import Exchanges
from hubbub.simulator.population import Population
from hubbub.simulator.population.play import Played
from hubbub.simulator.population.stack import Stack, stack_of
from hubbub.simulator.store import RunWriter

T = TypeVar("T")


def side_by_side(jobs: Sequence[Callable[[Drive], T]]) -> list[T]:
    """Return what each of `jobs` returns, a function that makes a run with the drive that is handed to it."""
    with StopSignal() as stop, ThreadPoolExecutor(len(jobs)) as threads:
        barrier = StepBarrier(len(jobs), stop)
        made = [threads.submit(barrier.run, number, job) for number, job in enumerate(jobs)]
        return [one.result() for one in made]


class StepBarrier:
    """A barrier at which runs wait for each other at every step; each has a thread, and one thread works at a time.

    When all runs wait, those at the lowest step play it as one stack. So runs that start from different steps catch up
    with each other, and when a run ends or fails the others go on together.
    """

    def __init__(self, n: int, stop: StopSignal) -> None:
        self._turn = threading.Condition()
        self._n, self._stop = n, stop
        self._waiting: dict[int, tuple[Population, Exchanges]] = {}
        self._played: dict[int, Played | Exception] = {}
        self._stacked: list[int] = []
        self._stack: Stack | None = None

    def run(self, number: int, job: Callable[[Drive], T]) -> T:
        """Make the run of that number."""
        with self._turn:
            try:
                return job(StackedDrive(self, number, self._stop))
            finally:
                self._n -= 1
                self._play_when_all_wait()

    def play(self, number: int, population: Population, exchanges: Exchanges) -> Played:
        """Wait for the other runs, and return the games of the population of that number."""
        self._waiting[number] = population, exchanges
        self._play_when_all_wait()
        while number not in self._played:
            self._turn.wait()
        played = self._played.pop(number)
        if isinstance(played, Exception):
            raise played
        return played

    def _play_when_all_wait(self) -> None:
        """Let the runs at the lowest step play once all runs wait."""
        if not self._waiting or len(self._waiting) < self._n:
            return
        step = min(population.now for population, _ in self._waiting.values())
        numbers = sorted(number for number, (population, _) in self._waiting.items() if population.now == step)
        populations, exchanges = zip(*(self._waiting.pop(number) for number in numbers), strict=True)
        try:
            if self._stack is None or numbers != self._stacked:
                self._stack, self._stacked = stack_of(populations), numbers
            played: Sequence[Played | Exception] = self._stack.play(step, exchanges)
        except Exception as error:
            played = [error] * len(numbers)
        self._played |= dict(zip(numbers, played, strict=True))
        self._turn.notify_all()


@dataclass(frozen=True)
class StackedDrive:
    """Drives the population of one run as `drive` does, but computes its steps together with those of other runs."""

    barrier: StepBarrier
    number: int
    stop_all: StopSignal

    def __call__(
        self,
        system: System,
        writer: RunWriter,
        *,
        until: int,
        schedule: Schedule,
        measure: Callable[[Observation], Iterable[Row]],
        progress: Progress,
        stop: StopSignal,
    ) -> bool:
        """Do what `drive` does; the signal that stops all runs replaces `stop`."""
        assert isinstance(system, Population)
        system.play_with(partial(self.barrier.play, self.number, system))
        return drive(
            system,
            writer,
            until=until,
            schedule=schedule,
            measure=measure,
            progress=progress,
            stop=self.stop_all,
        )
