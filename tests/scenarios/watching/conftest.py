"""Runs of a few records, written without a system; the tests of the folder share them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from hubbub.simulator.store import Lexicon, LexiconSplit, RunWriter
from hubbub.simulator.store.files import Files, encode_json
from hubbub.simulator.store.tables import encode

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
PATIENCE_MS = 120_000
LIVE = (
    "karate training.steps=1000000 training.games_per_step=4 agent.hidden=8 agent.embedding=4 recording.referents=8 "
    "engine.record_every=20 engine.kernel=autograd"
)
CONFIGURATION = {"system": "population", "engine": {"record_every": 10}}


@pytest.fixture
def begin() -> Iterator[Callable[..., RunWriter]]:
    """Begins a run of a population and makes some steps; its writer is open, as while it runs."""
    with ExitStack() as stack:

        def begin(path: Path, *, steps: int = 30, of: int = 100, name: str = "tiny", agents: int = 0) -> RunWriter:
            writer = RunWriter.create(path, name=name, seed=0, configuration=CONFIGURATION, versions={})
            stack.enter_context(writer)
            if agents:
                _describe(writer, agents)
            writer.begin_steps(step=0, until=of)
            for step in range(0, steps + 1, 10):
                _record(writer, step, agents)
            return writer

        yield begin


def _record(writer: RunWriter, step: int, agents: int = 0) -> None:
    """Record one step; from step 20 on there are two dialects."""
    rows = [{"name": "success_over_links", "value": step / 100}, {"name": "loss", "value": 2 - step / 100}]
    writer.append_rows("metrics", step, [*rows, {"name": "loss", "value": 1.0, "agent": 0}])
    if agents:
        generator = np.random.default_rng(step)
        messages = np.repeat(generator.integers(1, 9, (1, 4, 3)), agents, axis=0)
        if step >= 20:
            messages[agents // 2 :] += 9
        success = np.full((agents, agents), step / 100)
        split = LexiconSplit(np.arange(4), messages, np.full((agents, 4), 3), success)
        writer.write_snapshot(Lexicon(step, {"train": split}))
    writer.flush()


def _describe(writer: RunWriter, agents: int) -> None:
    """Write who the agents are: a ring, with names that are no markup."""
    numbers = np.arange(agents)
    names = [f"<b>agent {number}</b>" for number in numbers]
    club = ["left" if number < agents // 2 else "[red]right" for number in numbers]
    writer.write_table("agents.parquet", pa.table({"agent": numbers, "name": names, "attribute:club": club}))
    ends = np.concatenate(
        [np.stack([numbers, (numbers + 1) % agents], 1), np.stack([(numbers + 1) % agents, numbers], 1)]
    )
    writer.write_table(
        "topology/edges.parquet",
        pa.table({"source": ends[:, 0], "target": ends[:, 1], "weight": pa.nulls(2 * agents, pa.float64())}),
    )
    writer.write_table(
        "referents.parquet", pa.table({"referent": np.arange(4), "split": ["train"] * 4, "shape": np.arange(4)})
    )


@pytest.fixture
def record() -> Callable[..., None]:
    """Records one step of a run that `begin` has begun."""
    return _record


@pytest.fixture
def make_study() -> Callable[..., Path]:
    """Writes the files of a study: name of a run → problem."""

    def make(path: Path, rows: dict[str, str]) -> Path:
        path.mkdir(parents=True, exist_ok=True)
        Files(path).write("study.json", encode_json({"study": {"name": "mine"}}))
        Files(path).write("study.parquet", encode(pa.table({"run": list(rows), "problem": list(rows.values())})))
        return path

    return make


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window; the tests that need it are skipped where it or the extra `browser` is missing."""
    playwright_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not there; the variable CHROMIUM says where it is")
    with playwright_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens an address; at the end nothing may have been reported as wrong, or asked of another machine."""
    wrong: list[str] = []

    def visit(address: str, **options: Any) -> Any:
        page = browser.new_context(**options).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        ours = ("data:", "blob:", "file:", "http://127.0.0.1:")
        page.on("request", lambda request: None if request.url.startswith(ours) else wrong.append(request.url))
        page.goto(address)
        return page

    yield visit
    assert wrong == []


@pytest.fixture
def live_dashboard(tmp_path: Path) -> Iterator[str]:
    """The address of a dashboard of the folder of the test, in which the run runs/live goes on and on."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "hubbub", *words.split()], cwd=tmp_path, stdout=subprocess.PIPE, text=True
        )
        for words in (f"run {LIVE} --out runs/live", "dashboard --port 0")
    ]
    assert processes[1].stdout is not None
    yield processes[1].stdout.readline().split()[1]
    for process in processes:
        process.send_signal(signal.SIGINT)
    for process in processes:
        process.communicate(timeout=60)
