"""All measures of a language and of dialects for a corpus, each with its null, or with the reason why it has none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.corpora.corpus import Corpus
from hubbub.analysis.corpora.dialect_measures import DIALECTS, links_between, of_dialects
from hubbub.analysis.corpora.language_measures import of_languages, of_messages
from hubbub.analysis.corpora.languages import Languages, languages
from hubbub.analysis.dialects import ByDistance, Dialects
from hubbub.analysis.measure import Measure, undefined


@dataclass(frozen=True)
class CorpusMeasures:
    """What was measured of a corpus.

    Attributes
    ----------
    language, dialects
        Measures by name.
    grouping
        The dialects of the speakers `Languages.speakers`; None without languages.
    similarity
        Similarity of the languages `[N, N]`; None without languages.
    by_distance
        Similarity at each distance along the links; None without links.
    languages
        The languages that the dialects, and the measures of language, are of; or the reason why there are none.
    notes
        What was sampled and left out, one sentence each.
    """

    corpus: Corpus
    language: dict[str, Measure]
    dialects: dict[str, Measure]
    grouping: Dialects | None
    similarity: Float[np.ndarray, "N N"] | None
    by_distance: ByDistance | None
    languages: Languages | str
    notes: tuple[str, ...]


def measure_corpus(
    corpus: Corpus, *, edges: Int[np.ndarray, "E 2"] | None = None, generator: np.random.Generator | None = None
) -> CorpusMeasures:
    """Return all measures of language and of dialects of a corpus.

    With several speakers who named the same referents, the measures of language are means over their languages
    (`languages`); otherwise the messages are measured together. Where there are many messages, random
    samples are measured, and `notes` say so: 10,000 messages for measures with a null, 1,000 for topographic
    similarity, which compares all pairs; lengths and entropies are of all messages up to 2.5 million of length 8.

    Parameters
    ----------
    edges
        Directed links between speakers `[E, 2]`, as numbers of `corpus.speaker_names`; by default from each speaker to
        each listener who is a speaker too. Without links there is no distance.
    generator
        Draws samples and nulls; `np.random.default_rng(0)` when not given.
    """
    rng = generator or np.random.default_rng(0)
    found = languages(corpus, rng)
    notes: list[str] = []
    if isinstance(found, str):
        language = of_messages(corpus, rng, notes)
        dialects = {name: undefined(found, unit="1", estimator="dialects of speakers") for name in DIALECTS}
        return CorpusMeasures(corpus, language, dialects, None, None, None, found, tuple(notes))
    notes.append(f"languages of {found.note}; of each, the message that was said most often")
    language = of_languages(corpus, found, rng)
    links = links_between(corpus, found, edges)
    dialects, grouping, alike, distance = of_dialects(corpus, found, links, rng)
    return CorpusMeasures(corpus, language, dialects, grouping, alike, distance, found, tuple(notes))
