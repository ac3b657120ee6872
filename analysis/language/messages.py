"""Messages as arrays and as texts: one rule for where a message ends.

A message is at most L symbols; with an end symbol it goes up to and including the first end symbol, and what
follows is padding that no measure sees. Without an end symbol (`end_symbol=None`) it is all L symbols.
"""

from __future__ import annotations

import numpy as np

from hubbub.simulator.errors import ConfigurationError, complaint

NO_SYMBOL = -1
CONVENTIONS = ("hubbub", "egg")


def checked(messages: np.ndarray, *, ndim: tuple[int, ...]) -> np.ndarray:
    """Return messages `[…, R, L]` as int64, refusing other shapes, fractions and negative symbols."""
    symbols = np.asarray(messages)
    if symbols.ndim not in ndim or 0 in symbols.shape:
        shapes = " or ".join({2: "[R, L]", 3: "[N, R, L]"}[n] for n in ndim)
        raise ConfigurationError(complaint("messages", expected=f"shape {shapes}, none of them 0", got=symbols.shape))
    whole = symbols.astype(np.int64)
    if (whole != symbols).any() or whole.min() < 0:
        raise ConfigurationError("messages: expected symbols 0, 1, 2 …, got fractions or negative numbers")
    return whole


def message_lengths(
    messages: np.ndarray, *, lengths: np.ndarray | None = None, end_symbol: int | None = 0
) -> np.ndarray:
    """Return the number of symbols `[…]` of messages `[…, L]`, the end symbol included.

    `lengths` is used when given; otherwise a message goes up to and including its first `end_symbol`.
    """
    longest = messages.shape[-1]
    if lengths is not None:
        known = np.asarray(lengths, dtype=np.int64)
        if known.shape != messages.shape[:-1]:
            raise ConfigurationError(complaint("lengths", expected=f"shape {messages.shape[:-1]}", got=known.shape))
        if known.min() < 0 or known.max() > longest:
            raise ConfigurationError(
                complaint("lengths", expected=f"0 … {longest}", got=(int(known.min()), int(known.max())))
            )
        return known
    ends = messages == end_symbol
    return np.where(ends.any(axis=-1), ends.argmax(axis=-1) + 1, longest)


def cut(messages: np.ndarray, *, lengths: np.ndarray | None = None, end_symbol: int | None = 0) -> np.ndarray:
    """Return the symbols `[…, L]` of messages `[…, L]`, with `NO_SYMBOL` where a message has ended."""
    said = message_lengths(messages, lengths=lengths, end_symbol=end_symbol)
    return np.where(np.arange(messages.shape[-1]) < said[..., None], messages, NO_SYMBOL)


def as_texts(messages: np.ndarray, *, lengths: np.ndarray | None = None, end_symbol: int | None = 0) -> np.ndarray:
    """Return each message of `[…, L]` as one text, a character per symbol, cut where the message ends.

    Texts compare, sort and measure at the speed of compiled code; symbol s is the character s + 1, because
    numpy takes the character 0 for padding.
    """
    characters = (cut(messages, lengths=lengths, end_symbol=end_symbol) - NO_SYMBOL).astype(np.uint32)
    return characters.view(f"<U{messages.shape[-1]}")[..., 0]


def attributes(referents: np.ndarray, *, n_referents: int) -> np.ndarray:
    """Return what the messages name as `[R, A]`, refusing other shapes."""
    meanings = np.asarray(referents)
    if meanings.ndim != 2 or len(meanings) != n_referents:
        raise ConfigurationError(complaint("referents", expected=f"shape [{n_referents}, A]", got=meanings.shape))
    return meanings


def counts_padding(convention: str) -> bool:
    """Return whether a convention counts all L symbols of every message, padding included, as EGG does."""
    if convention not in CONVENTIONS:
        raise ConfigurationError(
            complaint("convention", expected=f"one of {', '.join(CONVENTIONS)}", got=convention, valid=CONVENTIONS)
        )
    return convention == "egg"


def edit_distances(texts: np.ndarray) -> np.ndarray:
    """Return Levenshtein distance / longer length `[D, D]` between texts `[D]`; two empty texts are at distance 0.

    O(D² L) in compiled code.
    """
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    words = texts.tolist()
    longer = np.maximum.outer(*[np.char.str_len(texts)] * 2)
    edits = cdist(words, words, scorer=Levenshtein.distance, dtype=np.uint16)
    return edits / np.maximum(longer, 1)
