"""The names that a configuration may give as `game.reward`."""

from __future__ import annotations

from hubbub.simulator.errors import ContractError
from hubbub.simulator.registry import Registry

reward = Registry(
    "reward",
    package="hubbub.simulator.games.rewards",
    supplied=("success", "lengths", "messages", "objects", "referents"),
    error=ContractError,
)
"""Decorator and catalogue of functions that return what speaker and listener of games `[...]` earn, `[...]` float32.

A function asks by the names of its parameters for torch tensors: `success [...]` (1 for understood, else 0, float32),
`lengths [...]` (symbols sent), `messages [..., L]` as they arrive, `objects [...]` (numbers of the referents that the
speakers saw); and for the `referents` (`Referents`). Its other parameters are options. What the channel costs
(`length_cost`) is subtracted afterwards. It draws nothing and keeps nothing.
"""
