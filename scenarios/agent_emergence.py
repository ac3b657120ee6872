"""The path emergence of every agent of a population."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.emergence import PathEmergence, speaking_path_emergence
from hubbub.simulator.engine import Row
from hubbub.simulator.population import Population
from hubbub.simulator.store import Lexicon

WEIGHTS = "agents.weights."


def agent_emergence(population: Population, lexicon: Lexicon) -> PathEmergence:
    """Return the path emergence of all agents while they speak about the recorded referents of the train split."""
    train = lexicon.splits["train"]
    objects = population.game.referents.features[train.referents]
    return speaking_path_emergence(weights_of(population), objects, train.messages, lengths=train.lengths)


def emergence_metrics(population: Population, lexicon: Lexicon) -> list[Row]:
    """Return the path emergence of every agent as metric rows."""
    values = agent_emergence(population, lexicon).value
    return [{"name": "path_emergence", "value": float(value), "agent": agent} for agent, value in enumerate(values)]


def weights_of(population: Population) -> dict[str, np.ndarray]:
    """Return the weights of all agents by name, `[N, …]` each."""
    tensors = population.state().tensors
    return {
        name.removeprefix(WEIGHTS): tensor.cpu().numpy() for name, tensor in tensors.items() if name.startswith(WEIGHTS)
    }
