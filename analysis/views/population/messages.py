"""The most frequent message of each dialect for a few referents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.views.population.findings import PopulationFindings

MOST_DIALECTS = 4
MOST_REFERENTS = 8


def message_table(found: PopulationFindings) -> Html:
    """Return a table with one row per referent and one column per dialect, the largest first."""
    ids, attributes, names = found.run.referents("train")
    labels, lexicon = found.dialects.labels, found.trained
    number_of = {referent: row for row, referent in enumerate(lexicon.referents.tolist())}
    shown = np.unique(np.linspace(0, len(ids) - 1, min(MOST_REFERENTS, len(ids))).round().astype(int))
    dialects = range(min(found.dialects.n_clusters, MOST_DIALECTS))
    ended = found.run.configuration.get("channel", {}).get("end_symbol", True)
    heads = [", ".join(names), *(f"dialect {d + 1} ({np.count_nonzero(labels == d)} agents)" for d in dialects)]
    rows = []
    for i in shown.tolist():
        row = number_of[int(ids[i])]
        messages = [
            _most_frequent(lexicon.messages[labels == d, row], lexicon.lengths[labels == d, row], ended)
            for d in dialects
        ]
        rows.append([tag("code", " ".join(str(value) for value in attributes[i].tolist())), *messages])
    return table(heads, rows, numbers_from=len(heads))


def _most_frequent(messages: NDArray[np.int64], lengths: NDArray[np.int64], ended: bool) -> Html:
    spoken = [tuple(message[:length]) for message, length in zip(messages.tolist(), lengths.tolist(), strict=True)]
    best = max(sorted(set(spoken)), key=spoken.count)
    share = tag("small", f"({spoken.count(best)} of {len(spoken)})")
    return join([tag("code", _text(best, ended)), " ", share])


def _text(message: Sequence[int], ended: bool) -> str:
    symbols = message[:-1] if ended and message and message[-1] == 0 else message
    return " ".join(str(symbol) for symbol in symbols) or "(empty)"
