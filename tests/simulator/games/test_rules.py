"""The reward and the deal."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from hubbub.simulator.games import Deal
from hubbub.simulator.games.discrimination import Discrimination
from hubbub.simulator.games.reconstruction import Reconstruction
from hubbub.simulator.games.referents.symbolic import symbolic


def test_reward_is_1_for_success_less_the_symbols_sent():
    game = Reconstruction(referents=symbolic(generator=np.random.default_rng(0)))
    deal = game.draw((2,), split="train", generator=np.random.default_rng(1))
    success, messages = torch.tensor([True, False]), torch.zeros(2, 4, dtype=torch.int64)
    earned = game.earned(success, deal, messages, torch.tensor([3, 2]), length_cost=0.25)
    assert earned.tolist() == [0.25, -0.5]
    assert earned.dtype == torch.float32


@pytest.mark.parametrize("kind", [Reconstruction, Discrimination])
def test_deals_are_cut_and_joined(kind):
    game = kind(referents=symbolic(generator=np.random.default_rng(0)))
    deal = game.draw((6, 2), split="train", generator=np.random.default_rng(1))
    joined = Deal.join([deal[:4], deal[4:]])
    for name in ("objects", "answers", "candidates"):
        whole, again = getattr(deal, name), getattr(joined, name)
        assert whole is again is None or torch.equal(whole, again)
    assert deal[3].objects.tolist() == deal.objects[3].tolist()


@pytest.mark.parametrize("kind", [Reconstruction, Discrimination])
def test_same_generator_same_deal(kind):
    game = kind(referents=symbolic(generator=np.random.default_rng(0)))
    first, again, other = (game.draw((20,), split="train", generator=np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert torch.equal(first.objects, again.objects)
    assert torch.equal(first.answers, again.answers)
    assert not torch.equal(first.objects, other.objects)
