"""The listener names every attribute."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from hubbub.simulator.games.reconstruction import Reconstruction
from hubbub.simulator.games.referents.symbolic import symbolic


@pytest.fixture
def game() -> Reconstruction:
    return Reconstruction(referents=symbolic(attributes=2, values=3, generator=np.random.default_rng(0)))


def test_answers_are_the_attributes_of_what_the_speaker_sees(game):
    deal = game.draw((50, 4), split="train", generator=np.random.default_rng(1))
    assert deal.objects.shape == (50, 4)
    assert deal.answers.tolist() == game.referents.attributes[deal.objects.numpy()].tolist()
    assert deal.candidates is None
    assert game.answer_sizes == (3, 3)


@pytest.mark.parametrize("split", ["train", "held_out"])
def test_referents_are_drawn_uniformly_from_their_split(game, split):
    """Counts stay within five standard errors of equal shares."""
    drawn = game.draw((20_000,), split=split, generator=np.random.default_rng(2)).objects.numpy()
    pool = game.referents.of(split)
    shares = np.bincount(drawn, minlength=9) / 20_000
    expected = np.isin(np.arange(9), pool) / len(pool)
    assert shares == pytest.approx(expected, abs=5 * np.sqrt(0.25 / 20_000))
    assert (shares > 0).tolist() == (expected > 0).tolist()


def test_understood_means_all_attributes(game):
    given = torch.tensor([[0, 1], [0, 2], [1, 1], [2, 0]])
    assert game.success(given, torch.tensor([0, 1]).expand(4, 2)).tolist() == [True, False, False, False]


def test_scores_become_answers_and_likelihoods(game):
    """By hand: softmax of (0, ln 2, 0) gives 1/4, 1/2, 1/4."""
    scores = torch.tensor([[0.0, np.log(2.0), 0.0, np.log(2.0), 0.0, 0.0]], dtype=torch.float64)
    assert game.answer(scores).tolist() == [[1, 0]]
    likelihood = game.log_likelihood(scores.expand(2, 6), torch.tensor([[1, 0], [0, 2]]))
    assert likelihood.exp().tolist() == pytest.approx([1 / 4, 1 / 16])
