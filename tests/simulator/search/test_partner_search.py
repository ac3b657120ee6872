"""Partners chosen while learning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hubbub.scenarios import resume, run
from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.search import PartnerSearch

QUICK: dict[str, Any] = {
    "topology.n_agents": 5,
    "agent.hidden": 8,
    "training.steps": 6,
    "training.games_per_step": 2,
    "engine.record_every": 2,
    "engine.checkpoint_every": 2,
}


def make(**changes: Any) -> PartnerSearch:
    made: PartnerSearch = assemble(load("partner-search", {**QUICK, **changes}))
    return made


def test_an_agent_turns_to_the_partner_that_earns_it_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """What agent i earns with j is fixed here; each finds its best partner by the gradient alone."""
    search = make(**{"partners.learning_rate": 0.1})
    worth = np.random.default_rng(0).normal(size=(5, 5))
    np.fill_diagonal(worth, -np.inf)
    for _ in range(5000):
        choices = search._choices()
        search._learn_partners(choices, worth[np.arange(5), choices.partners])
        search.now += 1
    assert search.logits.argmax(axis=1).tolist() == worth.argmax(axis=1).tolist()
    partners = {(i, int(j)) for i, j in enumerate(worth.argmax(axis=1))}
    graph = search._chosen()
    edges = set(zip(graph.sources.tolist(), graph.targets.tolist(), strict=True))
    assert edges == partners | {(j, i) for i, j in partners}


def test_the_gradient_is_that_of_the_relaxed_choice() -> None:
    """Against finite differences of the expected reward under softmax((logits + noise) / temperature)."""
    search = make(**{"partners.temperature": 0.7, "partners.learning_rate": 1.0, "agent.self_talk": 0.0})
    search.earned = np.full(5, 0.5)
    choices = search._choices()
    before, drawn = search.logits.copy(), choices.partners
    noisy = before + search.rng.at("partners", 0).gumbel(size=(5, 5))
    reward = np.array([1.0, 2.0, 0.0, -1.0, 3.0])
    search._learn_partners(choices, reward)

    def expected(agent: int, logits: np.ndarray) -> float:
        relaxed = np.exp(logits / 0.7) / np.exp(logits / 0.7).sum()
        earned = np.full(5, 0.5)
        earned[drawn[agent]] = reward[agent]
        return float(relaxed @ earned)

    for agent in range(5):
        for partner in set(range(5)) - {agent}:
            up, down = noisy[agent].copy(), noisy[agent].copy()
            up[partner] += 1e-5
            down[partner] -= 1e-5
            slope = (expected(agent, up) - expected(agent, down)) / 2e-5
            assert search.logits[agent, partner] - before[agent, partner] == pytest.approx(slope, abs=1e-6)


def test_far_partners_cost() -> None:
    search = make(**{"partners.distance_penalty": 5.0})
    for _ in range(2000):
        search._learn_partners(search._choices(), np.zeros(5))
        search.now += 1
    ends = search._chosen()
    assert ends.positions is not None
    lengths = np.linalg.norm(ends.positions[ends.sources] - ends.positions[ends.targets], axis=1)
    assert lengths.max() == pytest.approx(2 * np.sin(np.pi / 5))


def test_it_is_a_run_that_can_be_resumed(tmp_path: Path) -> None:
    whole = run("partner-search", QUICK, out=tmp_path / "whole")
    run("partner-search", {**QUICK, "training.steps": 4}, out=tmp_path / "parts")
    parts = resume(tmp_path / "parts", {"training.steps": 6})
    assert parts.metric_rows().equals(whole.metric_rows())
    assert parts.events().equals(whole.events())
    assert len(whole.events())


def test_bad_requests_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"training\.pairing: expected node.*got 'edge'"):
        make(**{"training.pairing": "edge"})
    with pytest.raises(ConfigurationError, match=r"links_per_agent: expected less than .*\(5\), got 5"):
        make(**{"partners.links_per_agent": 5})
