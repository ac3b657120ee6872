"""Messages as arrays and as texts: one rule for where a message ends.

A message has at most L symbols. With an end symbol it goes up to and including the first end symbol; what follows is
padding that no measure counts. Without an end symbol (`end_symbol=None`) all L symbols belong to it.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int, Integer, Shaped

from hubbub.simulator.errors import ConfigurationError, complaint

NO_SYMBOL = -1
CONVENTIONS = ("hubbub", "egg")


def checked(messages: Integer[np.ndarray, "*N R L"], *, ndim: tuple[int, ...]) -> Int[np.ndarray, "*N R L"]:
    """Return messages `[R, L]` or `[N, R, L]` as int64.

    Raises
    ------
    ConfigurationError
        Another number of axes than `ndim` names, an axis of length 0, fractions or negative symbols.
    """
    symbols = np.asarray(messages)
    if symbols.ndim not in ndim or 0 in symbols.shape:
        shapes = " or ".join({2: "[R, L]", 3: "[N, R, L]"}[n] for n in ndim)
        raise ConfigurationError(complaint("messages", expected=f"shape {shapes}, none of them 0", got=symbols.shape))
    whole = symbols.astype(np.int64)
    if (whole != symbols).any() or whole.min() < 0:
        raise ConfigurationError("messages: expected symbols 0, 1, 2 …, got fractions or negative numbers")
    return whole


def message_lengths(
    messages: Int[np.ndarray, "*shape L"],
    *,
    lengths: Integer[np.ndarray, "*shape"] | None = None,
    end_symbol: int | None = 0,
) -> Int[np.ndarray, "*shape"]:
    """Return the number of symbols of each message `[…, L]`, the end symbol included.

    These are the `lengths` where given; otherwise a message goes up to and including its first `end_symbol`.

    Raises
    ------
    ConfigurationError
        Lengths of another shape, or outside 0 … L.
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


def cut(
    messages: Int[np.ndarray, "*shape L"],
    *,
    lengths: Integer[np.ndarray, "*shape"] | None = None,
    end_symbol: int | None = 0,
) -> Int[np.ndarray, "*shape L"]:
    """Return the symbols of messages `[…, L]`, with `NO_SYMBOL` in place of padding."""
    n_symbols = message_lengths(messages, lengths=lengths, end_symbol=end_symbol)
    return np.where(np.arange(messages.shape[-1]) < n_symbols[..., None], messages, NO_SYMBOL)


def as_texts(
    messages: Int[np.ndarray, "*shape L"],
    *,
    lengths: Integer[np.ndarray, "*shape"] | None = None,
    end_symbol: int | None = 0,
) -> Shaped[np.ndarray, "*shape"]:
    """Return each message of `[…, L]` as one text with a character per symbol, without padding.

    numpy compares and sorts texts in compiled code. Symbol s is the character s + 1, because numpy takes the
    character 0 for padding.
    """
    characters = (cut(messages, lengths=lengths, end_symbol=end_symbol) - NO_SYMBOL).astype(np.uint32)
    return characters.view(f"<U{messages.shape[-1]}")[..., 0]


def attributes(referents: Shaped[np.ndarray, "R A"], *, n_referents: int) -> Shaped[np.ndarray, "R A"]:
    """Return the attributes `[R, A]` of the referents that the messages name.

    Raises
    ------
    ConfigurationError
        Another shape.
    """
    values = np.asarray(referents)
    if values.ndim != 2 or len(values) != n_referents:
        raise ConfigurationError(complaint("referents", expected=f"shape [{n_referents}, A]", got=values.shape))
    return values


def counts_padding(convention: str) -> bool:
    """Return whether a convention counts all L symbols of every message, padding included, as EGG does.

    Raises
    ------
    ConfigurationError
        An unknown convention.
    """
    if convention not in CONVENTIONS:
        raise ConfigurationError(
            complaint("convention", expected=f"one of {', '.join(CONVENTIONS)}", got=convention, valid=CONVENTIONS)
        )
    return convention == "egg"


def edit_distances(texts: Shaped[np.ndarray, " D"]) -> Float[np.ndarray, "D D"]:
    """Return Levenshtein distance / longer length between texts `[D]`; two empty texts are at distance 0. O(D² L)."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    listed = texts.tolist()
    longer = np.maximum.outer(*[np.char.str_len(texts)] * 2)
    edits = cdist(listed, listed, scorer=Levenshtein.distance, dtype=np.uint16)
    return edits / np.maximum(longer, 1)
