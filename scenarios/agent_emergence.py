"""The path emergence of every agent of a population."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from hubbub.analysis.emergence import PathEmergence, speaking_path_emergence
from hubbub.simulator.engine import Observation, Row
from hubbub.simulator.games import Game
from hubbub.simulator.population import Population
from hubbub.simulator.store import Lexicon

WEIGHTS = "agents.weights."


def agent_emergence(population: Population, lexicon: Lexicon) -> PathEmergence:
    """Return the path emergence of all agents while they speak about the recorded referents of the train split."""
    return _emergence(population.state().tensors, population.game, lexicon)


def emergence_metrics(observation: Observation, game: Game) -> list[Row]:
    """Return the path emergence of every agent as metric rows; the observation holds lexicon and weights."""
    assert isinstance(observation.snapshot, Lexicon)
    values = _emergence(observation.tensors, game, observation.snapshot).value
    return [{"name": "path_emergence", "value": float(value), "agent": agent} for agent, value in enumerate(values)]


def weights_of(tensors: Mapping[str, torch.Tensor]) -> dict[str, NDArray[np.float32]]:
    """Return the weights of all agents by name, `[N, …]` each, from the tensors of a state or an observation."""
    return {
        name.removeprefix(WEIGHTS): tensor.cpu().numpy() for name, tensor in tensors.items() if name.startswith(WEIGHTS)
    }


def _emergence(tensors: Mapping[str, torch.Tensor], game: Game, lexicon: Lexicon) -> PathEmergence:
    train = lexicon.splits["train"]
    objects = game.referents.features[train.referents]
    return speaking_path_emergence(weights_of(tensors), objects, train.messages, lengths=train.lengths)
