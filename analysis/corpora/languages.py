"""The languages of the speakers of a corpus: one message of every speaker for every referent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from hubbub.analysis.corpora.corpus import Corpus

MOST_SPEAKERS, MOST_REFERENTS, FEWEST_REFERENTS = 300, 500, 30
MOST_CELLS = 4_000_000
"""More speakers and referents are sampled, because some measures compare all pairs of them, and so that speakers ×
referents × symbols is at most this, but for the fewest referents."""


@dataclass(frozen=True)
class Languages:
    """Messages of N speakers for the same R referents.

    Attributes
    ----------
    messages, lengths
        `[N, R, L]` and `[N, R]`: of each speaker, the message it said most often for the referent (of equally frequent
        ones, the first).
    referents
        Attributes of the referents `[R, A]`, as codes.
    speakers
        Numbers of the speakers in the corpus `[N]`.
    counts
        How often each referent was named in the corpus `[R]`.
    note
        Which speakers and referents these are, in words.
    """

    messages: Int[np.ndarray, "N R L"]
    lengths: Int[np.ndarray, "N R"]
    referents: Int[np.ndarray, "R A"]
    speakers: Int[np.ndarray, " N"]
    counts: Int[np.ndarray, " R"]
    note: str


def languages(corpus: Corpus, generator: np.random.Generator) -> Languages | str:
    """Return the languages of a corpus, or the reason why it has none.

    All speakers must have named the same referents. Speakers are added in the order of how many referents they named,
    and those are kept for which speakers × common referents is largest. `generator` draws 300 of the speakers and 500
    of the referents where there are more, and fewer referents where speakers and symbols are many. O(M log M).
    """
    if corpus.speakers is None or corpus.referents is None:
        return f"the corpus names no {'speakers' if corpus.speakers is None else 'referents'}"
    said = np.flatnonzero((corpus.speakers >= 0) & (corpus.referent_numbers >= 0))
    speaker, referent, form = corpus.speakers[said], corpus.referent_numbers[said], corpus.forms[said]
    named = np.zeros((len(corpus.speaker_names), corpus.n_referents), dtype=bool)
    named[speaker, referent] = True
    order = np.argsort(-named.sum(axis=1), kind="stable")
    common = np.logical_and.accumulate(named[order], axis=0).sum(axis=1) * (np.arange(len(order)) + 1)
    common[0] = 0  # one speaker has no other to be compared with
    n = int(common.argmax()) + 1
    if not common.any():
        return "no two speakers named the same referent" if len(order) > 1 else "the corpus has one speaker"
    speakers = np.sort(order[:n])
    if n > MOST_SPEAKERS:
        speakers = np.sort(generator.choice(speakers, MOST_SPEAKERS, replace=False))
    referents = np.flatnonzero(named[speakers].all(axis=0))
    note = f"{n} of {len(named)} speakers; {len(referents):,} of {named.shape[1]:,} referents, which all of them named"
    if n > MOST_SPEAKERS:
        n = MOST_SPEAKERS
        note += f"; {n} of the speakers were drawn at random"
    most = min(MOST_REFERENTS, max(FEWEST_REFERENTS, MOST_CELLS // (n * corpus.n_symbols)))
    if len(referents) > most:
        referents = np.sort(generator.choice(referents, most, replace=False))
        note += f"; {most} of the referents were drawn at random"

    used = np.isin(speaker, speakers) & np.isin(referent, referents)
    said, cells = said[used], np.stack([speaker[used], referent[used], form[used]])
    forms, first, times = np.unique(cells, axis=1, return_index=True, return_counts=True)
    best = np.lexsort((first, -times, forms[1], forms[0]))
    _, start = np.unique(forms[:2, best], axis=1, return_index=True)
    rows = said[first[best[start]]]
    table = corpus.table(rows)
    shape = (n, len(referents))
    return Languages(
        table.reshape(*shape, -1),
        corpus.lengths[rows].reshape(shape),
        corpus.referents[rows[: len(referents)]],
        speakers,
        np.bincount(referent[used], minlength=named.shape[1])[referents],
        note,
    )
