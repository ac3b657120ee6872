"""Runs of populations side by side in one process: each is a run as ever, but their steps are computed at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from hubbub.simulator.engine import Drive, StopSignal, System, drive
from hubbub.simulator.pairing import Exchanges
from hubbub.simulator.population import Population
from hubbub.simulator.population.mail import Feedback, Mail
from hubbub.simulator.population.stack import Stack

T = TypeVar("T")


def side_by_side(makings: Sequence[Callable[[Drive], T]]) -> list[T]:
    """Return what each of `makings` returns, a function that makes a run with the drive that is handed to it."""
    with StopSignal() as stop, ThreadPoolExecutor(len(makings)) as threads:
        meeting = Meeting(len(makings), stop)
        made = [threads.submit(meeting.attend, number, making) for number, making in enumerate(makings)]
        return [one.result() for one in made]


class Meeting:
    """Where runs meet at every step, each in a thread of its own, of which one at a time is awake.

    Whoever comes to a step of play waits. When all have come, those at the lowest step play it as one stack; so runs
    that go on from different steps catch up with each other, and one that ends or fails leaves the others together.
    """

    def __init__(self, n: int, stop: StopSignal) -> None:
        self._awake = threading.Condition()
        self._n, self._stop = n, stop
        self._waiting: dict[int, tuple[Population, Exchanges]] = {}
        self._played: dict[int, tuple[Mail, Feedback] | Exception] = {}
        self._stacked: list[int] = []
        self._stack: Stack | None = None

    def attend(self, number: int, making: Callable[[Drive], T]) -> T:
        """Make the run of that number."""
        with self._awake:
            try:
                return making(partial(self._drive, number))
            finally:
                self._n -= 1
                self._go_on()

    def _drive(self, number: int, system: System, *arguments: Any, **options: Any) -> bool:
        """Drive a population as `engine.drive` does, but together with the others; all stop at the same step."""
        assert isinstance(system, Population)
        system.player = partial(self._play, number, system)
        return drive(system, *arguments, **{**options, "stop": self._stop})

    def _play(self, number: int, population: Population, exchanges: Exchanges) -> tuple[Mail, Feedback]:
        """Wait for the others, and return what the population said and was told."""
        self._waiting[number] = population, exchanges
        self._go_on()
        while number not in self._played:
            self._awake.wait()
        played = self._played.pop(number)
        if isinstance(played, Exception):
            raise played
        return played

    def _go_on(self) -> None:
        """Let those at the lowest step play once all have come."""
        if not self._waiting or len(self._waiting) < self._n:
            return
        step = min(population.now for population, _ in self._waiting.values())
        ready = sorted(number for number, (population, _) in self._waiting.items() if population.now == step)
        populations, exchanges = zip(*(self._waiting.pop(number) for number in ready), strict=True)
        try:
            if self._stack is None or ready != self._stacked:
                self._stack, self._stacked = Stack(populations), ready
            played: Sequence[tuple[Mail, Feedback] | Exception] = self._stack.play(step, exchanges)
        except Exception as error:
            played = [error] * len(ready)
        self._played |= dict(zip(ready, played, strict=True))
        self._awake.notify_all()
