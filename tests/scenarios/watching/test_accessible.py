"""axe-core finds nothing wrong with the pages that hubbub writes and serves, light and dark.

Needs the extra `browser` and Chromium: pytest -m browser
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import hubbub
from hubbub.analysis.report import write_report
from hubbub.simulator.store import RunWriter

pytestmark = pytest.mark.browser
SMALL = {"training.steps": 20, "engine.record_every": 10, "engine.checkpoint_every": 20}
AGENTS = {**SMALL, "agent.hidden": 8, "agent.embedding": 4, "training.games_per_step": 4}
RUNS: dict[str, dict[str, Any]] = {
    "karate": AGENTS,
    "memory-retrieval": {"copies.load": [4, 16], "copies.noise": [0.1, 0.3], "dynamics.steps": 200},
    "graph-search": {"topology.n_agents": 5, "search.generations": 3, "training.steps": 20},
    "partner-search": {**AGENTS, "topology.n_agents": 5},
    "sparse-parity": {**SMALL, "task.width": 16, "task.batch": 20},
    "bang-bang": {"training.steps": 2, "networks.seeds": 1, "ppo.n_envs": 4, "ppo.horizon": 10},
}
"""A scenario of every kind of system that has a page of its own, and what makes it small."""


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    pytest.importorskip("axe_playwright_python", reason="the extra `browser` is not installed")
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def problems(axe: str) -> Callable[[Any], list[str]]:
    """Return a function that says what axe-core finds wrong with a page that is open, all of it unfolded."""

    def call(page: Any) -> list[str]:
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        page.evaluate(axe)
        found = page.evaluate("axe.run()")
        return [
            f"{rule['id']} ({rule['help']}): {node['html'][:200]} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    return call


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses of reports."""
    folder = tmp_path_factory.mktemp("pages")
    made = {name: hubbub.run(name, settings, out=folder / name).path for name, settings in RUNS.items()}
    fields = [f"{name}={value}" for name, value in AGENTS.items()]
    study = hubbub.sweep("group-size", ["topology.n_agents=3,4", "seed=0..1", *fields], out=folder / "study", workers=1)
    assert study.problems == {}
    return {name: write_report(path).as_uri() for name, path in {**made, "study": study.path}.items()}


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("name", [*RUNS, "study"])
def test_reports(name: str, colours: str, pages: dict[str, str], visit: Callable, problems: Callable) -> None:
    assert problems(visit(pages[name], color_scheme=colours)) == []


def test_the_dashboard(
    tmp_path: Path, begin: Callable[..., RunWriter], live_dashboard: str, visit: Callable, problems: Callable
) -> None:
    for state in ("finished", "stopped", "failed"):
        begin(tmp_path / "runs" / state, agents=4).set_status(state, step=30)
    for colours in ("light", "dark"):
        page = visit(live_dashboard, color_scheme=colours)
        page.wait_for_selector("figure.time .bar input")
        assert problems(page) == []
        page.wait_for_function("document.body.innerText.includes('runs/live')")
        for n_chosen in (0, 4):  # where some are chosen, the first click leaves none
            page.get_by_role("checkbox", name="all runs and studies").click()
            page.wait_for_function(f"document.querySelectorAll('tr[class*=selected]').length === {n_chosen}")
        assert problems(page) == []
