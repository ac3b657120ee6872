"""Emergence on systems that talk and remember: it runs from end to end, and its verdicts follow from its rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.reproductions import Claim, Correlates, Job, RunSet, Table, reproduction
from hubbub.scenarios.reproductions.emergence_of_talk import agents, codes, graphs, in_plain_words, memories
from hubbub.scenarios.reproductions.writing import write_outcome

STAR = {"topology.kind": "star", "topology.n_agents": 6}


def tiny(job: Job) -> dict[str, Any]:
    changes: dict[str, dict[str, Any]] = {
        "emergence-of-talk": {"training.steps": 20, "agent.hidden": 4, "engine.record_every": 2, **STAR},
        "sedam-random-patterns": {"dynamics.steps": 1200, "copies.noise": [0.2, 0.4, 0.45], "copies.load": [3]},
        "graph-search": {"search.generations": 3, "training.steps": 2, "search.children": 2},
    }
    return changes[str(job.scenario)]


def test_it_runs_from_end_to_end(here: Callable[..., RunSet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memories, "STATES", 60)
    monkeypatch.setattr(graphs, "NULL_GRAPHS", 5)
    sizes = {"populations": 2, "n_memories": 2, "searches": 2, "n_agents": 6}
    outcome = reproduction["emergence-of-talk"]("small", **sizes).reproduce(here(tiny))
    parts = {row["part"] for row in outcome.table}
    assert parts == {"agents", "agents over steps", "agents by threshold", "code", "memory", "graph"}
    assert {claim.verdict for claim in outcome.claims} <= {"holds", "does not hold", "not decided"}
    assert outcome.remarks[0].startswith("Correlates: ")
    files = write_outcome(outcome, tmp_path / "out", command="hubbub …")
    assert all(file.stat().st_size > 0 for file in files)


def measured(*values: float) -> Claim:
    value = over_seeds(values)
    return Claim("this and that", "", "", value, Correlates(), source="test")


def test_verdicts_on_correlations_are_those_of_their_intervals() -> None:
    yes, opposed = measured(0.5, 0.6, 0.7), measured(-0.5, -0.6, -0.7)
    no, open_, single = measured(0.01, -0.02, 0.03), measured(0.5, -0.6, 0.7), measured(0.5)
    found = [claim.verdict for claim in (yes, opposed, no, open_, single)]
    assert found == ["holds", "holds", "does not hold", "not decided", "not decided"]
    assert in_plain_words([yes, no]) == [
        "Correlates: this and that (+0.60).",
        "Does not (all of the interval within ±0.2): this and that (+0.01).",
        "Not decided: nothing.",
    ]


def test_variance_between_groups() -> None:
    values, groups = np.array([1.0, 1.0, 3.0, 3.0, 3.0]), np.array([4, 4, 0, 0, 0])
    rng = np.random.default_rng(0)
    assert agents.between_groups(values, groups, generator=rng).value == pytest.approx(1)
    assert agents.between_groups(values, groups * 0, generator=rng).value == pytest.approx(0)
    mixed = agents.between_groups(np.array([1.0, 2.0, 3.0, 6.0]), np.array([0, 0, 1, 1]), generator=rng)
    assert mixed.value == pytest.approx(9 / 14)  # means 1.5 and 4.5 about 3: 4 · 1.5², of 14 in all
    assert mixed.null is not None and 0 < mixed.null.mean < mixed.value


def test_effective_information_of_known_graphs() -> None:
    """By hand; a star of four: H(3/4, 1/12, 1/12, 1/12) less the hub's log2 3 once in four rows."""
    star = -3 / 4 * np.log2(3 / 4) + np.log2(12) / 4 - np.log2(3) / 4
    for graph, bits in ((nx.star_graph(3), star), (nx.path_graph(2), 1.0), (nx.complete_graph(4), 2 - np.log2(3))):
        assert graphs.information(np.array(graph.edges), len(graph)).value == pytest.approx(bits)


def test_a_code_that_its_agents_hide_emerges() -> None:
    """Two agents whose noises cancel in the mean, which alone lasts: neither foretells it, together they do."""
    rng, n = np.random.default_rng(0), 400
    shared = np.zeros(n)
    for t in range(1, n):
        shared[t] = 0.95 * shared[t - 1] + rng.standard_normal()
    hidden = 20 * rng.standard_normal(n)
    both = np.stack([shared + hidden, shared - hidden], axis=1)[:, :, None] * np.array([1.0, 0.0])
    whole, changes = codes.rows_of(both, 0)
    assert whole["psi"] > 1 and not whole["reason"]
    assert (whole["of"], whole["samples"], changes["of"], changes["samples"]) == ("the code", n, "its changes", n - 1)
    many = np.repeat(both.mean(axis=1, keepdims=True), 12, axis=1) + 0.1 * rng.standard_normal((n, 12, 1))
    [refused, _] = codes.rows_of(many, 0)
    assert np.isnan(refused["psi"]) and "more than log2 of 399 samples" in refused["reason"]
    psi, _ = codes.claims(Table([*codes.rows_of(many, 0), *codes.rows_of(many, 1)]))
    assert psi.verdict == "not decided" and psi.note.startswith("refused in 2 of 2 seeds: ")
