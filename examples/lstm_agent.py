"""An agent of your own: an LSTM
=============================

Agents that speak and listen with an LSTM (Hochreiter & Schmidhuber 1997). In a scenario of the command line::

    hubbub run karate modules=[examples/lstm_agent.py] agent.kind=lstm
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

import hubbub
from hubbub.simulator.agents import Speech
from hubbub.simulator.agents.agent import Weights
from hubbub.simulator.channel import Channel
from hubbub.simulator.games import Game

STEPS = 200  # small: 3


@hubbub.agent("lstm")
class LSTM:
    """One LSTM that speaks and listens: encoded object → symbols, and symbols → state → answer."""

    def __init__(self, *, hidden: int = 32, self_talk: float = 0.2, game: Game, channel: Channel) -> None:
        self.hidden, self.self_talk, self.channel = hidden, self_talk, channel
        self.layout: dict[str, tuple[int, ...]] = {
            "objects": (game.referents.n_features, hidden),
            "symbols": (channel.vocabulary + 1, 4 * hidden),  # the last row is the start of a message
            "recurrent": (hidden, 4 * hidden),
            "emit": (hidden, channel.vocabulary),
        }
        if not game.n_candidates:
            self.layout["name"] = (hidden, sum(game.answer_sizes))

    def initialise(self, generator: np.random.Generator, n: int) -> dict[str, NDArray[np.float32]]:
        """Return the weights of `n` agents, uniform in ±1/√hidden."""
        size = sum(math.prod(shape) for shape in self.layout.values())
        draws = (2 * generator.random((n, size), dtype=np.float32) - 1) / np.float32(math.sqrt(self.hidden))
        ends = np.cumsum([math.prod(shape) for shape in self.layout.values()])[:-1]
        parts = zip(self.layout.items(), np.split(draws, ends, axis=1), strict=True)
        return {name: part.reshape(n, *shape) for (name, shape), part in parts}

    def speak(self, weights: Weights, objects: torch.Tensor, *, noise: torch.Tensor | None) -> Speech:
        """Return messages about `objects [M, G, F]`, sampled with Gumbel `noise [L, M, G, V]` or greedy."""
        vocabulary = self.channel.vocabulary
        table, start = weights["symbols"].split([vocabulary, 1], dim=1)
        state = torch.tanh(objects @ weights["objects"])
        cell, inputs = torch.zeros_like(state), start.expand(-1, objects.shape[1], -1)
        alive = torch.ones(objects.shape[:2], dtype=torch.bool, device=objects.device)
        said, relaxed, log_probability, entropy, sent = [], [], [], [], []
        for position in range(self.channel.max_length):
            state, cell = _update(inputs, state, cell, weights["recurrent"])
            logits = state @ weights["emit"]
            noisy = logits if noise is None else logits + noise[position]
            symbols = noisy.argmax(-1)
            one_hot = functional.one_hot(symbols, vocabulary).float()
            if noise is not None:
                soft = torch.softmax(noisy / self.channel.temperature, dim=-1)
                one_hot = one_hot + (soft - soft.detach() if self.channel.estimator == "gumbel" else 0)
                log_p = torch.log_softmax(logits, dim=-1)
                log_probability.append(log_p.gather(-1, symbols[..., None])[..., 0] * alive)
                entropy.append(-(log_p.exp() * log_p).sum(-1) * alive)
            said.append(symbols * alive)
            relaxed.append(one_hot * alive[..., None])
            sent.append(alive)
            inputs = one_hot @ table
            if self.channel.end_symbol:
                alive = alive & (symbols != 0)
        messages, lengths = torch.stack(said, -1), torch.stack(sent, -1).sum(-1)
        if noise is None:
            return Speech(messages, lengths)
        straight = torch.stack(relaxed, 2) if self.channel.estimator == "gumbel" else None
        return Speech(messages, lengths, straight, torch.stack(log_probability).sum(0), torch.stack(entropy).sum(0))

    def listen(
        self, weights: Weights, messages: torch.Tensor, candidates: torch.Tensor | None, *, relaxed: torch.Tensor | None
    ) -> torch.Tensor:
        """Return the scores of answers to `messages [M, G, L]`."""
        one_hot = functional.one_hot(messages, self.channel.vocabulary).float() if relaxed is None else relaxed
        return self.score(weights, self._read(weights, one_hot, self.channel.alive(messages)), candidates)

    def understand(self, weights: Weights, messages: torch.Tensor) -> torch.Tensor:
        """Return the state of every row after each of the same `messages [U, L]`, `[M, U, H]`."""
        one_hot = functional.one_hot(messages, self.channel.vocabulary).float()
        return self._read(weights, one_hot.expand(len(weights["symbols"]), -1, -1, -1), self.channel.alive(messages))

    def score(self, weights: Weights, understood: torch.Tensor, candidates: torch.Tensor | None) -> torch.Tensor:
        """Return the inner products with the encoded candidates, or a linear map to the values of the attributes."""
        if candidates is None:
            return understood @ weights["name"]
        encoded = torch.tanh(candidates @ weights["objects"][:, None])
        return (encoded @ understood[..., None]).squeeze(-1)

    def _read(self, weights: Weights, one_hot: torch.Tensor, alive: torch.Tensor) -> torch.Tensor:
        """Return the state after messages `[M, G, L, V]`, of which only the symbols that are `alive` count."""
        state = torch.zeros(*one_hot.shape[:2], self.hidden, device=one_hot.device)
        cell = torch.zeros_like(state)
        for position in range(one_hot.shape[2]):
            inputs = one_hot[:, :, position] @ weights["symbols"][:, :-1]
            new_state, new_cell = _update(inputs, state, cell, weights["recurrent"])
            here = alive[..., position, None]
            state, cell = torch.where(here, new_state, state), torch.where(here, new_cell, cell)
        return state


def _update(
    inputs: torch.Tensor, state: torch.Tensor, cell: torch.Tensor, recurrent: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the next state and cell, `[M, G, H]` each."""
    input_gate, forget_gate, output_gate, candidate = (inputs + state @ recurrent).chunk(4, dim=-1)
    cell = torch.sigmoid(forget_gate + 1) * cell + torch.sigmoid(input_gate) * torch.tanh(candidate)
    return torch.sigmoid(output_gate) * torch.tanh(cell), cell


if __name__ == "__main__":
    made = hubbub.run("group-size", {"agent.kind": "lstm", "topology.n_agents": 4, "training.steps": STEPS})
    steps, success = made.metric("success_over_links")
    print(f"understood over links: {success[0]:.2f} at first, {success[-1]:.2f} after {steps[-1]} steps")
