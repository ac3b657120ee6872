"""Recurrent agents: a GRU that speaks and a GRU that listens, one and the same when the roles are tied."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field

from hubbub.simulator.agents.agent import Speech, Weights, agent
from hubbub.simulator.channel import Channel, one_hot
from hubbub.simulator.games import Game

Size = Annotated[int, Field(ge=1)]


@agent("gru")
class GRU:
    """Object encoder (linear, tanh) → message generator (GRU) ⇢ message reader (GRU) → answer (linear).

    The speaker's state starts as the encoded object and is fed its own last symbol; the listener's state after the
    last symbol of a message is its understanding. It names attributes by a linear map, or scores a candidate by the
    inner product with the encoded candidate. Symbol embeddings go through the input weights once per step, as a
    table of symbols × gates, and not once per symbol sent. The update is Cho et al. (2014) in the form of
    cuDNN: the candidate's recurrent bias lies inside the reset gate.
    """

    def __init__(
        self,
        *,
        hidden: Size = 64,
        embedding: Size = 32,
        coupling: Literal["tied", "separate"] = "tied",
        self_talk: Annotated[float, Field(ge=0, le=1)] = 0.2,
        game: Game,
        channel: Channel,
    ) -> None:
        self.hidden, self.embedding, self.coupling, self.self_talk = hidden, embedding, coupling, self_talk
        self.game, self.channel = game, channel
        h, v = hidden, channel.vocabulary
        trunk = {
            "symbols": (v + 1, embedding),  # the last row is the start symbol, which is never sent
            "inputs": (embedding, 3 * h),
            "inputs_bias": (1, 3 * h),
            "recurrent": (h, 3 * h),
            "candidate_bias": (1, h),
        }
        eye = {"objects": (game.referents.n_features, h), "objects_bias": (1, h)}
        voice = {"emit": (h, v), "emit_bias": (1, v)}
        n_answers = sum(game.answer_sizes)
        naming = {} if game.n_candidates else {"name": (h, n_answers), "name_bias": (1, n_answers)}
        self.layout: dict[str, tuple[int, ...]] = {**eye, **trunk, **voice, **naming}
        self.ear = {name: name for name in self.layout}
        """Which weights the listener uses in place of those of this name."""
        if coupling == "separate":
            heard = {**trunk, **(eye if game.n_candidates else {})}
            self.layout |= {f"listener_{name}": shape for name, shape in heard.items()}
            self.ear |= {name: f"listener_{name}" for name in heard}

    def initialise(self, generator: np.random.Generator, n: int) -> dict[str, NDArray[np.float32]]:
        """Return weights of `n` agents, `[n, …]` each; agent after agent, so that one more changes none before it."""
        size = sum(math.prod(shape) for shape in self.layout.values())
        draws = generator.random((n, size), dtype=np.float32) * 2 - 1
        weights, start = {}, 0
        for name, shape in self.layout.items():
            stop = start + math.prod(shape)
            weights[name] = draws[:, start:stop].reshape(n, *shape) * self._scale(name)
            start = stop
        return weights

    def _scale(self, name: str) -> float:
        """Half-width of the uniform start: unit variance for embeddings, 1/√min(F, H) for objects, else 1/√H."""
        if name.endswith("symbols"):
            return math.sqrt(3.0)
        if name.endswith("objects"):
            return 1.0 / math.sqrt(min(self.game.referents.n_features, self.hidden))
        return 1.0 / math.sqrt(self.hidden)

    def speak(self, weights: Weights, objects: torch.Tensor, *, noise: torch.Tensor | None) -> Speech:
        """Say something about feature vectors `objects [M, G, F]`; row m of the weights speaks row m.

        `noise [L, M, G, V]` are Gumbel draws: adding them and taking the maximum samples from the softmax. None is
        greedy speech. Cost O(M · G · L · H · (H + V)).
        """
        channel = self.channel
        v, sampling, relaxing = (
            channel.vocabulary,
            noise is not None,
            noise is not None and channel.estimator == "gumbel",
        )
        table, start = _table(weights).split([v, 1], dim=1)
        state = torch.tanh(torch.baddbmm(weights["objects_bias"], objects, weights["objects"]))
        gates = start.expand(-1, objects.shape[1], -1)
        alive = torch.ones(objects.shape[:2], dtype=torch.bool, device=objects.device)
        symbols, relaxed, log_probability, entropy, alive_at = [], [], [], [], []
        for position in range(channel.max_length):
            state = _update(gates, state, weights["recurrent"], weights["candidate_bias"])
            logits = torch.baddbmm(weights["emit_bias"], state, weights["emit"])
            noisy = logits if noise is None else logits + noise[position]
            chosen = noisy.argmax(-1)
            if relaxing:
                soft = torch.softmax(noisy / channel.temperature, dim=-1)
                straight = soft + (one_hot(chosen, v) - soft).detach()
                relaxed.append(straight * alive.unsqueeze(-1))
                gates = torch.bmm(straight, table)
            else:
                gates = _look_up(table, chosen)
            if sampling and (channel.entropy_bonus or not relaxing):
                log_p = torch.log_softmax(logits, dim=-1)
                log_probability.append(log_p.gather(-1, chosen.unsqueeze(-1)).squeeze(-1) * alive)
                entropy.append(-(log_p.exp() * log_p).sum(-1) * alive)
            symbols.append(chosen * alive)
            alive_at.append(alive)
            if channel.end_symbol:
                alive = alive & (chosen != 0)
        return Speech(
            messages=torch.stack(symbols, dim=-1),
            lengths=torch.stack(alive_at, dim=-1).sum(-1),
            relaxed=torch.stack(relaxed, dim=2) if relaxed else None,
            log_probability=torch.stack(log_probability).sum(0) if log_probability else None,
            entropy=torch.stack(entropy).sum(0) if entropy else None,
        )

    def listen(
        self, weights: Weights, messages: torch.Tensor, candidates: torch.Tensor | None, *, relaxed: torch.Tensor | None
    ) -> torch.Tensor:
        """Return scores of answers to `messages [M, G, L]`; row m of the weights hears row m.

        `relaxed [M, G, L, V]`, where given, holds the same messages as (one-hot) vectors through which a gradient
        flows. With `candidates [M, G, K, F]` the scores are `[M, G, K]`, else `[M, G, A · values]`.
        Cost O(M · G · L · H²).
        """
        ear = {name: weights[source] for name, source in self.ear.items()}
        table, _ = _table(ear).split([self.channel.vocabulary, 1], dim=1)
        heard = None if relaxed is None else relaxed.unbind(2)
        alive = self.channel.alive(messages)
        state = torch.zeros(*messages.shape[:2], self.hidden, device=messages.device)
        for position in range(messages.shape[-1]):
            gates = _look_up(table, messages[..., position]) if heard is None else torch.bmm(heard[position], table)
            new = _update(gates, state, ear["recurrent"], ear["candidate_bias"])
            state = torch.where(alive[..., position, None], new, state)
        return self.score(weights, state, candidates)

    def understand(self, weights: Weights, messages: torch.Tensor) -> torch.Tensor:
        """Return what every row understands, `[M, U, H]`, when all rows read the same `messages [U, L]`.

        A beginning that a message shares with the one before it is read once for both, so sorted messages cost least:
        O(M · H) for every different beginning, and O(M · H²) for every one that another symbol follows.
        """
        ear = {name: weights[source] for name, source in self.ear.items()}
        table = _table(ear)
        alive, last = self.channel.alive(messages), self.channel.lengths(messages) - 1
        new = alive.clone()
        new[1:] &= (messages[1:] != messages[:-1]).cumsum(-1) > 0
        beginning = new.cumsum(0) - 1  # [U, L]: which of the beginnings of one length a message has
        before = torch.zeros_like(last)
        state = torch.zeros(table.shape[0], 1, self.hidden, device=messages.device)
        understood = torch.empty(table.shape[0], len(messages), self.hidden, device=messages.device)
        for position in range(messages.shape[-1]):
            rows = new[:, position].nonzero().squeeze(-1)
            followed, which = torch.unique_consecutive(before[rows], return_inverse=True)
            state = state.index_select(1, followed)
            parts = (state, *_recur(state, ear["recurrent"], ear["candidate_bias"]))
            gates = table.index_select(1, messages[rows, position])
            state = _renew(gates, *(part.index_select(1, which) for part in parts))
            before = beginning[:, position]
            ended = (last == position).nonzero().squeeze(-1)
            understood.index_copy_(1, ended, state.index_select(1, before[ended]))
        return understood

    def score(self, weights: Weights, understood: torch.Tensor, candidates: torch.Tensor | None) -> torch.Tensor:
        """Return scores of answers to what was `understood [M, G, H]`.

        With `candidates [M, G, K, F]`, or `[M, 1, K, F]` for the same ones G times, the scores are `[M, G, K]`, else
        `[M, G, A · values]`.
        """
        if candidates is None:
            return torch.baddbmm(weights["name_bias"], understood, weights["name"])
        eyes, bias = weights[self.ear["objects"]], weights[self.ear["objects_bias"]]
        seen = torch.baddbmm(bias, candidates.flatten(1, 2), eyes).tanh()
        if candidates.shape[1] == 1:
            return torch.bmm(understood, seen.mT)
        return (seen.unflatten(1, candidates.shape[1:3]) @ understood.unsqueeze(-1)).squeeze(-1)


def _table(weights: Weights) -> torch.Tensor:
    """Return what every symbol adds to the gates, `[M, V + 1, 3H]`."""
    return torch.baddbmm(weights["inputs_bias"], weights["symbols"], weights["inputs"])


def _update(
    gates: torch.Tensor, state: torch.Tensor, recurrent: torch.Tensor, candidate_bias: torch.Tensor
) -> torch.Tensor:
    """Return the next state `[M, G, H]` from the input's part of the gates `[M, G, 3H]`."""
    return _renew(gates, state, *_recur(state, recurrent, candidate_bias))


def _recur(
    state: torch.Tensor, recurrent: torch.Tensor, candidate_bias: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the state's part of reset and update gates `[M, G, 2H]` and of the candidate `[M, G, H]`."""
    h = state.shape[-1]
    gates, candidate = torch.bmm(state, recurrent).split([2 * h, h], dim=-1)
    return gates, candidate + candidate_bias


def _renew(from_input: torch.Tensor, state: torch.Tensor, gates: torch.Tensor, candidate: torch.Tensor) -> torch.Tensor:
    """Return the next state `[M, G, H]` from the input's part `[M, G, 3H]` and the state's part of the gates."""
    h = state.shape[-1]
    gates_from_input, candidate_from_input = from_input.split([2 * h, h], dim=-1)
    reset, update = (gates_from_input + gates).sigmoid_().chunk(2, dim=-1)
    new = torch.addcmul(candidate_from_input, reset, candidate).tanh_()
    return torch.lerp(new, state, update)


def _look_up(table: torch.Tensor, symbols: torch.Tensor) -> torch.Tensor:
    """Return the rows of `table [M, V, X]` that `symbols [M, G]` name, `[M, G, X]`."""
    offsets = torch.arange(table.shape[0], device=table.device).unsqueeze(-1) * table.shape[1]
    rows = table.reshape(-1, table.shape[-1]).index_select(0, (symbols + offsets).flatten())
    return rows.view(*symbols.shape, table.shape[-1])
