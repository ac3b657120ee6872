"""What is demanded of a game."""

from __future__ import annotations

from types import NoneType
from typing import Any

import numpy as np
import torch

from hubbub.checks.demands import Demands, check_argument, check_name, described, is_array
from hubbub.simulator.configuration import section_of
from hubbub.simulator.games import Game, game
from hubbub.simulator.games.referents import Referents, referents

SHAPES = ((5,), (2, 3), (0,))
"""Games may be dealt in any shape, also none."""


def example_referents() -> Referents:
    """Return 27 symbolic referents of 3 attributes, a quarter of them held out."""
    made: Referents = section_of(referents, "symbolic", {"values": 3, "held_out": 0.25}).build(
        generator=np.random.default_rng(0)
    )
    return made


def check_game(name: str, *, about: Referents | None = None, **options: Any) -> list[str]:
    """Check the game that is registered as `name`, with these options; return the demands.

    `about` are the referents of the games, by default 27 symbolic ones.

    Raises
    ------
    ConfigurationError
        No game has this name, or an argument or an option is not right.
    ContractError
        The first demand that is not met.
    """
    check_name("game", name)
    check_argument("about", about, "Referents or None", Referents, NoneType)
    demand = Demands(f"game {name!r}")
    about = about or example_referents()
    made: Game = demand.result("it can be made", section_of(game, name, options).build, referents=about)
    sizes = made.answer_sizes
    whole = isinstance(sizes, tuple) and len(sizes) > 0 and all(isinstance(size, int) and size > 1 for size in sizes)
    demand("`answer_sizes` is a tuple of whole numbers of at least 2", whole, repr(sizes))
    right = made.n_candidates in (0, *sizes[:1])
    demand("`n_candidates` is 0, or the only one of `answer_sizes`", right, f"{made.n_candidates} and {sizes}")
    for split in about.splits:
        for shape in SHAPES:
            _check_deal(demand, made, split, shape)
    _check_scores(demand, made)
    return demand.met


def _check_deal(demand: Demands, made: Game, split: str, shape: tuple[int, ...]) -> None:
    """Check the games of one shape that are dealt from one split."""
    pool, sizes = made.referents.of(split), made.answer_sizes
    objects = np.random.default_rng(1).choice(pool, size=shape)

    def deal() -> Any:
        generator = np.random.default_rng(2)
        return demand.result("`deal` deals games", made.deal, objects.copy(), split=split, generator=generator)

    dealt, again = deal(), deal()
    answer_shape = shape if made.n_candidates else (*shape, len(sizes))
    demand("`deal` keeps the objects", np.array_equal(dealt.objects, objects), described(dealt.objects))
    demand(
        "the answers of a deal are int64 [...] for a place among candidates, [..., A] for attributes",
        is_array(dealt.answers, "int64", answer_shape),
        described(dealt.answers),
    )
    values = dealt.answers.reshape(-1, len(sizes))
    in_range = bool(((values >= 0) & (values < torch.tensor(sizes))).all())
    demand("every answer is one of the `answer_sizes` values", in_range)
    demand("the same generator gives the same deal", torch.equal(dealt.answers, again.answers))
    demand("there are candidates if `n_candidates` is not 0", (dealt.candidates is None) == (not made.n_candidates))
    if dealt.candidates is not None:
        stated = is_array(dealt.candidates, "int64", (*shape, made.n_candidates))
        demand("candidates are int64 [..., K]", stated, described(dealt.candidates))
        demand("the same generator gives the same candidates", torch.equal(dealt.candidates, again.candidates))
        demand("candidates are referents of the split", bool(np.isin(dealt.candidates.numpy(), pool).all()))


def _check_scores(demand: Demands, made: Game) -> None:
    """Check likelihood, answer and success, on scores that are trained until the answers are right."""
    shape, width = (4, 3), sum(made.answer_sizes)
    dealt = made.draw(shape, split="train", generator=np.random.default_rng(3))
    scores = torch.zeros(*shape, width, requires_grad=True)
    optimiser = torch.optim.Adam([scores], lr=0.5)
    first: torch.Tensor | None = None
    for _ in range(60):
        likelihood = demand.result("`log_likelihood` takes scores", made.log_likelihood, scores, dealt.answers)
        first = likelihood.detach() if first is None else first
        stated = is_array(likelihood, "float32", shape)
        demand("`log_likelihood` returns one number for each game, [...]", stated, described(likelihood))
        demand(
            "a log-likelihood is at most 0", bool((likelihood.detach() <= 1e-6).all()), float(likelihood.detach().max())
        )
        demand("`log_likelihood` is differentiable in the scores", likelihood.requires_grad)
        optimiser.zero_grad()
        (-likelihood.sum()).backward()
        optimiser.step()
    assert first is not None
    rose = bool((likelihood.detach() > first).all())
    demand(
        "the log-likelihood rises along its gradient", rose, f"{first.mean():.3g} to {likelihood.detach().mean():.3g}"
    )
    given = demand.result("`answer` takes scores", made.answer, scores.detach())
    stated = is_array(given, "int64", tuple(dealt.answers.shape))
    demand("`answer` returns int64 of the shape of the answers", stated, described(given))
    success = demand.result("`success` takes answers", made.success, given, dealt.answers)
    stated = is_array(success, "bool", shape)
    demand("`success` returns one truth value for each game, [...]", stated, described(success))
    demand("the answer with the highest likelihood is a success", bool(success.all()), f"{success.float().mean():.2f}")
    wrong = (dealt.answers + 1) % torch.tensor(made.answer_sizes if dealt.answers.ndim > len(shape) else width)
    demand("a wrong answer is no success", not bool(made.success(wrong, dealt.answers).any()))
