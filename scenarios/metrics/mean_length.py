"""How long messages are."""

from __future__ import annotations

from hubbub.analysis.language import message_length
from hubbub.analysis.measure import Measure
from hubbub.scenarios.metrics.catalogue import metric
from hubbub.simulator.store import Lexicon


@metric("mean_length")
def mean_length(lexicon: Lexicon) -> Measure:
    """Return the mean number of symbols of a message about the referents trained on, end symbol included."""
    split = lexicon.splits["train"]
    return message_length(split.messages, lengths=split.lengths)
