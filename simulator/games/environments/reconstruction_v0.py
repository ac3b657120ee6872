"""Reconstruction as environments, version 0: the listener names every attribute of the referent.

A change of rules, spaces or draws comes as a new version beside this one.
"""

from __future__ import annotations

from typing import Any

from pettingzoo import AECEnv
from pettingzoo.utils import parallel_to_aec

from hubbub.simulator.games.environments.defaults import Pay, game_or_default
from hubbub.simulator.games.environments.encounters import Partners
from hubbub.simulator.games.environments.one_agent import OneAgentEnv
from hubbub.simulator.games.environments.one_agent_vector import OneAgentVectorEnv
from hubbub.simulator.games.environments.parallel import ExchangeEnv
from hubbub.simulator.games.environments.vector import ExchangeVectorEnv
from hubbub.simulator.games.reconstruction import Reconstruction


def parallel_env(*, game: Reconstruction | None = None, reward: Pay = None, **options: Any) -> ExchangeEnv:
    """Return the PettingZoo environment in which all agents act at once; for the options see `ExchangeEnv`."""
    return ExchangeEnv(game_or_default(game, Reconstruction, reward), name="reconstruction_v0", **options)


def env(**options: Any) -> AECEnv:
    """Return the PettingZoo environment in which agents act in turn; the same options, rounds and rewards."""
    return parallel_to_aec(parallel_env(**options))


def vector_env(*, game: Reconstruction | None = None, reward: Pay = None, **options: Any) -> ExchangeVectorEnv:
    """Return the Gymnasium `VectorEnv` of all agents of many copies; for the options see `ExchangeVectorEnv`."""
    return ExchangeVectorEnv(game_or_default(game, Reconstruction, reward), **options)


def one_agent_env(
    *, partners: Partners, game: Reconstruction | None = None, reward: Pay = None, **options: Any
) -> OneAgentEnv:
    """Return the Gymnasium environment of one agent among frozen `partners`; for the options see `OneAgentEnv`."""
    return OneAgentEnv(game_or_default(game, Reconstruction, reward), partners=partners, **options)


def one_agent_vector_env(
    num_envs: int, *, partners: Partners, game: Reconstruction | None = None, reward: Pay = None, **options: Any
) -> OneAgentVectorEnv:
    """Return the Gymnasium `VectorEnv` of one agent in `num_envs` games at once; see `OneAgentVectorEnv`."""
    return OneAgentVectorEnv(
        game_or_default(game, Reconstruction, reward), num_envs=num_envs, partners=partners, **options
    )
