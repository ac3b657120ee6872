"""One step of play: speak, listen, learn, with mail and feedback carried between the blocks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from simulator.pairing import Exchanges
from simulator.population.block import Block
from simulator.population.mail import Feedback, Mail


def play(blocks: Sequence[Block], step: int, exchanges: Exchanges, n_games: int) -> tuple[Mail, Feedback]:
    """Let the agents of all blocks play `n_games` in each exchange `[M]` and learn; return what was said and judged.

    Blocks hold neighbouring agents, in order, and exchanges are sorted by speaker.
    """
    ends = [block.first + block.n for block in blocks]
    cuts = [0, *np.searchsorted(exchanges.speakers, ends).tolist()]
    turns = [slice(start, stop) for start, stop in pairwise(cuts)]
    mail = Mail.join(
        [
            block.speak(step, Exchanges(exchanges.speakers[turn], exchanges.listeners[turn]), n_games)
            for block, turn in zip(blocks, turns, strict=True)
        ]
    )
    if len(blocks) == 1:
        feedback = blocks[0].listen(mail)
    else:
        inboxes = [np.flatnonzero(block.owns(exchanges.listeners)) for block in blocks]
        replies = [block.listen(mail.portion(inbox)) for block, inbox in zip(blocks, inboxes, strict=True)]
        feedback = Feedback.join(replies).portion(np.argsort(np.concatenate(inboxes)))
    for block, turn in zip(blocks, turns, strict=True):
        block.learn(feedback.portion(turn))
    return mail, feedback
