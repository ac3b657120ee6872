"""Every command that writes: what it is given, what must be whole after a fault, and how it must end at last."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from faults.command import Ended, assignments, hubbub
from faults.tiny_reproduction import NAME
from faults.tiny_run import LONGER, TINY, end_of, is_same_end
from hubbub.analysis.studies import open_study
from hubbub.simulator.errors import HubbubError
from hubbub.simulator.store import load_checkpoint, verify
from hubbub.simulator.store.files import RUN_FILE, STUDY_FILE, steps_in


@dataclass(frozen=True)
class Verb:
    """A command that writes below a folder.

    Attributes
    ----------
    name
        What it is called in the table.
    given
        Puts into a new folder what the command needs; told the folder and a whole run.
    words
        Returns the words of the command that is disturbed.
    again
        Returns the words of the command that goes on afterwards.
    result
        Returns what must be the same at the end as without a fault; None for the bytes of all files.
    share
        How often it is tried, relative to the others.
    """

    name: str
    given: Callable[[Path, Path], None]
    words: Callable[[Path], list[str | Path]]
    again: Callable[[Path], list[str | Path]] | None = None
    result: Callable[[Path], Any] | None = None
    share: int = 10

    def run(self, place: Path) -> Ended:
        """Run the command."""
        return hubbub(*self.words(place))

    def go_on(self, place: Path) -> Ended:
        """Run the command that goes on after a fault."""
        return hubbub(*(self.again or self.words)(place))

    def ended(self, place: Path) -> Any:
        """Return what there is in the end."""
        return self.result(place) if self.result else files_in(place)

    def is_same(self, one: Any, other: Any) -> bool:
        """Whether two ends are equal."""
        if self.result is None or set(one) != set(other):
            return bool(one == other)
        return all(
            is_same_end(one[name], other[name]) if name in _runs(one) else one[name] == other[name] for name in one
        )


def _runs(end: Mapping[str, Any]) -> list[str]:
    return [name for name, value in end.items() if isinstance(value, dict) and "state" in value]


def files_in(place: Path) -> dict[str, bytes]:
    """Return the content of all files below a folder, but those that only say who writes."""
    files = (path for path in sorted(place.rglob("*")) if path.is_file() and path.name != ".lock")
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in files}


def whole_state(place: Path, before: Mapping[str, bytes], after: Mapping[str, bytes] | None) -> list[str]:
    """Return what is not whole below a folder after a fault: files of `after` are as they were, or as they become."""
    problems = [f"{path} was left" for path in sorted(place.rglob("*.tmp")) if path.is_file()]
    for file in sorted(place.rglob(RUN_FILE)):
        try:
            problems += list(verify(file.parent).problems)
        except HubbubError as error:
            problems.append(str(error))
    for table in sorted(place.rglob("study.parquet")):
        try:
            open_study(table.parent)
        except HubbubError as error:
            problems.append(str(error))
    if after is not None:
        for name, content in files_in(place).items():
            if content not in (before.get(name), after.get(name)):
                problems.append(f"{name}: neither as before nor as it becomes")
    return problems


def truth_of(ended: Ended, place: Path) -> list[str]:
    """Return what a message says that is not so."""
    said = "\n".join(ended.complaints)
    runs = [file.parent for file in place.rglob(RUN_FILE)]
    begun = [*runs, *(file.parent for file in place.rglob(STUDY_FILE))]
    problems = [
        f"not true: {said}"
        for folder in begun
        if re.search(rf"cannot write {re.escape(str(folder))}(/(?!runs/)[^:]*)?: [^.]*\. Nothing was started", said)
    ]
    unborn = [run for run in runs if f"hubbub resume {run}" in said and not steps_in(run, "checkpoints")]
    return problems + [f"nothing to resume: {said}" for _ in unborn]


def _nothing(place: Path, whole: Path) -> None:
    """Need nothing."""


def _copied(place: Path, whole: Path) -> None:
    shutil.copytree(whole, place / "run", ignore=shutil.ignore_patterns(".lock"))


def _talk(place: Path, whole: Path) -> None:
    lines = [f"{one},{other},{one}{other},{one}" for one in "xyz" for other in "xyz"]
    (place / "talk.csv").write_text("\n".join(["message,shape,referent,speaker", *lines * 4]))


def _spikes(place: Path, whole: Path) -> None:
    np.save(place / "spikes.npy", np.random.default_rng(0).random((40, 6)) < 0.2)


def _go_on(place: Path) -> list[str | Path]:
    """Return the words that continue a run, or start it again where it has no checkpoint."""
    run = place / "run"
    if (run / RUN_FILE).exists() and steps_in(run, "checkpoints"):
        return ["resume", run, *assignments(LONGER)]
    return ["run", "karate", *assignments({**TINY, **LONGER}), "--out", run]


def _run_end(place: Path) -> dict[str, Any]:
    if load_checkpoint(place / "run").step == TINY["training.steps"]:  # it had ended before the fault
        hubbub("resume", place / "run", *assignments(LONGER))
    return {"run": end_of(place / "run")}


def _study_end(place: Path) -> dict[str, Any]:
    study = place / "study"
    kept = ("seconds",)
    rows = [{name: value for name, value in row.items() if name not in kept} for row in open_study(study).rows]
    return {"rows": rows, **{path.name: end_of(path) for path in sorted((study / "runs").iterdir())}}


def _claims_end(place: Path) -> dict[str, Any]:
    again = place / "again"
    files = {path.name: path.read_bytes() for path in sorted(again.iterdir()) if path.is_file()}
    runs = {path.name: end_of(path) for path in sorted((again / "runs").iterdir())}
    return {**{name: content for name, content in files.items() if name != ".lock"}, **runs}


DATED = ("xlsx", "tensorboard")
"""Formats whose files say when they were written."""


def _sizes(place: Path) -> dict[str, Any]:
    """Return the sizes of exported files, of a workbook those of its parts."""
    sizes: dict[str, Any] = {}
    for name, content in files_in(place / "run" / "exports").items():
        parts = zipfile.ZipFile(BytesIO(content)).infolist() if name.endswith(".xlsx") else ()
        sizes[name] = [(part.filename, part.file_size) for part in parts] or len(content)
    return sizes


def _sweep(place: Path) -> list[str | Path]:
    return ["sweep", "karate", *assignments(TINY), "agent.hidden=4,6", "--out", place / "study", "--quiet"]


def verbs() -> Iterator[Verb]:
    """Yield every command that writes."""
    run = ["run", "karate", *assignments(TINY), "--quiet", "--out"]
    longer = assignments(LONGER)
    yield Verb("run", _nothing, lambda place: [*run, place / "run"], _go_on, _run_end)
    yield Verb("resume", _copied, lambda place: ["resume", place / "run", "--quiet", *longer], _go_on, _run_end)
    yield Verb("report", _copied, lambda place: ["report", place / "run"])
    for form in ("csv", "parquet", "xlsx", "elcc", "graphml", "gexf", "tensorboard"):
        words: Callable[[Path], list[str | Path]] = lambda place, form=form: ["export", place / "run", "--format", form]  # type: ignore[misc]  # noqa: E731
        yield Verb(f"export {form}", _copied, words, result=_sizes if form in DATED else None, share=3)
    yield Verb("sweep", _nothing, _sweep, None, _study_end)
    again: Callable[[Path], list[str | Path]] = lambda place: ["reproduce", NAME, "--out", place / "again"]  # noqa: E731
    yield Verb("reproduce", _nothing, again, None, _claims_end)
    yield Verb("init", _nothing, lambda place: ["init", "karate", "--force", "--out", place / "karate.yaml"])
    draw = ["topology", "ring", "n_agents=40", "--draw"]
    yield Verb("topology", _nothing, lambda place: [*draw, place / "ring.svg"])
    measure = "measure"
    yield Verb(
        "measure corpus", _talk, lambda place: [measure, "corpus", place / "talk.csv", "--out", place / "measured"]
    )
    yield Verb(
        "measure record", _spikes, lambda place: [measure, "record", place / "spikes.npy", "--out", place / "measured"]
    )


def verb_of(name: str) -> Verb:
    """Return the command of that name."""
    [found] = [verb for verb in verbs() if verb.name == name]
    return found
