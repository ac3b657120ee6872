"""Who watches a run."""

from __future__ import annotations

from typing import Protocol

from hubbub.simulator.engine.system import System


class Progress(Protocol):
    """A watcher; what it does changes nothing in the run."""

    def advanced(self, system: System, until: int) -> None:
        """Take note that some of the steps to `until` were made."""

    def recorded(self, step: int, metrics: dict[str, float]) -> None:
        """Take note of the metrics recorded at `step`."""

    def noticed(self, message: str) -> None:
        """Take note of something that a person should know."""

    def waiting(self, message: str) -> None:
        """Take note of how far something is that takes long."""


class NoProgress:
    """A watcher that says nothing."""

    def advanced(self, system: System, until: int) -> None:
        """Say nothing."""

    def recorded(self, step: int, metrics: dict[str, float]) -> None:
        """Say nothing."""

    def noticed(self, message: str) -> None:
        """Say nothing."""

    def waiting(self, message: str) -> None:
        """Say nothing."""
