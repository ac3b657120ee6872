"""The channel: how a message travels, and the rule for its length and its end.

The rule. A message is a row of at most L = `max_length` symbols out of V = `vocabulary`. With an end symbol
(the default), symbol 0 is the end symbol and is counted in V and in the length: the message ends with the
first 0, what follows is padding (also written 0), and padding carries no loss, no entropy and no gradient. A message
without a 0 is L symbols long. Without an end symbol every message has L symbols and 0 is one like any other.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import torch
from jaxtyping import Bool, Float, Int
from pydantic import Field, model_validator

from hubbub.simulator.configuration import Section


def one_hot(symbols: Int[torch.Tensor, "*games"], vocabulary: int) -> Float[torch.Tensor, "*games V"]:
    """Return `symbols [...]` as float32 vectors `[..., V]`; torch's own goes through int64, at twice the memory."""
    vectors = torch.zeros(*symbols.shape, vocabulary, device=symbols.device)
    return vectors.scatter_(-1, symbols.unsqueeze(-1), 1.0)


class Channel(Section):
    """Vocabulary, length, end symbol, noise and cost of messages, and how gradients pass through them."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (
        {
            "if": {"required": ["max_length"], "properties": {"max_length": {"const": 1}}},
            "then": {"required": ["end_symbol"], "properties": {"end_symbol": {"const": False}}},
        },
    )
    vocabulary: Annotated[int, Field(ge=2, le=32767)] = 16
    """V: number of symbols, the end symbol included."""
    max_length: Annotated[int, Field(ge=1)] = 4
    """L: longest message, the end symbol included."""
    end_symbol: bool = True
    """Whether symbol 0 ends a message; without it every message has exactly `max_length` symbols."""
    noise: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Probability that a symbol on its way is replaced by a uniformly drawn one (padding is never touched)."""
    length_cost: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    """Cost of one symbol, subtracted from the reward."""
    estimator: Literal["gumbel", "reinforce"] = "gumbel"
    """How the speaker learns: straight-through Gumbel-softmax (Jang et al. 2017) or REINFORCE (Williams 1992)."""
    temperature: Annotated[float, Field(ge=1e-6)] = 1.0
    """Temperature of the Gumbel-softmax relaxation (not used by REINFORCE)."""
    entropy_bonus: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    """Weight of the entropy of the symbol distribution (nats a symbol), added to what the speaker maximises."""

    @model_validator(mode="after")
    def _room_for_meaning(self) -> Channel:
        if self.end_symbol and self.max_length == 1:
            raise ValueError("expected max_length of at least 2 with an end symbol, which takes one place, got 1")
        return self

    def alive(self, messages: Int[torch.Tensor, "*games L"]) -> Bool[torch.Tensor, "*games L"]:
        """Return where `messages [..., L]` have a symbol (up to and including the end symbol), as booleans."""
        if not self.end_symbol:
            return torch.ones_like(messages, dtype=torch.bool)
        ended = (messages == 0).cumsum(-1)
        return (ended - (messages == 0).long()) == 0

    def lengths(self, messages: Int[torch.Tensor, "*games L"]) -> Int[torch.Tensor, "*games"]:
        """Return the number of symbols of `messages [..., L]`, the end symbol included, as `[...]` integers."""
        return self.alive(messages).sum(-1)

    def pad(self, messages: Int[torch.Tensor, "*games L"]) -> Int[torch.Tensor, "*games L"]:
        """Return `messages [..., L]` with everything after the end symbol set to 0."""
        return messages * self.alive(messages)

    def transmit(
        self,
        messages: Int[torch.Tensor, "*games L"],
        flips: Float[torch.Tensor, "*games L"],
        replacements: Int[torch.Tensor, "*games L"],
    ) -> Int[torch.Tensor, "*games L"]:
        """Return padded `messages [..., L]` as they arrive: symbols with `flips < noise` become `replacements`.

        `flips` are uniform in [0, 1), `replacements` uniform symbols, both `[..., L]`.
        """
        hit = (flips < self.noise) & self.alive(messages)
        return self.pad(torch.where(hit, replacements, messages))
