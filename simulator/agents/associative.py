"""Agents whose lexicon is an associative memory: pairs of a referent and a message are its patterns."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field

from hubbub.simulator.agents.agent import Speech, Weights, agent
from hubbub.simulator.channel import Channel, one_hot
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games import Game

Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]


@agent("associative")
class Associative:
    """One exponential memory per agent, which holds up to `load` pairs (code of a referent | code of a message).

    To speak, the referent's half is clamped and the message's half relaxes; to listen, the other way round. One
    relaxation of the free half y with the clamped half x is y ← Σ_μ w_μ y^μ, w = softmax(β (x^μ · x + y^μ · sgn y) +
    log s^μ): the exponential dense memory (Demircigil et al. 2017) in the form of Ramsauer et al. (2020), pairs
    weighed by their strengths s, which learning changes (`simulator/learning/associating.py`). Between two relaxations
    every bit of the free half flips with probability `noise`; greedy speech and cross-play have none.

    One more pattern always competes, as if it differed from what is clamped in `tolerance` bits: a speaker's invention,
    which is how words arise, and a listener's not knowing. Codes are ±1: for a referent the signs of its features, for
    a message one-hot symbols, 0 after its end. Of a free half the symbols, or values, with the largest field are taken.

    Parameters
    ----------
    load
        K: how many pairs are kept; a new pair takes the place of the weakest.
    inverse_temperature
        β of the memory.
    relaxations
        How often the free half is relaxed; noise acts in between, so one relaxation has none.
    noise
        Probability that a bit of the free half flips between two relaxations.
    tolerance
        In how many bits what is seen or heard may differ from a pair that is taken to be meant.
    plasticity
        Share of the way that a strength goes, towards 1 or 0, after one game.
    forgetting
        Share of every strength that is lost in a step in which the agent took part.
    self_talk
        Probability that an agent hears itself.
    """

    def __init__(
        self,
        *,
        load: Count = 256,
        inverse_temperature: Annotated[float, Field(gt=0)] = 1.0,
        relaxations: Count = 2,
        noise: Annotated[float, Field(ge=0, le=0.5)] = 0.0,
        tolerance: Annotated[int, Field(ge=0)] = 1,
        plasticity: Annotated[float, Field(gt=0, le=1)] = 0.3,
        forgetting: Share = 0.0,
        self_talk: Share = 0.0,
        game: Game,
        channel: Channel,
    ) -> None:
        about = game.referents
        if noise and relaxations == 1:
            raise ConfigurationError(
                "relaxations: expected at least 2 with agent.noise, which acts between two relaxations, got 1"
            )
        if not game.n_candidates and about.n_features != about.n_attributes * about.n_values:
            raise ConfigurationError(
                "referents: agent.kind=associative names what it sees, so game.kind=reconstruction needs one feature "
                f"for each of the {about.n_attributes} x {about.n_values} attribute values (symbolic referents), got "
                f"{about.n_features} features; with images choose game.kind=discrimination"
            )
        self.load, self.inverse_temperature, self.relaxations = load, inverse_temperature, relaxations
        self.noise, self.tolerance = noise, tolerance
        self.plasticity, self.forgetting, self.self_talk = plasticity, forgetting, self_talk
        self.game, self.channel = game, channel
        self.sizes = (about.n_features, channel.max_length * channel.vocabulary)
        """Bits of the referent's half and of the message's half."""
        self.layout: dict[str, tuple[int, ...]] = {"pairs": (load, sum(self.sizes)), "strengths": (load,)}

    def initialise(self, generator: np.random.Generator, n: int) -> dict[str, NDArray[np.float32]]:
        """Return `n` empty memories; draws nothing."""
        return {name: np.zeros((n, *shape), dtype=np.float32) for name, shape in self.layout.items()}

    def speak(
        self, weights: Weights, objects: torch.Tensor, *, noise: torch.Tensor | None, flips: torch.Tensor | None = None
    ) -> Speech:
        """Say something about feature vectors `objects [M, G, F]`; row m of the memories speaks row m.

        `noise [L, M, G, V]` are draws whose largest at every position is the symbol of an invention; None is greedy
        speech, which invents nothing. `flips [relaxations − 1, M, G, L · V]` say which bits flip.
        Cost O(relaxations · M · G · K · (F + L · V)).
        """
        invention = None if noise is None else self.message_code(self.channel.pad(noise.argmax(-1).movedim(0, -1)))
        referents, messages = weights["pairs"].split(self.sizes, dim=-1)
        field = self._relax(self.referent_code(objects), referents, messages, weights["strengths"], invention, flips)
        said = self.channel.pad(field.unflatten(-1, (self.channel.max_length, -1)).argmax(-1))
        return Speech(said, self.channel.lengths(said))

    def listen(
        self,
        weights: Weights,
        messages: torch.Tensor,
        candidates: torch.Tensor | None,
        *,
        relaxed: torch.Tensor | None,
        flips: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return scores of answers to `messages [M, G, L]`; `relaxed` carries no gradient here.

        With `candidates [M, G, K', F]` the scores are `[M, G, K']`, else `[M, G, A · values]`.
        `flips [relaxations − 1, M, G, F]` say which bits flip.
        """
        return self.score(weights, self._recall(weights, self.message_code(messages), flips), candidates)

    def understand(self, weights: Weights, messages: torch.Tensor) -> torch.Tensor:
        """Return the relaxed referents' halves `[M, U, F]` when all rows read the same `messages [U, L]`."""
        heard = self.message_code(messages).expand(len(weights["pairs"]), -1, -1)
        return self._recall(weights, heard, None)

    def score(self, weights: Weights, understood: torch.Tensor, candidates: torch.Tensor | None) -> torch.Tensor:
        """Return scores of answers to the fields `understood [M, G, F]` of referents' halves.

        A value's score is the logarithm of the share of the memory that speaks for it, so its softmax over the values
        of an attribute is that share; a candidate's is β times the overlap of its code with the field.
        """
        if candidates is None:
            return ((1 + understood) / 2).clamp_(min=1e-6).log_()
        return self.inverse_temperature * (self.referent_code(candidates) @ understood.unsqueeze(-1)).squeeze(-1)

    def referent_code(self, features: torch.Tensor) -> torch.Tensor:
        """Return the code of `features [..., F]`: ±1, the signs."""
        return torch.where(features > 0, 1.0, -1.0)

    def message_code(self, messages: torch.Tensor) -> torch.Tensor:
        """Return the code of `messages [..., L]`, `[..., L · V]`: +1 at a symbol, −1 at all others, 0 after the end."""
        signs = 2 * one_hot(messages, self.channel.vocabulary) - 1
        return (signs * self.channel.alive(messages).unsqueeze(-1)).flatten(-2)

    def _recall(self, weights: Weights, heard: torch.Tensor, flips: torch.Tensor | None) -> torch.Tensor:
        referents, messages = weights["pairs"].split(self.sizes, dim=-1)
        return self._relax(heard, messages, referents, weights["strengths"], None, flips)

    def _relax(
        self,
        clamped: torch.Tensor,
        known: torch.Tensor,
        sought: torch.Tensor,
        strengths: torch.Tensor,
        invention: torch.Tensor | None,
        flips: torch.Tensor | None,
    ) -> torch.Tensor:
        """Return the field `[M, G, B]` on the free half after the last relaxation.

        `clamped [M, G, C]` is held against the pairs' halves `known [M, K, C]`; `sought [M, K, B]` are the others.
        """
        new = clamped.new_zeros(()) if invention is None else invention
        known_half = clamped @ known.mT
        doubt = (clamped != 0).sum(-1, keepdim=True) - 2.0 * self.tolerance
        log_strengths = strengths.log().unsqueeze(1)
        field = clamped
        for turn in range(self.relaxations):
            overlap, doubted = known_half, doubt
            if turn:
                free = field.sign()
                if flips is not None:
                    free = torch.where(flips[turn - 1], -free, free)
                overlap = overlap + free @ sought.mT
                doubted = doubted + (free * new).sum(-1, keepdim=True)
            energies = torch.cat(
                [self.inverse_temperature * overlap + log_strengths, self.inverse_temperature * doubted], -1
            )
            remembered, invented = energies.softmax(-1).split([known.shape[1], 1], dim=-1)
            field = remembered @ sought + invented * new
        return field
