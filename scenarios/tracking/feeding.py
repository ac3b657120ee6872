"""Feeding the trackers of a run from its metric rows."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hubbub.analysis.files import write_whole
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.tracking.catalogue import TrackedRun, Tracker, tracker
from hubbub.simulator.engine import NoProgress, Schedule
from hubbub.simulator.errors import ConfigurationError, HubbubError, StoreError, shortened
from hubbub.simulator.store import open_run

FILE = "trackers.json"
"""What is kept in RUN/tracking: the identity of the run, and the last step that each tracker has."""


def check_tracking(scenario: Scenario) -> None:
    """Refuse trackers whose package is not installed, or that are there twice.

    Raises
    ------
    ConfigurationError
        The message says what to install.
    """
    names = [one.kind for one in scenario.tracking]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise ConfigurationError(f"tracking.{place}: expected each tracker once, got {name!r} again")
        kind: Any = tracker[name]
        if kind.package and find_spec(kind.package) is None:
            remedy = f"pip install 'hubbub[{kind.extra}]'" if kind.extra else f"pip install {kind.package}"
            raise ConfigurationError(
                f"tracking.{place}: tracker {name!r} needs the package {kind.package}, which is not installed: {remedy}"
            )


class Feeding(NoProgress):
    """Gives the recorded metrics of a run to its trackers; what one of them has already is not given to it again.

    A tracker that fails is said once, and the run goes on without it. What it lacks then it gets at the next resume.
    Records off the schedule, which are made where a run is stopped and are removed by a resume, are given to none.

    Parameters
    ----------
    run, trackers
        The run, and its trackers by their names.
    last
        The last step that each of them has.
    keeps
        Whether the record of a step stays when the run is resumed.
    say
        Receives what a person should know.
    """

    def __init__(
        self,
        run: TrackedRun,
        trackers: Mapping[str, Tracker],
        last: Mapping[str, int],
        *,
        keeps: Callable[[int], bool],
        say: Callable[[str], None],
    ) -> None:
        self._run, self._trackers, self._last = run, dict(trackers), dict(last)
        self._keeps, self._say = keeps, say

    def catch_up(self) -> None:
        """Give the trackers what they lack of what the run has recorded before this part of it."""
        if self._trackers and self._run.began:
            for step, metrics in open_run(self._run.path).records():
                if step < self._run.began:
                    self._give(step, metrics)

    def recorded(self, step: int, metrics: dict[str, float]) -> None:
        """Give the metrics to every tracker."""
        if self._trackers and self._keeps(step):
            self._give(step, metrics)

    def close(self, status: str) -> None:
        """Tell the trackers how the run has ended."""
        for name, one in list(self._trackers.items()):
            self._attempt(name, partial(one.close, status))

    def _give(self, step: int, metrics: Mapping[str, float]) -> None:
        lacking = [name for name in self._trackers if step > self._last.get(name, -1)]
        given = [name for name in lacking if self._attempt(name, partial(self._trackers[name].log, step, metrics))]
        if given:
            self._last |= dict.fromkeys(given, step)
            content = json.dumps({"identity": self._run.identity, "steps": self._last})
            with suppress(StoreError):
                write_whole(self._run.folder / FILE, content)

    def _attempt(self, name: str, call: Callable[[], None]) -> bool:
        """Make a call to a tracker; where it fails, say so and do without the tracker from here on."""
        try:
            call()
        except Exception as error:
            del self._trackers[name]
            self._say(
                f"tracker {name!r} failed with {type(error).__name__}: {shortened(str(error))}; the run goes on "
                "without it, and a resume gives it what it lacks"
            )
            return False
        return True


@contextmanager
def tracked(
    scenario: Scenario, path: Path, *, began: int, schedule: Schedule, say: Callable[[str], None]
) -> Iterator[Feeding]:
    """Yield what feeds the trackers of a scenario, which are opened before and closed afterwards.

    `began` is the step at which this part of the run begins.

    Raises
    ------
    ConfigurationError
        A tracker cannot be opened.
    """
    known = _known(path)
    text = f"{path.resolve()} {time.time_ns()} {os.getpid()}"
    identity = known.get("identity") or hashlib.sha256(text.encode()).hexdigest()[:12]
    run = TrackedRun(path, path.name, identity, scenario.model_dump(mode="json"), began)
    trackers = {one.kind: _opened(one.kind, one.options(), run) for one in scenario.tracking}
    last = {name: step for name, step in known.get("steps", {}).items() if name in trackers}
    last |= {name: min(step, began - 1) for name, step in last.items() if trackers[name].forgets}
    until = scenario.length
    feeding = Feeding(run, trackers, last, keeps=lambda step: schedule.records(step) or step >= until, say=say)
    status = "failed"
    try:
        feeding.catch_up()
        yield feeding
        status = open_run(path).status
    except KeyboardInterrupt:
        status = "stopped"
        raise
    finally:
        feeding.close(status)


def _opened(name: str, options: dict[str, Any], run: TrackedRun) -> Tracker:
    try:
        made: Tracker = tracker.call(name, options, run=run)
    except HubbubError:
        raise
    except Exception as error:
        raise ConfigurationError(f"tracker {name!r}: {type(error).__name__}: {error}") from error
    return made


def _known(path: Path) -> dict[str, Any]:
    """Return what an earlier part of a run has left about its trackers."""
    with suppress(OSError, ValueError):
        found = json.loads((path / "tracking" / FILE).read_text(encoding="utf-8"))
        if isinstance(found, dict) and isinstance(found.get("steps", {}), dict):
            return found
    return {}
