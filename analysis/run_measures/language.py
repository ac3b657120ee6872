"""Measures of the languages of a population: its last lexicon, for the referents of training.

Agents that nobody hears are left out: they are not trained to speak. Values are means over agents.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis import language
from hubbub.analysis.dialects.recorded import heard_agents
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.run_measures.catalogue import measure

if TYPE_CHECKING:
    from hubbub.simulator.store import Run

NO_LEXICON = "the run has no lexicon"


@measure("similarity")
def similarity(run: Run) -> Measure:
    """Return the mean similarity of the messages of two agents for the same referent: 1 − edit distance / longer."""
    return _of_language(run, lambda messages, **how: language.similarity(messages, **how).mean)


@measure("topographic_similarity")
def topographic_similarity(run: Run) -> Measure:
    """Return the rank correlation of distances of referents with distances of their messages."""
    return _of_language(run, language.topographic_similarity, "referents")


@measure("positional_disentanglement")
def positional_disentanglement(run: Run) -> Measure:
    """Return how far each position of a message stands for one attribute."""
    return _of_language(run, language.positional_disentanglement, "referents")


@measure("bag_of_symbols_disentanglement")
def bag_of_symbols_disentanglement(run: Run) -> Measure:
    """Return how far the number of each symbol in a message stands for one attribute."""
    return _of_language(run, language.bag_of_symbols_disentanglement, "referents")


@measure("context_independence")
def context_independence(run: Run) -> Measure:
    """Return how far each attribute value has a symbol of its own."""
    return _of_language(run, language.context_independence, "referents")


@measure("message_entropy")
def message_entropy(run: Run) -> Measure:
    """Return the entropy of the messages of an agent over the referents, in bits."""
    return _of_language(run, language.message_entropy)


@measure("symbol_entropy")
def symbol_entropy(run: Run) -> Measure:
    """Return the entropy of the symbols of an agent, in bits."""
    return _of_language(run, language.symbol_entropy)


@measure("message_length")
def message_length(run: Run) -> Measure:
    """Return the mean number of symbols of a message, end symbol included."""
    return _of_language(run, language.message_length)


@measure("distinct_messages")
def distinct_messages(run: Run) -> Measure:
    """Return the number of distinct messages of an agent, as a share of the referents."""
    return _of_language(run, language.distinct_messages)


@measure("abbreviation")
def abbreviation(run: Run) -> Measure:
    """Return how far frequent messages are short."""
    return _of_language(run, language.abbreviation)


@measure("vocabulary_use")
def vocabulary_use(run: Run) -> Measure:
    """Return the share of the vocabulary that an agent uses."""
    return _of_language(run, language.vocabulary_use, "vocabulary")


def _of_language(run: Run, function: Callable[..., Measure], second: str = "") -> Measure:
    """Return what a function says of the messages; its second argument may be the referents or the vocabulary."""
    if not run.lexicon_steps():
        return undefined(NO_LEXICON, unit="1", estimator="last lexicon")
    speakers, spoken = np.flatnonzero(heard_agents(run)), run.lexicon().splits["train"]
    more: list[Any] = []
    if second == "referents":
        more = [run.referents("train")[1]]
    elif second == "vocabulary":
        more = [run.configuration["channel"]["vocabulary"]]
    return function(spoken.messages[speakers], *more, lengths=spoken.lengths[speakers])
