"""Discrimination as environments, version 0: the listener picks the referent among K candidates.

A change of rules, spaces or draws comes as a new version beside this one.
"""

from __future__ import annotations

from typing import Any

from pettingzoo import AECEnv
from pettingzoo.utils import parallel_to_aec

from hubbub.simulator.games.discrimination import Discrimination
from hubbub.simulator.games.environments.defaults import game_or_default
from hubbub.simulator.games.environments.one_agent import OneAgentEnv, Partners
from hubbub.simulator.games.environments.parallel import ExchangeEnv


def parallel_env(*, game: Discrimination | None = None, **options: Any) -> ExchangeEnv:
    """Return the PettingZoo environment in which all agents act at once; for the options see `ExchangeEnv`."""
    return ExchangeEnv(game_or_default(game, Discrimination), name="discrimination_v0", **options)


def env(**options: Any) -> AECEnv:
    """Return the PettingZoo environment in which agents act in turn; the same options, rounds and rewards."""
    return parallel_to_aec(parallel_env(**options))


def one_agent_env(*, partners: Partners, game: Discrimination | None = None, **options: Any) -> OneAgentEnv:
    """Return the Gymnasium environment of one agent among frozen `partners`; for the options see `OneAgentEnv`."""
    return OneAgentEnv(game_or_default(game, Discrimination), partners=partners, **options)
