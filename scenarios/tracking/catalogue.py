"""The names that a configuration may give under `tracking`, and what a tracker must have."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from hubbub.simulator.registry import Registry


@dataclass(frozen=True)
class TrackedRun:
    """The run that a tracker shows.

    Attributes
    ----------
    path, name
        Its directory, and the name of that.
    identity
        A text that is the same whenever the run is continued, and another for every run.
    configuration
        The resolved configuration.
    began
        The step at which this part of the run begins: 0, or that of the checkpoint from which it is resumed.
    """

    path: Path
    name: str
    identity: str
    configuration: Mapping[str, Any]
    began: int

    @property
    def folder(self) -> Path:
        """Where a tracker may write: `tracking` in the run directory."""
        return self.path / "tracking"


class Tracker(ABC):
    """Shows the metrics of one run; its constructor gets the `run`, and its options by keyword.

    The constructor writes nothing into the run directory. It may open a connection: where it raises something, that is
    said and the run does not begin. What `log` or `close` raise is said, and the run goes on without the tracker.
    """

    package: ClassVar[str] = ""
    """The package that it needs, by the name under which Python imports it; "" for none."""
    extra: ClassVar[str] = ""
    """The extra of hubbub that installs the package."""
    forgets: ClassVar[bool] = False
    """Whether it forgets what it has of the steps from `run.began` on, when it is given them again."""

    @abstractmethod
    def log(self, step: int, metrics: Mapping[str, float]) -> None:
        """Show the metrics of the whole system at a step; steps increase."""

    @abstractmethod
    def close(self, status: str) -> None:
        """End the connection; `status` is "finished", "stopped" or "failed". A resume makes another tracker."""


tracker = Registry("tracker", package="hubbub.scenarios.tracking", supplied=("run",), contract=Tracker)
"""Decorator and catalogue of `Tracker` classes; the parameter `run` receives the `TrackedRun`."""
