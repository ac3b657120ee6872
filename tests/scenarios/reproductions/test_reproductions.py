"""The reproductions: that they run from end to end in small, and that their claims follow from their rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hubbub.scenarios import run
from hubbub.scenarios.reproductions import (
    Job,
    Lab,
    Outcome,
    adaptive_links,
    contact,
    graph_search,
    group_size,
    local_dialects,
    reproduction,
    turnover,
)
from hubbub.scenarios.reproductions.writing import write_outcome
from hubbub.simulator.store import Run

TINY = {"agent.hidden": 4, "agent.embedding": 4, "training.games_per_step": 2}


class TinyLab(Lab):
    """Makes every run here and now, with tiny agents and few steps."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, scale="small", workers=1, say=lambda line: None)

    def run(self, jobs: Sequence[Job]) -> list[Run]:
        runs = []
        for job in jobs:
            changes: dict[str, Any] = {**job.overrides, **TINY, "training.steps": 10, "engine.record_every": 2}
            if job.scenario == "graph-search":
                changes |= {"training.steps": 1, "search.generations": 2, "search.children": 2}
            runs.append(run(job.scenario, changes, seed=job.seed, out=self._path(job)))
        return runs


def small_rings(*, full: bool) -> dict[str, dict[str, Any]]:
    def ring(rewired: float) -> dict[str, Any]:
        return {"topology.n_agents": 8, "topology.neighbours": 2, "topology.rewiring_probability": rewired}

    return {local_dialects.LOCAL: ring(0.0), local_dialects.RANDOM: ring(1.0)}


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    condition = group_size.Condition((2, 3, 4), 2, {})
    monkeypatch.setattr(group_size, "_conditions", lambda *, full: {"tied": condition})
    monkeypatch.setattr(local_dialects, "_graphs", small_rings)
    monkeypatch.setattr(graph_search, "TRIALS", 1)
    monkeypatch.setattr(graph_search, "Size", lambda *sizes: Sizes(6, 2, 2, 8, sizes[-1]))


Sizes = graph_search.Size


@pytest.mark.parametrize("name", ["group-size", "local-dialects", "graph-search"])
def test_it_runs_from_end_to_end(name: str, tiny: None, tmp_path: Path) -> None:
    outcome: Outcome = reproduction[name](lab=TinyLab(tmp_path))
    assert outcome.claims and outcome.rows and outcome.figures
    assert {claim.verdict for claim in outcome.claims} <= {"holds", "does not hold", "not decided"}
    files = write_outcome(outcome, tmp_path / "out", command="hubbub …")
    assert all(file.stat().st_size > 0 for file in files)
    if name == "group-size":  # after ten steps nobody understands anybody, and then nothing is claimed
        assert {claim.verdict for claim in outcome.claims} == {"not decided"}
        assert all("not converged" in claim.note for claim in outcome.claims)
    if name == "graph-search":
        links = {row["graph"]: row["links"] for row in outcome.rows if row["seed"] == 0}
        fair = [links[graph] for graph in ("Erdős–Rényi", "ring", "Watts–Strogatz", "Barabási–Albert", "star")]
        assert fair == [links[f"best, {graph_search.OUT_LINKS}"]] * 5


def test_graphs_get_exactly_as_many_links() -> None:
    rng = np.random.default_rng(0)
    star = np.column_stack([np.zeros(5, int), np.arange(1, 6)])
    for n_links in (3, 5, 9):
        links = graph_search._with_links(star, 6, n_links, rng)
        assert len(np.unique(np.sort(links, axis=1), axis=0)) == n_links
        assert (links[:, 0] != links[:, 1]).all()
        if n_links >= 5:
            assert set(map(tuple, star)) <= set(map(tuple, links))


def rows(settings: dict[str, float], names: Sequence[str], **fixed: Any) -> list[dict[str, Any]]:
    """Return rows of three seeds in which every name has its setting's value and a little more for each seed."""
    return [
        {"setting": setting, "seed": seed, **dict.fromkeys(names, value + seed / 1000), **fixed}
        for setting, value in settings.items()
        for seed in range(3)
    ]


@pytest.mark.parametrize(("lead", "verdict"), [(0.5, "holds"), (-0.5, "does not hold"), (0.0, "does not hold")])
def test_adaptive_links_compares_with_links_that_move_at_random(lead: float, verdict: str) -> None:
    names = ("degree_gini", "highest_core", "modularity", "success_all_pairs", "moves", "isolated")
    made = rows({adaptive_links.ADAPTIVE: lead, adaptive_links.RANDOM: 0.0, adaptive_links.FIXED: 0.0}, names)
    assert {claim.verdict for claim in adaptive_links._claims(made)} == {verdict}


def test_turnover_compares_with_a_society_that_nobody_leaves() -> None:
    names = ("kept_above_chance", "success", "success_before", "topographic_similarity", "generalisation")
    made = rows({turnover.CHANGING: 0.95, turnover.STAYING: 0.5}, names, replaced=12)
    assert [claim.verdict for claim in turnover._claims(made, 12)] == ["holds"] * 4
    made = rows({turnover.CHANGING: -0.1, turnover.STAYING: 0.5}, names, replaced=12)
    assert [claim.verdict for claim in turnover._claims(made, 12)] == ["does not hold"] * 4


def test_contact_asks_whose_code_remains() -> None:
    along = [
        {"part": "chain", "seed": seed, "pools_apart": far, "success": 1 - far / 4 - seed / 100, "similarity": 0.5}
        for seed in range(3)
        for far in range(4)
    ]
    met = [
        {
            "part": part,
            "seed": seed,
            "first_over_second": lead + seed / 100,
            "success_across_before": 0.0,
            "success_across_after": 0.9,
            "distinct_before": 0.5,
            "distinct_after": 0.6,
        }
        for part, lead in ((contact.UNEQUAL, 0.4), (contact.EQUAL, 0.0))
        for seed in range(3)
    ]
    claims = contact._claims(along, met, 4)
    assert [claim.verdict for claim in claims] == ["holds", "holds", "holds", "does not hold"]
    assert claims[0].value.value == pytest.approx(-0.25)
