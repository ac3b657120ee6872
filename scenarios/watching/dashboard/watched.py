"""What the dashboard knows of the runs and studies of a folder; what was read stays in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from hubbub.analysis.dialects.recorded import heard_agents
from hubbub.analysis.page.html import Html
from hubbub.analysis.page.time import fits_a_page, most_steps, time_picture
from hubbub.analysis.views.population.moments import moments
from hubbub.scenarios.watching.dialect_history import DialectHistory
from hubbub.scenarios.watching.finding import find
from hubbub.scenarios.watching.run_status import RunStatus, RunStatuses
from hubbub.scenarios.watching.status_table import latest_first
from hubbub.scenarios.watching.study_status import StudyStatus, study_status
from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import open_run
from hubbub.simulator.store.curves import Curves, Series

MOST_STEPS = 60
"""Recorded steps that a picture of time shows at most."""


@dataclass(frozen=True)
class Seen:
    """The status of all runs and studies at one moment; a study's runs are not among the runs."""

    runs: tuple[RunStatus, ...] = ()
    studies: tuple[StudyStatus, ...] = ()

    def run(self, path: str) -> RunStatus | None:
        """Return the run at a path, alone or of a study; None where there is none."""
        runs = (*self.runs, *(run for study in self.studies for run in study.runs))
        return next((run for run in runs if str(run.path) == path), None)

    def study(self, path: str) -> StudyStatus | None:
        """Return the study at a path; None where there is none."""
        return next((study for study in self.studies if str(study.path) == path), None)


class Watched:
    """Reads the runs below `folders` for all visitors of the dashboard, one thread at a time."""

    def __init__(self, folders: tuple[Path, ...] = ()) -> None:
        self.folders = folders
        self._lock = Lock()
        self._statuses = RunStatuses()
        self._curves: dict[Path, Curves] = {}
        self._dialects: dict[Path, DialectHistory] = {}
        self._pictures: dict[Path, tuple[tuple[object, ...], Html]] = {}

    def look(self) -> Seen:
        """Return the status of all runs and studies that are there now."""
        with self._lock:
            found = find(self.folders)
            runs = sorted((self._statuses.of(path) for path in found.runs), key=latest_first)
            return Seen(tuple(runs), tuple(study_status(path, self._statuses) for path in found.studies))

    def curves(self, path: Path) -> dict[str, Series]:
        """Return the metrics of a run; empty where they cannot be read at this moment."""
        with self._lock:
            curves = self._curves.setdefault(path, Curves(path))
            try:
                curves.refresh()
            except StoreError:
                return {}
            return curves.values

    def picture(self, path: Path) -> Html:
        """Return the picture of time of a run; empty where it has no lexicon, is too large for a page or unreadable."""
        with self._lock:
            try:
                return self._picture(path)
            except StoreError:
                return Html()

    def _picture(self, path: Path) -> Html:
        run = open_run(path)
        stamp = (run.info["created"], tuple(run.lexicon_steps()))
        if path in self._pictures and self._pictures[path][0] == stamp:
            return self._pictures[path][1]
        drawn = Html()
        if run.lexicon_steps():
            n_agents = len(run.agents().names)
            if fits_a_page(n_agents, len(run.edges())):
                most = min(MOST_STEPS, most_steps(n_agents))
                dialects = self._dialects.setdefault(path, DialectHistory())
                history = dialects.over_time(run, most=most)
                if history is not None:
                    word = "group" if dialects.why_none(run) else "dialect"
                    drawn = time_picture(moments(run, history, heard_agents(run), word=word))
        self._pictures[path] = (stamp, drawn)
        return drawn
