"""Whether similar referents get similar messages."""

from __future__ import annotations

from typing import Literal

from hubbub.analysis import language
from hubbub.analysis.measure import Measure
from hubbub.scenarios.metrics.catalogue import metric
from hubbub.simulator.channel import Channel
from hubbub.simulator.games import Game
from hubbub.simulator.store import Lexicon


@metric("topographic_similarity")
def topographic_similarity(
    lexicon: Lexicon, game: Game, channel: Channel, *, split: Literal["train", "held_out"] = "train"
) -> Measure:
    """Return the topographic similarity of the messages about the recorded referents, a mean over agents.

    NaN where no agent has different messages. O(N R² L) at every record with a lexicon.

    References
    ----------
    Brighton & Kirby (2006), as `hubbub.analysis.language.topographic_similarity`.
    """
    spoken = lexicon.splits[split]
    return language.topographic_similarity(
        spoken.messages,
        game.referents.attributes[spoken.referents],
        lengths=spoken.lengths,
        end_symbol=0 if channel.end_symbol else None,
        permutations=0,
    )
