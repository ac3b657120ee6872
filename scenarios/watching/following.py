"""Follow a run or a study in a terminal until it ends."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.live import Live

from hubbub.scenarios.watching.finding import is_study, looks_like_a_run
from hubbub.scenarios.watching.picture import RunPicture, StudyPicture
from hubbub.simulator.errors import ConfigurationError, StoreError

EVERY_S = 2.0
"""Seconds between two looks: records reach the disk after about as long."""


def picture_of(path: Path, metrics: Sequence[str] = ()) -> RunPicture | StudyPicture:
    """Return what shows the run or the study at `path`.

    Raises
    ------
    ConfigurationError
        There is neither.
    """
    if is_study(path):
        return StudyPicture(path, metrics)
    if looks_like_a_run(path):
        return RunPicture(path, metrics)
    expected = "a run or the folder of a study"
    raise ConfigurationError(f"{path}: expected {expected}, got {'a folder' if path.is_dir() else 'nothing'}")


def watch(path: Path, *, metrics: Sequence[str] = (), once: bool = False, console: Console | None = None) -> str:
    """Show a run or a study until it ends, or `once`; return its last state.

    On a terminal there is one picture that moves; elsewhere a line for every change, and the picture at the end.

    Parameters
    ----------
    metrics
        Names of the metrics whose curves are drawn; without them success and loss, or the first ones.

    Raises
    ------
    HubbubError
        There is nothing at `path`, or it cannot be read.
    """
    shown, screen = picture_of(path, metrics), console or Console(highlight=False)
    state = shown.seen.state
    if once or state != "running":
        screen.print(shown.draw(screen.width))
    elif screen.is_terminal:
        with Live(shown.draw(screen.width), console=screen, auto_refresh=False) as live:
            while state == "running":
                time.sleep(EVERY_S)
                state = _look(shown)
                live.update(shown.draw(screen.width), refresh=True)
    else:
        said = ""
        while state == "running":
            if (line := shown.line()) != said:
                screen.print(line, markup=False, soft_wrap=True)
            said = line
            time.sleep(EVERY_S)
            state = _look(shown)
        screen.print(shown.draw(screen.width))
    return state


def _look(shown: RunPicture | StudyPicture) -> str:
    """Look again; where nothing could be read at this moment, look a moment later."""
    try:
        return shown.look()
    except StoreError:
        time.sleep(EVERY_S)
        return shown.look()
