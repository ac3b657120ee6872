"""Every verb that reads a run, on copies of which one file was changed."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from faults.mutations import mutated
from faults.stranger import resealed
from faults.tally import Tally
from hubbub.analysis.export import export_run
from hubbub.analysis.views.catalogue import view_of
from hubbub.scenarios import load_system, resume
from hubbub.simulator.store import open_run


def verbs(root: Path) -> dict[str, Callable[[], Any]]:
    """Return what reads a run, by name; `report` measures without drawing."""
    opened: Callable[[], Any] = lambda: open_run(root)  # noqa: E731
    return {
        "open_run": opened,
        "verify": lambda: open_run(root, verify=True),
        "report": lambda: view_of(opened()).find(opened()),
        "export": lambda: export_run(root, "csv", out=root.parent / "exported"),
        "load_system": lambda: load_system(root),
        "resume": lambda: resume(root, {"training.steps": 8}),
    }


def files_of(root: Path) -> list[str]:
    """Return the files of a run that a verb may read."""
    files = (path.relative_to(root).as_posix() for path in sorted(root.rglob("*")) if path.is_file())
    return [file for file in files if file != ".lock"]


def mutations(whole: Path, folder: Path, n: int, *, seed: int, as_stranger: bool, only: tuple[str, ...] = ()) -> Tally:
    """Change random files of copies of a run, and use every verb on each copy."""
    draw, tally = random.Random(seed), Tally("edited runs, sealed again" if as_stranger else "damaged runs")
    files = files_of(whole)
    for number in range(n):
        root = folder / f"copy-{number}"
        file = files[number % len(files)]
        for name in only or ("verify", "report", "export", "load_system", "resume"):
            shutil.copytree(whole, root)
            state = draw.getstate()
            what = mutated(root, file, draw)
            if as_stranger:
                resealed(root)
            same = not as_stranger and _same(whole, root, file)
            tally.attempt(
                f"{name} of {what}", verbs(root)[name], must_fail=name == "verify" and not as_stranger and not same
            )
            shutil.rmtree(root)
            draw.setstate(state)
        draw.random()
        draw.seed(f"{seed}-{number}")
    return tally


def _same(whole: Path, root: Path, file: str) -> bool:
    path = root / file
    return path.is_file() and path.read_bytes() == (whole / file).read_bytes()
