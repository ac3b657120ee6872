"""Cross-play: everyone speaks, everyone listens, greedily; who understands whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import torch

from hubbub.simulator.channel import Channel
from hubbub.simulator.engine.team import Team
from hubbub.simulator.games import Game
from hubbub.simulator.population.block import Block
from hubbub.simulator.store.lexicon import LexiconSplit

LISTENERS_AT_ONCE = {"cpu": 8, "cuda": 256}
MESSAGES_AT_ONCE = 512
"""So many listeners read so many messages at once; on a CPU what that takes stays in the caches."""
READINGS_HELD = 2**19
"""Messages times listeners whose outcome is held at once, unless a single listener hears more."""


class Topic(NamedTuple):
    """What is said about one referent, and what it is right to answer."""

    messages: torch.Tensor
    """Numbers of the different messages that name it, `[U']`."""
    said: torch.Tensor
    """Which of these each speaker said, `[N]`."""
    answer: torch.Tensor
    """Attribute values `[A]`, or the place of the target among the candidates, `[]`."""
    candidates: torch.Tensor | None
    """Features `[K, F]` of what the listener chooses among, None where it names the attributes."""


@torch.no_grad()
def crossplay(
    blocks: Mapping[int, Block],
    game: Game,
    channel: Channel,
    referents: np.ndarray,
    *,
    split: str,
    generator: np.random.Generator,
    team: Team,
) -> LexiconSplit:
    """Return messages and success matrix of all agents over `referents [R]`, which belong to `split`.

    `blocks` are those that live here, by their numbers. What they say is shared with the whole team, and so is what
    they understand.
    Every agent names every referent once and reads every different message once: O(N · U) readings of U ≤ N · R
    messages, then O(N² · R) look-ups. `generator` draws the candidates, the same for every pair of agents. Memory:
    O(N · R · L + N²) for messages and success, and O(H · max(2¹⁹, U)) for what listeners made of the messages.
    """
    objects = torch.from_numpy(referents)
    said = {number: block.say(objects.to(block.device).expand(block.n, -1)) for number, block in blocks.items()}
    messages = torch.cat(team.share(said))
    understood = {}
    if blocks:
        different, which = _different(messages, channel.vocabulary)
        topics = _topics(which, game, referents, split=split, generator=generator)
        together = min(max(READINGS_HELD // len(different), 1), LISTENERS_AT_ONCE[messages.device.type])
        for number, block in blocks.items():
            parts = np.array_split(np.arange(block.n), -(-block.n // together))
            by_listener = [_understood(block, block.first + part, different, topics) for part in parts]
            understood[number] = torch.cat(by_listener, dim=1)
    success = torch.cat(team.share(understood), dim=1) / len(referents)
    lengths = channel.lengths(messages)
    return LexiconSplit(referents, messages.cpu().numpy(), lengths.cpu().numpy(), success.double().cpu().numpy())


def _different(messages: torch.Tensor, vocabulary: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the different ones of `messages [N, R, L]`, sorted, `[U, L]`, and which of them each is, `[N, R]`."""
    which = torch.zeros_like(messages[..., 0])
    for symbols in messages.unbind(-1):  # sorting numbers is far faster than sorting rows
        which = torch.unique(which * vocabulary + symbols, return_inverse=True)[1]
    different = messages.new_empty(int(which.max()) + 1, messages.shape[-1])
    different[which.flatten()] = messages.flatten(0, 1)
    return different, which


def _topics(
    which: torch.Tensor, game: Game, referents: np.ndarray, *, split: str, generator: np.random.Generator
) -> list[Topic]:
    """Return one topic per referent from the numbers `[N, R]` of the messages that name it."""
    deal = game.deal(referents, split=split, generator=generator).to(which.device)
    features = torch.from_numpy(game.referents.features).to(which.device)
    candidates = [None] * len(referents) if deal.candidates is None else features[deal.candidates]
    topics = []
    for said, answer, seen in zip(which.T, deal.answers, candidates, strict=True):
        messages, number = torch.unique(said, return_inverse=True)
        topics.append(Topic(messages, number, answer, seen))
    return topics


def _understood(block: Block, listeners: np.ndarray, messages: torch.Tensor, topics: list[Topic]) -> torch.Tensor:
    """Return on how many topics each of `listeners [M]` of a block understands each speaker, `[N, M]`.

    They read all the different `messages [U, L]`. What is held of it are answers, or hidden states where the answer
    depends on candidates.
    """
    kind, game, weights = block.kind, block.game, block.weights(listeners)
    parts = []
    for part in messages.split(MESSAGES_AT_ONCE):
        states = kind.understand(weights, part)
        parts.append(states if game.n_candidates else game.answer(kind.score(weights, states, None)))
    read = torch.cat(parts, dim=1)
    total = torch.zeros(len(topics[0].said), len(listeners), device=read.device)
    for topic in topics:
        given = read.index_select(1, topic.messages)
        if topic.candidates is not None:
            given = game.answer(kind.score(weights, given, topic.candidates.expand(len(listeners), 1, -1, -1)))
        right = game.success(given, topic.answer).T.float()
        total += right.contiguous().index_select(0, topic.said)
    return total
