"""How evenly symbols are used."""

from __future__ import annotations

from hubbub.analysis import language
from hubbub.analysis.measure import Measure
from hubbub.scenarios.metrics.catalogue import metric
from hubbub.simulator.channel import Channel
from hubbub.simulator.store import Lexicon


@metric("symbol_entropy")
def symbol_entropy(lexicon: Lexicon, channel: Channel) -> Measure:
    """Return the entropy (bits) of the symbols in messages about the referents trained on, a mean over agents."""
    split = lexicon.splits["train"]
    return language.symbol_entropy(split.messages, lengths=split.lengths, end_symbol=0 if channel.end_symbol else None)
