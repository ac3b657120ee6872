"""One step of play: speak, listen, learn, with mail and feedback carried between the blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from hubbub.simulator.engine.team import Team
from hubbub.simulator.pairing import Exchanges
from hubbub.simulator.population.block import Block
from hubbub.simulator.population.mail import Feedback, Mail

T = TypeVar("T", Mail, Feedback)


def play(
    blocks: Sequence[Block], step: int, exchanges: Exchanges, n_games: int, *, homes: np.ndarray, team: Team
) -> tuple[Mail, Feedback]:
    """Let the agents of `blocks` play `n_games` in each exchange `[M]` and learn; return what they said and were told.

    `blocks` are those that live here, at least one, in the order of their agents, and `homes [N]` says with which
    member of the team each agent lives. Exchanges are sorted by speaker; what is returned are those whose speaker lives
    here.
    """
    to, back = homes[exchanges.listeners], homes[exchanges.speakers]
    here = np.flatnonzero(back == team.rank)
    speakers, listeners = exchanges.speakers[here], exchanges.listeners[here]
    turns = [slice(*np.searchsorted(speakers, (block.first, block.first + block.n))) for block in blocks]
    sent = Mail.join(
        [
            block.speak(step, Exchanges(speakers[turn], listeners[turn]), n_games)
            for block, turn in zip(blocks, turns, strict=True)
        ]
    )
    heard = np.flatnonzero(to == team.rank)
    mail = _carry(sent, here, heard, to=to, origin=back, team=team)
    if len(blocks) == 1:
        told = blocks[0].listen(mail)
    else:
        inboxes = [np.flatnonzero(block.owns(mail.listeners)) for block in blocks]
        replies = [block.listen(mail.portion(inbox)) for block, inbox in zip(blocks, inboxes, strict=True)]
        told = Feedback.join(replies).portion(np.argsort(np.concatenate(inboxes)))
    feedback = _carry(told, heard, here, to=back, origin=to, team=team)
    for block, turn in zip(blocks, turns, strict=True):
        block.learn(feedback.portion(turn))
    return sent, feedback


def _carry(ready: T, have: np.ndarray, need: np.ndarray, *, to: np.ndarray, origin: np.ndarray, team: Team) -> T:
    """Return the exchanges numbered `need`, of which those numbered `have` are `ready` here.

    `origin [M]` and `to [M]` say which member has each exchange and which needs it. One parcel goes to each member that
    needs anything from here, and one comes from each that has anything for here.
    """
    if team.size == 1:
        return ready
    wanted_by, comes_from = to[have], origin[need]
    batches: dict[int, T] = {
        member: ready.portion(np.flatnonzero(wanted_by == member)) for member in np.unique(wanted_by).tolist()
    }
    stays = batches.pop(team.rank, ready.portion(slice(0)))
    sources: list[int] = [member for member in np.unique(comes_from).tolist() if member != team.rank]
    parts = [stays, *team.swap(batches, sources)]
    rows = [need[comes_from == member] for member in (team.rank, *sources)]
    return type(ready).join(parts).portion(np.argsort(np.concatenate(rows)))
