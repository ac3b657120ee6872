"""What runs in the documentation is made small in the same way everywhere, and runs in the process of the tests."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import pytest

import hubbub
from hubbub.analysis import report
from hubbub.scenarios import loading
from hubbub.scenarios.cli import main
from hubbub.scenarios.studies import expanding, making, sweeping
from hubbub.simulator.registry import Registry
from hubbub.simulator.store import open_run
from hubbub.simulator.store.files import STUDY_FILE

LONGEST = {"training.steps": 4, "dynamics.steps": 200, "search.generations": 1}
"""A run has at most so many steps."""

FEWER = {
    r"(seeds?\W+)(\d+)\.\.\d+": r"\1\2..\2",  # seed=0..9
    r"(=[\w.-]+,[\w.-]+)(,[\w.-]+)+": r"\1",  # agent.hidden=16,32,64
    r"((?:samples|trials)\W+)\d+": r"\g<1>2",
    r" --workers \d+": "",
    r"n_agents(\W+)\d{3,}": r"n_agents\g<1>16",
}
"""Substitutions in commands, studies and Python: fewer seeds, values, samples, processes and agents."""

SMALL = re.compile(r"^(\w+(?:, \w+)* = ).*# small: (.+)$", re.MULTILINE)
"""In examples and notebooks a size is followed by the one for tests: `STEPS = 500  # small: 5`."""


@pytest.fixture
def small() -> Callable[[str], str]:
    """Return a function that gives the source of an example with the sizes for tests."""
    return partial(SMALL.sub, r"\1\2")


@pytest.fixture
def fewer() -> Callable[[str], str]:
    """Return a function that makes a command or a block of Python small."""

    def call(text: str) -> str:
        for pattern, instead in FEWER.items():
            text = re.sub(pattern, instead, text)
        return text

    return call


WRITTEN: dict[str, bytes] = {}
"""Reports that were written, by kind of system, and of a study."""


class InThisProcess:
    """Makes the runs of a sweep without further processes."""

    capacity = 1

    def submit(self, bundle: Sequence[making.RunJob]) -> Future[list[making.RunOutcome]]:
        """Make the runs, one after the other."""
        done: Future[list[making.RunOutcome]] = Future()
        done.set_result([outcome for job in bundle for outcome in making.make([job])])
        return done

    def stop(self) -> None:
        """Nothing is running."""

    interrupt = close = stop


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[None]:
    """What an example registers and imports is forgotten after it, and its figures are closed."""
    registries = {
        id(value): value
        for name, module in list(sys.modules.items())
        if name.startswith("hubbub")
        for value in list(vars(module).values())
        if isinstance(value, Registry)
    }
    before = {key: dict(registry._entries) for key, registry in registries.items()}
    yield
    for key, registry in registries.items():
        discovered = {
            name: entry for name, entry in registry._entries.items() if entry.__module__.startswith("hubbub.")
        }
        registry._entries = {**discovered, **before[key]}
    for name, module in list(sys.modules.items()):
        if name.startswith("hubbub_user_") or str(getattr(module, "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]
    plt.close("all")


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweeps make their runs in this process."""
    monkeypatch.setattr(sweeping, "_executor", lambda workers, address: InThisProcess)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch, in_process: None) -> None:
    """Every run has at most as many steps as `LONGEST` says."""
    validate = loading.validate  # the door of every scenario

    def shortened(model: Any, data: Mapping[str, Any]) -> Any:
        scenario = validate(model, data)
        most = LONGEST.get(scenario.length_field, 4)
        if scenario.length <= most:
            return scenario
        return validate(model, loading.override(dict(data), scenario.length_field, most))

    for module in (loading, expanding):
        monkeypatch.setattr(module, "validate", shortened)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run that the pages read: a club of which everything is recorded twice."""
    settings = {"training.steps": 4, "engine.record_every": 2, "engine.checkpoint_every": 2}
    return hubbub.run("karate", settings, out=tmp_path_factory.mktemp("docs") / "run").path


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[str]], Ended]:
    """Return the command line `hubbub` in this process."""

    def call(words: Sequence[str]) -> Ended:
        monkeypatch.setattr(sys, "argv", ["hubbub", *words])
        code, out, err = 0, io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main()
            except SystemExit as ended:
                code = int(ended.code or 0)
        return Ended(code, out.getvalue(), err.getvalue())

    return call


@pytest.fixture
def one_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report takes seconds: it is written once for each kind of system and for studies, and copied for the others."""
    write = report.write_report

    def write_once(path: str | Path, **options: Any) -> Path:
        is_study = Path(path, STUDY_FILE).exists()
        kind = "study" if is_study else open_run(path).configuration.get("system", "population")
        if kind not in WRITTEN:
            WRITTEN[kind] = write(Path(path), **options).read_bytes()
        page = Path(path, "report.html")
        page.write_bytes(WRITTEN[kind])
        return page

    monkeypatch.setattr(report, "write_report", write_once)
