"""The checker of games passes all of ours, and names what is broken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import hubbub
from hubbub.simulator.errors import ContractError
from hubbub.simulator.games import Deal, game
from hubbub.simulator.games.discrimination import Discrimination
from hubbub.simulator.games.reconstruction import Reconstruction
from hubbub.simulator.games.referents import Referents

OURS = [name for name in game if game[name].__module__.startswith("hubbub.simulator")]


@pytest.mark.parametrize("name", OURS)
def test_ours_meet_all_demands(name: str) -> None:
    assert "the log-likelihood rises along its gradient" in hubbub.check_game(name)


def dealt(change: Any, base: type = Discrimination) -> dict[str, Any]:
    """Return the method of a game that changes the deal."""
    return {"deal": lambda self, objects, **how: change(base.deal(self, objects, **how), **how)}


NAMING: list[tuple[dict[str, Any], str]] = [
    ({"answer_sizes": [3, 3, 3]}, "`answer_sizes` is a tuple"),
    ({"n_candidates": 5}, "`n_candidates` is 0, or"),
    (dealt(lambda deal, **_: Deal(deal.objects + 1, deal.answers), Reconstruction), "`deal` keeps the objects"),
    (dealt(lambda deal, **_: Deal(deal.objects, deal.answers[..., :1]), Reconstruction), "answers of a deal are int64"),
    (dealt(lambda deal, **_: Deal(deal.objects, deal.answers + 1), Reconstruction), "one of the `answer_sizes` values"),
    ({"deal": lambda self, objects, **_: 1 / 0}, "`deal` deals games; got ZeroDivisionError"),
    ({"log_likelihood": lambda self, scores, answers: -scores.sum()}, "one number for each game"),
    ({"log_likelihood": lambda self, scores, answers: 1 + scores.sum(-1)}, "at most 0"),
    ({"log_likelihood": lambda self, scores, answers: -scores.detach().sum(-1).abs()}, "differentiable"),
    ({"answer": lambda self, scores: scores.argmax(-1)}, "int64 of the shape of the answers"),
    ({"answer": lambda self, scores: Reconstruction.answer(self, -scores)}, "highest likelihood is a success"),
    ({"success": lambda self, given, answers: (given == answers).all(-1).float()}, "one truth value for each game"),
    ({"success": lambda self, given, answers: (given >= 0).all(-1)}, "a wrong answer is no success"),
]
CHOOSING: list[tuple[dict[str, Any], str]] = [
    (dealt(lambda deal, **_: Deal(deal.objects, deal.answers)), "there are candidates if"),
    (dealt(lambda deal, **_: replace(deal, candidates=deal.candidates[..., 1:])), r"candidates are int64 \[..., K\]"),
    (
        dealt(lambda deal, **_: replace(deal, candidates=torch.zeros_like(deal.candidates))),
        "candidates are referents of the split",
    ),
    (
        dealt(lambda deal, **_: replace(deal, answers=torch.randint(5, deal.answers.shape))),
        "passed; got a global one",
    ),
    (
        dealt(lambda deal, **_: replace(deal, answers=OWN.integers(5, size=tuple(deal.answers.shape)))),
        "the same generator gives the same deal",
    ),
]


class Own:
    """Draws from a generator that nobody passed."""

    generator = np.random.default_rng(0)

    def integers(self, high: int, *, size: Any) -> torch.Tensor:
        return torch.from_numpy(self.generator.integers(high, size=size))


OWN = Own()


@pytest.mark.parametrize(
    ("base", "members", "demand"),
    [*((Reconstruction, *case) for case in NAMING), *((Discrimination, *case) for case in CHOOSING)],
)
def test_a_broken_one_is_refused_by_the_demand(
    base: Any, members: dict[str, Any], demand: str, registered: Any
) -> None:
    class Broken(base):  # type: ignore[misc]
        def __init__(self, *, referents: Referents) -> None:
            super().__init__(referents=referents)

    for name, member in members.items():
        setattr(Broken, name, member)
    if "n_candidates" in members:
        Broken.__init__ = lambda self, *, referents: setattr(self, "referents", referents)  # type: ignore[method-assign, misc, assignment]
    with pytest.raises(ContractError, match=rf"^game 'broken': expected that .*{demand}"):
        hubbub.check_game(registered(game, Broken))
