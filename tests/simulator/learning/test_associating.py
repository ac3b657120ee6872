"""How memories learn: counts of evidence, strengths, and which pairs are stored."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from hubbub.simulator.learning.associating import Evidence, evidence_of_games, latest, weigh

A, B = torch.tensor([1.0, -1.0]), torch.tensor([-1.0, 1.0])


def pair(referent: torch.Tensor, message: torch.Tensor) -> torch.Tensor:
    return torch.cat([referent, message])


def counts(success: bool, *, adopting: bool) -> tuple[list[float], list[float]]:
    """Return the evidence of one game about (A, A) for (A, A), a synonym, a homonym, an unrelated pair and no pair."""
    kept = torch.stack([pair(A, A), pair(A, B), pair(B, A), pair(B, B), torch.zeros(4)]).unsqueeze(0)
    halves = (A.view(1, 1, 2), A.view(1, 1, 2))
    evidence, new = evidence_of_games(
        torch.tensor([0]), kept, halves, torch.tensor([[success]]), n=1, adopting=adopting
    )
    assert new.tolist() == [[False]]
    return evidence.supporting[0].tolist(), evidence.opposing[0].tolist()


@pytest.mark.parametrize("adopting", [True, False])
def test_a_success_speaks_for_the_pair_and_against_synonyms_and_homonyms(adopting: bool) -> None:
    assert counts(True, adopting=adopting) == ([1, 0, 0, 0, 0], [0, 1, 1, 0, 0])


def test_after_a_failure_the_listener_adopts_and_the_speaker_doubts() -> None:
    assert counts(False, adopting=True) == ([1, 0, 0, 0, 0], [0] * 5)
    assert counts(False, adopting=False) == ([0] * 5, [1, 0, 0, 0, 0])


def test_evidence_adds_up_over_games_and_over_rows_of_one_agent() -> None:
    kept = torch.stack([pair(A, A), pair(B, B)]).expand(2, -1, -1)
    halves = (torch.stack([A, A, B]).expand(2, -1, -1), torch.stack([A, A, A]).expand(2, -1, -1))
    success = torch.ones(2, 3, dtype=torch.bool)
    evidence, new = evidence_of_games(torch.tensor([1, 1]), kept, halves, success, n=2, adopting=True)
    assert new.tolist() == [[False, False, True]] * 2
    assert evidence.supporting.tolist() == [[0, 0], [4, 0]]
    assert evidence.opposing.tolist() == [[0, 0], [2, 2]]
    twice = evidence + evidence
    assert (twice.supporting.tolist(), twice.opposing.tolist()) == ([[0, 0], [8, 0]], [[0, 0], [4, 4]])


def test_strengths_by_hand() -> None:
    evidence = Evidence(torch.tensor([[1.0, 2.0, 0.0, 1.0, 0.0]]), torch.tensor([[0.0, 0.0, 1.0, 1.0, 0.0]]))
    strengths = torch.tensor([[0.5, 0.0, 0.8, 0.5, 0.3]])
    half = weigh(strengths, evidence, plasticity=0.5)
    assert half.tolist() == [pytest.approx([0.75, 0.75, 0.4, 0.375, 0.3])]
    winner_takes_all = weigh(strengths, evidence, plasticity=1.0)
    assert winner_takes_all.tolist() == [pytest.approx([1.0, 1.0, 0.0, 0.0, 0.3])]


def test_the_latest_come_first_and_each_once() -> None:
    experiences = torch.tensor([[0, 5], [1, 7], [0, 6], [0, 5], [1, 8], [2, 1]])
    found, ranks = latest(experiences, 4)
    assert found.tolist() == [[0, 5], [0, 6], [1, 8], [1, 7], [2, 1]]
    assert ranks.tolist() == [0, 1, 0, 1, 0]
    found, ranks = latest(experiences[:0], 4)
    assert (len(found), len(ranks)) == (0, 0)


def test_ranks_against_a_plain_loop() -> None:
    experiences = np.random.default_rng(3).integers(4, size=(60, 3))
    found, ranks = latest(torch.from_numpy(experiences), 5)
    expected = []
    for row in range(4):
        seen: list[list[int]] = []
        for one in experiences[::-1].tolist():
            if one[0] == row and one not in seen:
                seen.append(one)
        expected += [(one, rank) for rank, one in enumerate(seen)]
    assert list(zip(found.tolist(), ranks.tolist(), strict=True)) == expected
