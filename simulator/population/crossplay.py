"""Cross-play: every agent speaks, every agent listens, greedily; who understands whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Int

from hubbub.simulator.channel import Channel
from hubbub.simulator.engine.team import Team
from hubbub.simulator.games import Game
from hubbub.simulator.population.block import Block
from hubbub.simulator.store.lexicon import LexiconSplit

LISTENERS_PER_BATCH = {"cpu": 8, "cuda": 256}
MESSAGES_PER_BATCH = 512
"""So many listeners read so many messages at once; on a CPU the tensors of such a batch stay in the caches."""
MAX_READINGS = 2**19
"""Messages times listeners whose outcome is held at once, unless a single listener reads more."""


class ReferentGames(NamedTuple):
    """The games about one referent: one for each speaker, and each is played with every listener."""

    messages: torch.Tensor
    """Numbers of the different messages that name the referent, `[U']`."""
    said: torch.Tensor
    """Which of these each speaker said, `[N]`."""
    answer: torch.Tensor
    """The right answer: attribute values `[A]`, or the position of the target among the candidates, `[]`."""
    candidates: torch.Tensor | None
    """Features `[K, F]` of the referents among which the listener chooses, None where it names the attributes."""


@torch.no_grad()
def crossplay(
    blocks: Mapping[int, Block[Any]],
    game: Game,
    channel: Channel,
    referents: Int[np.ndarray, " R"],
    *,
    split: str,
    generator: np.random.Generator,
    team: Team,
) -> LexiconSplit:
    """Return messages and success matrix of all agents over `referents [R]`, which belong to `split`.

    `blocks` are those of this process, by their numbers. Their messages are shared with the whole team, and so is what
    their agents understand.
    Every agent names every referent once and reads every different message once: O(N · U) readings of U ≤ N · R
    messages, then O(N² · R) look-ups. `generator` draws the candidates, the same for every pair of agents. Memory:
    O(N · R · L + N²) for messages and success, and O(H · max(2¹⁹, U)) for the listeners' states.
    """
    objects = torch.from_numpy(referents)
    said = {number: block.say(objects.to(block.device).expand(block.n, -1)) for number, block in blocks.items()}
    messages = torch.cat(team.share(said))
    understood = {}
    if blocks:
        different, which = _different(messages, channel.vocabulary)
        games = _games(which, game, referents, split=split, generator=generator)
        n_listeners = min(max(MAX_READINGS // len(different), 1), LISTENERS_PER_BATCH[messages.device.type])
        for number, block in blocks.items():
            batches = np.array_split(np.arange(block.n), -(-block.n // n_listeners))
            by_listener = [_understood(block, block.first + batch, different, games) for batch in batches]
            understood[number] = torch.cat(by_listener, dim=1)
    success = torch.cat(team.share(understood), dim=1) / len(referents)
    lengths = channel.lengths(messages)
    return LexiconSplit(referents, messages.cpu().numpy(), lengths.cpu().numpy(), success.double().cpu().numpy())


def _different(
    messages: Int[torch.Tensor, "N R L"], vocabulary: int
) -> tuple[Int[torch.Tensor, "U L"], Int[torch.Tensor, "N R"]]:
    """Return the different ones of `messages [N, R, L]`, sorted, `[U, L]`, and which of them each is, `[N, R]`."""
    which = torch.zeros_like(messages[..., 0])
    for symbols in messages.unbind(-1):  # sorting numbers is far faster than sorting rows
        which = torch.unique(which * vocabulary + symbols, return_inverse=True)[1]
    different = messages.new_empty(int(which.max()) + 1, messages.shape[-1])
    different[which.flatten()] = messages.flatten(0, 1)
    return different, which


def _games(
    which: Int[torch.Tensor, "N R"],
    game: Game,
    referents: Int[np.ndarray, " R"],
    *,
    split: str,
    generator: np.random.Generator,
) -> list[ReferentGames]:
    """Return the games about each referent from the numbers `[N, R]` of the messages that name it."""
    deal = game.deal(referents, split=split, generator=generator).to(which.device)
    features = torch.from_numpy(game.referents.features).to(which.device)
    candidates = [None] * len(referents) if deal.candidates is None else features[deal.candidates]
    games = []
    for said, answer, seen in zip(which.T, deal.answers, candidates, strict=True):
        messages, number = torch.unique(said, return_inverse=True)
        games.append(ReferentGames(messages, number, answer, seen))
    return games


def _understood(
    block: Block[Any],
    listeners: Int[np.ndarray, " M"],
    messages: Int[torch.Tensor, "U L"],
    games: list[ReferentGames],
) -> torch.Tensor:
    """Return about how many referents each of `listeners [M]` of a block understands each speaker, `[N, M]`.

    They read all the different `messages [U, L]`. Of a reading the answer is held, or the listener's state where the
    answer depends on candidates.
    """
    kind, game, weights = block.kind, block.game, block.weights(listeners)
    batches = []
    for batch in messages.split(MESSAGES_PER_BATCH):
        states = block.understand(listeners, batch)
        batches.append(states if game.n_candidates else game.answer(kind.score(weights, states, None)))
    read = torch.cat(batches, dim=1)
    total = torch.zeros(len(games[0].said), len(listeners), device=read.device)
    for one in games:
        given = read.index_select(1, one.messages)
        if one.candidates is not None:
            given = game.answer(kind.score(weights, given, one.candidates.expand(len(listeners), 1, -1, -1)))
        right = game.success(given, one.answer).T.float()
        total += right.contiguous().index_select(0, one.said)
    return total
