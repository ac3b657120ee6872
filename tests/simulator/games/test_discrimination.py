"""The listener picks among K candidates."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games.discrimination import Discrimination
from hubbub.simulator.games.referents import Referents
from hubbub.simulator.games.referents.images import digits
from hubbub.simulator.games.referents.symbolic import symbolic


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(params=["symbolic", "digits"])
def game(request) -> Discrimination:
    referents = symbolic(generator=rng()) if request.param == "symbolic" else digits(generator=rng())
    return Discrimination(referents=referents, candidates=4)


@pytest.mark.parametrize("split", ["train", "held_out"])
def test_exactly_one_candidate_is_right_and_all_mean_something_else(game, split):
    deal = game.draw((500, 2), split=split, generator=rng(1))
    objects, answers, candidates = (part.numpy() for part in (deal.objects, deal.answers, deal.candidates))
    meanings = game.referents.meanings[candidates]
    right = meanings == game.referents.meanings[objects][..., None]
    assert (right.sum(-1) == 1).all()
    assert (right.argmax(-1) == answers).all()
    assert all(len(set(row)) == 4 for row in meanings.reshape(-1, 4).tolist())
    assert np.isin(candidates, game.referents.of(split)).all()
    assert game.answer_sizes == (4,)


def test_target_of_images_is_another_image_and_that_of_symbols_the_same(game):
    deal = game.draw((2000,), split="train", generator=rng(2))
    targets = deal.candidates.gather(-1, deal.answers[:, None])[:, 0]
    same = targets == deal.objects
    assert not same.any() if game.referents.attribute_names == ("class",) else same.all()


def test_image_that_is_alone_in_its_class_is_its_own_target():
    """Class 0 has one image, class 1 two: the other one is the target, always."""
    referents = Referents(
        features=np.eye(3, dtype=np.float32),
        attributes=np.array([[0], [1], [1]]),
        n_values=2,
        attribute_names=("class",),
        train=np.arange(3),
        held_out=np.arange(0),
    )
    deal = Discrimination(referents=referents, candidates=2).draw((200,), split="train", generator=rng())
    targets = deal.candidates.gather(-1, deal.answers[:, None])[:, 0]
    assert targets.tolist() == [[0, 2, 1][referent] for referent in deal.objects.tolist()]


def test_every_image_of_the_class_may_be_the_target():
    referents = digits(generator=rng())
    members = referents.train[referents.attributes[referents.train, 0] == 3][:30]
    few = Referents(
        features=referents.features,
        attributes=referents.attributes,
        n_values=10,
        attribute_names=("class",),
        train=np.concatenate([members, np.flatnonzero(referents.attributes[:, 0] == 4)[:1]]),
        held_out=np.arange(0),
    )
    game = Discrimination(referents=few, candidates=2)
    deal = game.deal(np.full(3000, members[7]), split="train", generator=rng())
    targets = deal.candidates.gather(-1, deal.answers[:, None])[:, 0].numpy()
    assert set(targets) == set(members) - {members[7]}


def test_target_is_uniform_over_places_and_the_others_over_meanings():
    """Counts stay within five standard errors of equal shares."""
    n = 20_000
    game = Discrimination(referents=symbolic(attributes=2, values=3, held_out=0, generator=rng()), candidates=4)
    deal = game.deal(np.zeros(n, dtype=np.int64), split="train", generator=rng(3))
    assert np.bincount(deal.answers) / n == pytest.approx(np.full(4, 0.25), abs=5 * np.sqrt(0.25 * 0.75 / n))
    shares = np.bincount(deal.candidates.flatten(), minlength=9) / n
    assert shares == pytest.approx([1.0] + [3 / 8] * 8, abs=5 * np.sqrt(3 / 8 * 5 / 8 / n))


def test_order_of_the_candidates_does_not_give_the_target_away():
    """With all meanings among the candidates, each of the 4! orders is as likely for each target (χ², p > 1e-3)."""
    from scipy.stats import chisquare

    n = 24_000
    game = Discrimination(
        referents=symbolic(attributes=1, values=4, held_out=0, generator=rng()),
        candidates=4,
    )
    deal = game.draw((n,), split="train", generator=rng(4))
    outcomes = list(zip(map(tuple, deal.candidates.tolist()), deal.answers.tolist(), strict=True))
    orders = itertools.product(itertools.permutations(range(4)), range(4))
    assert chisquare([outcomes.count(order) for order in orders]).pvalue > 1e-3


def test_scores_become_answers_and_likelihoods(game):
    scores = torch.tensor([[0.0, np.log(3.0), 0.0, 0.0]], dtype=torch.float64)
    assert game.answer(scores).tolist() == [1]
    assert game.log_likelihood(scores, torch.tensor([1])).exp().tolist() == pytest.approx([0.5])
    assert game.success(torch.tensor([1, 1]), torch.tensor([1, 2])).tolist() == [True, False]


def test_more_candidates_than_meanings_are_refused():
    with pytest.raises(ConfigurationError, match=r"game.candidates: expected at most 10, .* train referents, got 11"):
        Discrimination(referents=digits(generator=rng()), candidates=11)
    with pytest.raises(ConfigurationError, match=r"expected at most 5, .* held_out referents, got 6"):
        Discrimination(referents=symbolic(values=3, generator=rng()), candidates=6)
