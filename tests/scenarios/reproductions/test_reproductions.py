"""The reproductions: that they run from end to end in small, and that their claims follow from their rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hubbub.scenarios.reproductions import (
    Job,
    RunSet,
    Table,
    adaptive_links,
    contact,
    graph_search,
    local_dialects,
    reproduction,
    turnover,
)
from hubbub.scenarios.reproductions.writing import write_outcome

TINY = {"agent.hidden": 4, "agent.embedding": 4, "training.games_per_step": 2}


def tiny(job: Job) -> dict[str, Any]:
    changes: dict[str, Any] = {**TINY, "training.steps": 10, "engine.record_every": 2}
    if job.scenario == "graph-search":
        changes |= {"training.steps": 1, "search.generations": 2, "search.children": 2}
    return changes


SIZES: dict[str, dict[str, Any]] = {
    "group-size": {"conditions": {"tied": ((2, 3, 4), {})}, "seeds": 2},
    "local-dialects": {
        "graphs": {
            local_dialects.LOCAL: local_dialects.ring(8, 2, 0.0),
            local_dialects.RANDOM: local_dialects.ring(8, 2, 1.0),
        }
    },
    "graph-search": {"agents": 6, "generations": 2, "seeds": 2, "trial_steps": 8, "trials": 1},
}


@pytest.mark.parametrize("name", ["group-size", "local-dialects", "graph-search"])
def test_it_runs_from_end_to_end(name: str, here: Callable[..., RunSet], tmp_path: Path) -> None:
    outcome = reproduction[name]("small", **SIZES[name]).reproduce(here(tiny))
    assert outcome.claims and len(outcome.table) and outcome.figures
    assert {claim.verdict for claim in outcome.claims} <= {"holds", "does not hold", "not decided"}
    files = write_outcome(outcome, tmp_path / "out", command="hubbub …")
    assert all(file.stat().st_size > 0 for file in files)
    if name == "group-size":  # after ten steps nobody understands anybody, and then nothing is claimed
        assert {claim.verdict for claim in outcome.claims} == {"not decided"}
        assert all("NOT MET: lowest mean success" in claim.remark for claim in outcome.claims)
    if name == "graph-search":
        links = {row["graph"]: row["links"] for row in outcome.table.where(seed=0)}
        fair = [links[graph] for graph in ("Erdős–Rényi", "ring", "Watts–Strogatz", "Barabási–Albert", "star")]
        assert fair == [links[f"best, {graph_search.OUT_LINKS}"]] * 5


def test_graphs_get_exactly_as_many_links() -> None:
    rng = np.random.default_rng(0)
    star = np.column_stack([np.zeros(5, int), np.arange(1, 6)])
    for n_links in (3, 5, 9):
        links = graph_search.with_links(star, 6, n_links, rng)
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
    assert {claim.verdict for claim in adaptive_links.claims(Table(made))} == {verdict}


def test_turnover_compares_with_a_society_that_nobody_leaves() -> None:
    names = ("kept_above_chance", "success", "success_before", "topographic_similarity", "generalisation")
    made = rows({turnover.CHANGING: 0.95, turnover.STAYING: 0.5}, names, replaced=12)
    assert [claim.verdict for claim in turnover.claims(Table(made))] == ["holds"] * 4
    made = rows({turnover.CHANGING: -0.1, turnover.STAYING: 0.5}, names, replaced=12)
    assert [claim.verdict for claim in turnover.claims(Table(made))] == ["does not hold"] * 4


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
    claims = contact.claims(Table([*along, *met]))
    assert [claim.verdict for claim in claims] == ["holds", "holds", "holds", "does not hold"]
    assert claims[0].value.value == pytest.approx(-0.25)
