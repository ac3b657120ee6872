"""A corpus: messages with what is known of each, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float, Int


@dataclass(frozen=True)
class Corpus:
    """M messages of a corpus, with speakers, listeners, referents and groups where the corpus names them.

    Attributes
    ----------
    symbols, lengths
        The symbols of all messages one after the other `[S]`, and the number of symbols of each message `[M]`, the end
        symbol included. `messages` has them as a table.
    end_symbol
        The symbol that ends a message, None where there is none.
    symbol_names
        What was written for symbol 0, 1, 2 …, where symbols were words; () where they were whole numbers.
    vocabulary
        Number of symbols V that the speakers could use; None where the corpus does not say it.
    referents, attributes, attribute_values
        Attributes of what each message names `[M, A]`, as codes 0, 1, 2 … that stand for `attribute_values`; −1 in all
        attributes of a message without a referent. `attributes` are the A names. None and () where no message has one.
    identities
        Number of the referent of each message `[M]`, where the corpus tells referents of the same attributes apart,
        such as pictures of a class; None where referents are the same if their attributes are.
    speakers, speaker_names, listeners, listener_names
        Speaker and listener of each message `[M]`, as numbers of a name; −1 where it has none; None where no message
        has one.
    groups, group_names
        Group of each speaker `[N]`, −1 where it has none, and the names of the groups; None where there are none.
    success
        Success of each message `[M]`, NaN where it is not known; None where it is never known.
    episodes
        Line or row of the file that each message comes from `[M]`, from 0.
    form
        What was read, in words: "ELCC, structured", "table (CSV)" …
    notes
        What was decided in reading, one sentence each.
    left_out
        Names of the columns that were not used.
    metadata
        What the file with the metadata says.
    """

    symbols: Int[np.ndarray, " S"]
    lengths: Int[np.ndarray, " M"]
    end_symbol: int | None
    episodes: Int[np.ndarray, " M"]
    form: str
    symbol_names: tuple[str, ...] = ()
    vocabulary: int | None = None
    referents: Int[np.ndarray, "M A"] | None = None
    attributes: tuple[str, ...] = ()
    attribute_values: tuple[tuple[Any, ...], ...] = ()
    identities: Int[np.ndarray, " M"] | None = None
    speakers: Int[np.ndarray, " M"] | None = None
    speaker_names: tuple[str, ...] = ()
    listeners: Int[np.ndarray, " M"] | None = None
    listener_names: tuple[str, ...] = ()
    groups: Int[np.ndarray, " N"] | None = None
    group_names: tuple[str, ...] = ()
    success: Float[np.ndarray, " M"] | None = None
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def messages(self) -> Int[np.ndarray, "M L"]:
        """All messages `[M, L]`, filled up with 0 after their lengths."""
        return self.table(np.arange(len(self)))

    def table(self, rows: Int[np.ndarray, " m"]) -> Int[np.ndarray, "m L"]:
        """Return some of the messages `[m, L]`, filled up with 0; L is the longest length of them, at least 1."""
        lengths = self.lengths[rows]
        longest = int(lengths.max(initial=1))
        places = np.arange(longest)
        inside = places < lengths[:, None]
        table = np.zeros((len(rows), longest), dtype=np.int64)
        table[inside] = self.symbols[(self._starts[rows][:, None] + places)[inside]]
        return table

    @cached_property
    def forms(self) -> Int[np.ndarray, " M"]:
        """Number of the distinct message that each message is `[M]`, in the order of their first use."""
        numbers: dict[bytes, int] = {}
        ends = self._starts + self.lengths
        spoken = zip(self._starts.tolist(), ends.tolist(), strict=True)
        keys = (self.symbols[start:end].tobytes() for start, end in spoken)
        return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)

    @cached_property
    def referent_numbers(self) -> Int[np.ndarray, " M"]:
        """Number of the distinct referent of each message `[M]`; −1 where it has none."""
        numbers = np.full(len(self), -1, dtype=np.int64)
        if self.referents is not None:
            known = self.referents[:, 0] >= 0
            keys = self.referents if self.identities is None else self.identities[:, None]
            numbers[known] = np.unique(keys[known], axis=0, return_inverse=True)[1].reshape(-1)
        return numbers

    @property
    def n_referents(self) -> int:
        """Number of distinct referents."""
        return int(self.referent_numbers.max(initial=-1)) + 1

    @property
    def n_symbols(self) -> int:
        """Number of distinct symbols that occur."""
        return len(np.unique(self.symbols))

    @property
    def summary(self) -> str:
        """What was read, in one line."""
        facts = [self.form, f"{len(self):,} messages"]
        if self.speakers is not None:
            facts.append(f"{len(self.speaker_names)} speakers")
        if self.listeners is not None:
            facts.append(f"{len(self.listener_names)} listeners")
        if self.referents is not None:
            facts.append(f"{self.n_referents:,} referents ({', '.join(self.attributes)})")
        if self.groups is not None:
            facts.append(f"{len(self.group_names)} groups")
        ending = "no end symbol" if self.end_symbol is None else f"end symbol {self.end_symbol}"
        facts += [f"{self.n_symbols} symbols", f"lengths {self.lengths.min()} … {self.lengths.max()}", ending]
        if self.left_out:
            facts.append(f"not used: {', '.join(self.left_out)}")
        return "; ".join(facts)

    @cached_property
    def _starts(self) -> Int[np.ndarray, " M"]:
        return np.cumsum(self.lengths) - self.lengths
