"""Cross-play: everyone speaks, everyone listens, greedily; who understands whom."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from simulator.games import Game
from simulator.population.block import Block
from simulator.store.lexicon import LexiconSplit

ROWS_AT_ONCE = 32768
"""Messages that a block reads at once, which bounds the memory of cross-play."""


def crossplay(
    blocks: Sequence[Block], game: Game, referents: np.ndarray, *, split: str, generator: np.random.Generator
) -> LexiconSplit:
    """Return messages and success matrix of all agents over `referents [R]`, which belong to `split`.

    Every agent names every referent once, and every agent answers every different message once: what listeners need not
    hear twice costs nothing, so the cost is O(N · U) readings for U ≤ N · R different messages. `generator` draws
    the candidates, the same for every pair of agents.
    """
    objects = torch.from_numpy(referents)
    messages = torch.cat([block.say(objects.to(block.device).expand(block.n, -1)).cpu() for block in blocks])
    n, r, length = messages.shape
    deal = game.deal(referents, split=split, generator=generator)
    heard = messages.flatten(0, 1)
    if deal.candidates is not None:  # what is answered depends on the candidates, so on the referent too
        heard = torch.cat([heard, torch.arange(r).repeat(n).unsqueeze(-1)], dim=1)
    different, which = torch.unique(heard, dim=0, return_inverse=True)
    which = which.view(n, r)
    success = torch.empty(n, n)
    for block in blocks:
        given = _answers(block, different, length, deal.candidates)
        for speaker in range(n):
            right = game.success(given[:, which[speaker]], deal.answers)
            success[speaker, block.first : block.first + block.n] = right.float().mean(1)
    lengths = blocks[0].channel.lengths(messages)
    return LexiconSplit(referents, messages.numpy(), lengths.numpy(), success.double().numpy())


def _answers(block: Block, different: torch.Tensor, length: int, candidates: torch.Tensor | None) -> torch.Tensor:
    """Return every agent's answer to every different message, `[n, U]` or `[n, U, A]`."""
    parts = []
    for part in different.split(max(ROWS_AT_ONCE // block.n, 1)):
        messages = part[:, :length].to(block.device).expand(block.n, -1, -1)
        seen = None
        if candidates is not None:
            seen = candidates[part[:, length]].to(block.device).expand(block.n, -1, -1)
        parts.append(block.answer(messages, seen).cpu())
    return torch.cat(parts, dim=1)
