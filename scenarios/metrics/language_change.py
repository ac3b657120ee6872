"""How fast a language changes."""

from __future__ import annotations

import math

from hubbub.scenarios.metrics.catalogue import metric
from hubbub.simulator.store import Lexicon


@metric("language_change")
def language_change(lexicon: Lexicon, before: Lexicon | None) -> float:
    """Return the share of messages, over agents and referents trained on, that differ from the lexicon before.

    NaN at the first lexicon.
    """
    if before is None:
        return math.nan
    now, then = lexicon.splits["train"], before.splits["train"]
    return float((now.messages != then.messages).any(axis=-1).mean())
