"""Who is told of the progress of a run."""

from __future__ import annotations

from typing import Protocol

from hubbub.simulator.engine.system import System


class Progress(Protocol):
    """Receives the progress of a run; nothing that it does changes the run."""

    def advanced(self, system: System, until: int) -> None:
        """Receive the system before the first and after some of the steps to `until`."""

    def recorded(self, step: int, metrics: dict[str, float]) -> None:
        """Receive the metrics recorded at `step` that describe the whole system."""

    def noticed(self, message: str) -> None:
        """Receive something that a person should know."""

    def waiting(self, message: str) -> None:
        """Receive how far an operation is that takes long."""


class NoProgress:
    """Ignores all progress."""

    def advanced(self, system: System, until: int) -> None:
        """Do nothing."""

    def recorded(self, step: int, metrics: dict[str, float]) -> None:
        """Do nothing."""

    def noticed(self, message: str) -> None:
        """Do nothing."""

    def waiting(self, message: str) -> None:
        """Do nothing."""
