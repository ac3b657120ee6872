"""All measures of a language for a corpus: of all messages together, or of the languages of its speakers."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Int

from hubbub.analysis.corpora.corpus import Corpus
from hubbub.analysis.corpora.languages import Languages
from hubbub.analysis.language import (
    abbreviation,
    bag_of_symbols_disentanglement,
    context_independence,
    distinct_messages,
    message_entropy,
    message_length,
    position_entropy,
    positional_disentanglement,
    positive_signalling,
    speaker_synchrony,
    symbol_entropy,
    topographic_similarity,
    vocabulary_use,
)
from hubbub.analysis.measure import Measure, undefined

MOST_CELLS = 20_000_000
"""Messages × longest length of a table of which symbols and messages are counted: 2,500,000 messages of length 8."""
MOST_MESSAGES, MOST_PERMUTED_CELLS = 10_000, 4_000_000
"""Messages, and messages × longest length or × twice the number of symbols, of measures with permutations."""
MOST_COMPARED = 1_000
"""Messages of which all pairs are compared."""
POSITIONS = 16
ANSWERS = "the corpus holds no answers of listeners"
WITH_REFERENTS = (
    "topographic similarity", "positional disentanglement", "bag-of-symbols disentanglement", "context independence",
    "positive signalling",
)  # fmt: skip


def of_messages(corpus: Corpus, rng: np.random.Generator, notes: list[str]) -> dict[str, Measure]:
    """Return the measures of language of all messages together; `notes` get what was sampled."""
    longest = int(corpus.lengths.max())
    every = np.arange(len(corpus))
    named = every[corpus.referent_numbers >= 0]

    def some(rows: Int[np.ndarray, " M"], most: int, what: str) -> Int[np.ndarray, " m"]:
        if len(rows) <= most:
            return rows
        notes.append(f"{most:,} of {len(rows):,} messages, drawn at random, were used for {what}")
        return np.sort(rng.choice(rows, most, replace=False))

    counted = some(every, MOST_CELLS // longest, "lengths and entropies")
    sampled = max(100, min(MOST_MESSAGES, MOST_PERMUTED_CELLS // max(longest, 2 * corpus.n_symbols)))
    ranked = some(every, sampled, "abbreviation")
    if longest > POSITIONS:
        notes.append(f"entropies are of the first {POSITIONS} of {longest} positions")
    measures = _without_referents(corpus.table(counted), corpus.lengths[counted], corpus)
    measures["abbreviation"] = abbreviation(
        corpus.table(ranked), lengths=corpus.lengths[ranked], end_symbol=corpus.end_symbol, generator=rng
    )
    if corpus.referents is None or not len(named):
        reason = "the corpus names no referents"
        measures |= {name: undefined(reason, unit="1", estimator=name) for name in WITH_REFERENTS}
        return measures | _listening(reason) | _success(corpus)
    compared = some(named, MOST_COMPARED, "topographic similarity, which compares all pairs")
    told = some(named, sampled, "disentanglement, context independence and positive signalling")
    measures |= _with_referents(
        (corpus.table(compared), corpus.lengths[compared], corpus.referents[compared]),
        (corpus.table(told), corpus.lengths[told], corpus.referents[told]),
        corpus.end_symbol,
        rng,
    )
    return measures | _listening("fewer than 2 speakers who named the same referents") | _success(corpus)


def of_languages(corpus: Corpus, found: Languages, rng: np.random.Generator) -> dict[str, Measure]:
    """Return the measures of language, as means over the languages of speakers."""
    whole = (found.messages, found.lengths, found.referents)
    how: dict[str, Any] = {"lengths": found.lengths, "end_symbol": corpus.end_symbol, "generator": rng}
    measures = _without_referents(found.messages, found.lengths, corpus)
    measures["abbreviation"] = abbreviation(found.messages, found.counts, **how)
    measures |= _with_referents(whole, whole, corpus.end_symbol, rng)
    measures |= _listening("")
    measures["speaker synchrony"] = speaker_synchrony(found.messages, **how)
    return measures | _success(corpus)


def _with_referents(
    compared: Any, messages: Any, end_symbol: int | None, rng: np.random.Generator
) -> dict[str, Measure]:
    functions = (
        topographic_similarity,
        positional_disentanglement,
        bag_of_symbols_disentanglement,
        context_independence,
        positive_signalling,
    )
    made = {}
    for name, function in zip(WITH_REFERENTS, functions, strict=True):
        table, lengths, referents = compared if function is topographic_similarity else messages
        made[name] = function(table, referents, lengths=lengths, end_symbol=end_symbol, generator=rng)
    return made


def _without_referents(
    table: Int[np.ndarray, "*N R L"], lengths: Int[np.ndarray, "*N R"], corpus: Corpus
) -> dict[str, Measure]:
    how: dict[str, Any] = {"lengths": lengths, "end_symbol": corpus.end_symbol}
    made = {
        "message length": message_length(table, **how),
        "message entropy": message_entropy(table, **how),
        "symbol entropy": symbol_entropy(table, **how),
        "distinct messages": distinct_messages(table, **how),
    }
    if corpus.vocabulary is None:
        reason = "the size of the vocabulary is not known; vocabulary=V gives it"
        made["vocabulary use"] = undefined(reason, unit="1", estimator="distinct symbols said / V")
    else:
        made["vocabulary use"] = vocabulary_use(table, corpus.vocabulary, **how)
    for place, entropy in enumerate(position_entropy(table, **how)[:POSITIONS]):
        made[f"entropy of position {place + 1}"] = entropy
    return made


def _listening(why_no_synchrony: str) -> dict[str, Measure]:
    measures = {
        name: undefined(ANSWERS, unit="1", estimator=name)
        for name in ("listener synchrony", "positive listening", "causal influence")
    }
    if why_no_synchrony:
        measures["speaker synchrony"] = undefined(why_no_synchrony, unit="1", estimator="speaker synchrony")
    return measures


def _success(corpus: Corpus) -> dict[str, Measure]:
    if corpus.success is None:
        return {}
    known = corpus.success[np.isfinite(corpus.success)]
    left_out = len(corpus) - len(known)
    reason = f"{left_out:,} messages without a success left out" if left_out else ""
    return {"success": Measure(float(known.mean()), "1", "mean over messages", len(known), reason=reason)}
