"""What is demanded of a reward."""

from __future__ import annotations

from types import NoneType
from typing import Any

import numpy as np
import torch

from hubbub.checks.demands import Demands, check_argument, check_name
from hubbub.checks.game import example_referents
from hubbub.simulator.configuration import section_of
from hubbub.simulator.games.referents import Referents
from hubbub.simulator.games.rewards import Reward, reward

SHAPES = ((8,), (3, 4), (0,))
"""Games come in any shape, also none."""
VOCABULARY, LONGEST = 5, 3

Games = dict[str, torch.Tensor]


def check_reward(name: str, *, about: Referents | None = None, **options: Any) -> list[str]:
    """Check the reward that is registered as `name`, with these options; return the demands.

    `about` are the referents of the games, by default 27 symbolic ones.

    Raises
    ------
    ConfigurationError
        No reward has this name, or an argument or an option is not right.
    ContractError
        The first demand that is not met.
    """
    check_name("reward", name)
    check_argument("about", about, "Referents or None", Referents, NoneType)
    demand = Demands(f"reward {name!r}")
    chosen, about = Reward(name, section_of(reward, name, options).options()), about or example_referents()

    def earned(games: Games) -> torch.Tensor:
        what = "it returns a finite number for each game, a tensor [...]"
        given: dict[str, Any] = {key: values.clone() for key, values in games.items()}
        made: torch.Tensor = demand.result(what, chosen.of, **given, referents=about)
        kept = all(torch.equal(given[key], values) for key, values in games.items())
        demand("it changes nothing of the games", kept)
        return made

    for shape in SHAPES:
        games = _games(shape, about)
        whole = earned(games)
        demand("it returns the same for the same games: it draws and remembers nothing", _same(whole, earned(games)))
        flat = earned({key: values.reshape(-1, *values.shape[len(shape) :]) for key, values in games.items()})
        demand("it returns the same for games in another shape", _same(whole.reshape(-1), flat))
        some = earned({key: values[1:] for key, values in games.items()})
        demand("what a game earns does not depend on other games", _same(whole[1:], some))
        if len(flat) > 1:
            demand("not all games earn the same", bool((flat != flat[0]).any()), flat[0].item() if len(flat) else "")
    return demand.met


def _games(shape: tuple[int, ...], about: Referents) -> Games:
    """Return games about referents of training, half of them understood, with messages of all lengths."""
    generator = np.random.default_rng(1)
    messages = torch.from_numpy(generator.integers(VOCABULARY, size=(*shape, LONGEST)))
    lengths = torch.from_numpy(generator.integers(1, LONGEST + 1, size=shape))
    return {
        "success": (torch.arange(int(np.prod(shape))) % 2).to(torch.float32).reshape(shape),
        "objects": torch.from_numpy(generator.choice(about.of("train"), size=shape)),
        "messages": messages * (torch.arange(LONGEST) < lengths.unsqueeze(-1)),
        "lengths": lengths,
    }


def _same(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and torch.allclose(one, other, rtol=1e-5, atol=1e-6)
