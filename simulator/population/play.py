"""One step of play: speak, listen, learn, with mail and feedback carried between the blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np
from jaxtyping import Int

from hubbub.simulator.engine.team import Team
from hubbub.simulator.pairing import Exchanges
from hubbub.simulator.population.block import Block, Heard
from hubbub.simulator.population.mail import Feedback, Mail

T = TypeVar("T", Mail, Feedback)


class Played(NamedTuple):
    """The games of one step whose speakers are in this process: what was said, and how it was understood."""

    mail: Mail
    feedback: Feedback


Player: TypeAlias = Callable[[Exchanges], Played]
"""Plays a population's exchanges of its next step, and lets its agents learn."""


def play(
    blocks: Sequence[Block[Any]],
    step: int,
    exchanges: Exchanges,
    n_games: int,
    *,
    ranks: Int[np.ndarray, " N"],
    team: Team,
) -> Played:
    """Let the agents of `blocks` play `n_games` in each exchange `[M]` and learn.

    `blocks` are those of this process, at least one, in the order of their agents. `ranks [N]` are those of the team
    members that hold the agents. Exchanges are sorted by speaker.
    """
    speaker_ranks, listener_ranks = ranks[exchanges.speakers], ranks[exchanges.listeners]
    spoken_here = np.flatnonzero(speaker_ranks == team.rank)
    heard_here = np.flatnonzero(listener_ranks == team.rank)
    speakers, listeners = exchanges.speakers[spoken_here], exchanges.listeners[spoken_here]
    of_blocks = [slice(*np.searchsorted(speakers, (block.first, block.first + block.n))) for block in blocks]
    spoken = [
        block.speak(step, Exchanges(speakers[rows], listeners[rows]), n_games)
        for block, rows in zip(blocks, of_blocks, strict=True)
    ]
    sent = Mail.join([one.mail for one in spoken])
    received = _carry(sent, spoken_here, heard_here, sources=speaker_ranks, targets=listener_ranks, team=team)
    heard, answers = _listen(blocks, step, received)
    feedback = _carry(answers, heard_here, spoken_here, sources=listener_ranks, targets=speaker_ranks, team=team)
    for block, rows, said, understood in zip(blocks, of_blocks, spoken, heard, strict=True):
        block.learn(said, understood, feedback.portion(rows))
    return Played(sent, feedback)


def _listen(blocks: Sequence[Block[Any]], step: int, mail: Mail) -> tuple[list[Heard], Feedback]:
    """Return what each block heard, and the feedback in the order of the mail."""
    if len(blocks) == 1:
        heard = [blocks[0].listen(step, mail)]
        return heard, heard[0].feedback
    of_blocks = [np.flatnonzero(block.owns(mail.listeners)) for block in blocks]
    heard = [block.listen(step, mail.portion(rows)) for block, rows in zip(blocks, of_blocks, strict=True)]
    feedback = Feedback.join([one.feedback for one in heard])
    return heard, feedback.portion(np.argsort(np.concatenate(of_blocks)))


def _carry(
    batch: T,
    available: Int[np.ndarray, " X"],
    needed: Int[np.ndarray, " Y"],
    *,
    sources: Int[np.ndarray, " M"],
    targets: Int[np.ndarray, " M"],
    team: Team,
) -> T:
    """Return the exchanges numbered `needed`, of which those numbered `available` are in this process, as `batch`.

    `sources [M]` and `targets [M]` are the ranks of the members that have and need each exchange. One message batch
    goes to each member that needs any exchange of this one, and one comes from each that has any for this one.
    """
    if team.size == 1:
        return batch
    needed_by, comes_from = targets[available], sources[needed]
    outgoing: dict[int, T] = {
        rank: batch.portion(np.flatnonzero(needed_by == rank)) for rank in np.unique(needed_by).tolist()
    }
    own = outgoing.pop(team.rank, batch.portion(slice(0)))
    others: list[int] = [rank for rank in np.unique(comes_from).tolist() if rank != team.rank]
    parts = [own, *team.swap(outgoing, others)]
    rows = [needed[comes_from == rank] for rank in (team.rank, *others)]
    return type(batch).join(parts).portion(np.argsort(np.concatenate(rows)))
