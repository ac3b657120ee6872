"""One exchange from deal to reward, by the rules of `Game` and `Channel`, for all environments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from numpy.typing import NDArray

from hubbub.simulator.channel import Channel
from hubbub.simulator.games.rules import Deal, Game


@dataclass(frozen=True)
class Outcome:
    """What came out of one game: its referent, the symbols sent, understood or not, the reward of both partners."""

    referent: int
    message: tuple[int, ...]
    success: bool
    reward: float

    def info(self, partner: int) -> dict[str, Any]:
        """Return what the environments tell an agent about the game it has played with `partner`."""
        return {"success": self.success, "length": len(self.message), "partner": partner, "referent": self.referent}

    def line(self, speaker: int, listener: int) -> str:
        """Return the game as one line of text."""
        symbols = " ".join(map(str, self.message))
        end = "understood" if self.success else "not understood"
        return f"agent_{speaker} to agent_{listener}: referent {self.referent}, message {symbols}, {end}"


@dataclass(frozen=True)
class Outcomes:
    """What came out of M games: referents, messages as sent, their lengths, understood or not, rewards."""

    referents: Int[np.ndarray, " M"]
    messages: Int[np.ndarray, "M L"]
    lengths: Int[np.ndarray, " M"]
    success: Bool[np.ndarray, " M"]
    rewards: Float[np.ndarray, " M"]

    def each(self) -> list[Outcome]:
        """Return the outcome of every game."""
        columns = (self.referents, self.messages, self.lengths, self.success, self.rewards)
        return [
            Outcome(referent, tuple(message[:length]), understood, earned)
            for referent, message, length, understood, earned in zip(*(c.tolist() for c in columns), strict=True)
        ]


@dataclass(frozen=True)
class Exchange:
    """M games played side by side."""

    game: Game
    channel: Channel

    def deal(self, n_games: int, generator: np.random.Generator) -> Deal:
        """Return `n_games` games dealt from the referents trained on."""
        return self.game.draw((n_games,), split="train", generator=generator)

    def send(
        self, messages: NDArray[np.int64], generator: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return `messages [M, L]` as sent (padded) and as received (after the channel's noise)."""
        sent = self.channel.pad(torch.from_numpy(messages))
        flips = torch.from_numpy(generator.random(messages.shape))
        replacements = torch.from_numpy(generator.integers(self.channel.vocabulary, size=messages.shape))
        return sent.numpy(), self.channel.transmit(sent, flips, replacements).numpy()

    def judge(
        self,
        deal: Deal,
        sent: NDArray[np.int64],
        given: NDArray[np.int64],
        *,
        received: NDArray[np.int64] | None = None,
    ) -> Outcomes:
        """Return the outcomes of the messages `sent [M, L]` and the answers `given` (`[M]` or `[M, A]`).

        The messages as `received [M, L]` are those that were sent, unless others are given.
        """
        success = self.game.success(torch.from_numpy(given).reshape(deal.answers.shape), deal.answers)
        lengths = self.channel.lengths(torch.from_numpy(sent))
        arrived = torch.from_numpy(sent if received is None else received)
        rewards = self.game.earned(success, deal, arrived, lengths, length_cost=self.channel.length_cost)
        return Outcomes(deal.objects.numpy(), sent, lengths.numpy(), success.numpy(), rewards.numpy())
