"""Collects the messages of a file into compact arrays, a few thousand at a time."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.corpora.options import Options
from hubbub.analysis.corpora.symbols import Splitter, listed, whole_numbers
from hubbub.simulator.errors import ConfigurationError, complaint

AT_ONCE = 20_000
ROLES = ("speaker", "listener", "identity", "group", "step", "split")
LARGEST = 2**31 - 1


class Numbered:
    """Gives each different value a number, from 0 in the order in which they come; −1 for None and NaN."""

    def __init__(self) -> None:
        self.numbers: dict[Hashable, int] = {}
        self.parts: list[NDArray[np.int32]] = []

    def add(self, values: Iterable[Any]) -> None:
        """Number some values."""
        numbers = self.numbers
        codes = [
            -1 if value is None or value != value or value == "" else numbers.setdefault(value, len(numbers))
            for value in values
        ]
        self.parts.append(np.array(codes, dtype=np.int32))

    def add_nothing(self, n: int) -> None:
        """Take n times None."""
        self.parts.append(np.full(n, -1, dtype=np.int32))

    @property
    def codes(self) -> NDArray[np.int64]:
        """The numbers of all values."""
        return np.concatenate([np.empty(0, np.int32), *self.parts]).astype(np.int64)

    @property
    def values(self) -> tuple[Any, ...]:
        """The different values."""
        return tuple(self.numbers)


class Collector:
    """The messages that were read so far.

    `add` takes rows: `message` (an array, or a text), and what is known of it: `speaker`, `listener`, `group`, `step`,
    `split` (names or numbers), `referent` (a dictionary of attributes), `length`, `success`, `episode`.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.splitter = Splitter(options.separator)
        self.tokens: dict[str, int] = {}
        self.symbols: list[NDArray[np.int64]] = []
        self.lengths: list[NDArray[np.int64]] = []
        self.episodes: list[NDArray[np.int64]] = []
        self.success: list[NDArray[np.float64]] = []
        self.named = {role: Numbered() for role in ROLES}
        self.attributes: dict[str, Numbered] = {}
        self.without_message = 0
        self.waiting: list[dict[str, Any]] = []
        self.kinds: set[str] = set()

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Take some rows."""
        for row in rows:
            self.waiting.append(row)
            if len(self.waiting) >= AT_ONCE:
                self.flush()

    def add_arrays(self, messages: Sequence[list[int]], first: int) -> None:
        """Take arrays of whole numbers of which nothing else is known, from lines `first`, `first` + 1 … of a file."""
        self.flush()
        flat = list(chain.from_iterable(messages))
        self.kinds.add("numbers")
        n = len(messages)
        self._take_symbols(flat, list(map(len, messages)))
        self.episodes.append(np.arange(first, first + n))
        self.success.append(np.full(n, np.nan))
        for numbered in (*self.named.values(), *self.attributes.values()):
            numbered.add_nothing(n)

    def flush(self) -> None:
        """Store the rows that wait."""
        rows, self.waiting = self.waiting, []
        kept = [row for row in rows if row["message"] is not None]
        self.without_message += len(rows) - len(kept)
        texts = [i for i, row in enumerate(kept) if isinstance(row["message"], str)]
        split = (
            self.splitter.split([kept[i]["message"] for i in texts], [_length(kept[i].get("length")) for i in texts])
            if texts
            else []
        )
        for i, tokens in zip(texts, split, strict=True):
            kept[i]["message"] = tokens
        flat: list[int] = []
        sizes: list[int] = []
        for row in kept:
            message = self._coded(row)
            flat.extend(message)
            sizes.append(len(message))
        if kept:
            self._take(flat, sizes, kept)

    def _coded(self, row: dict[str, Any]) -> list[int]:
        """Return the symbols of a row as numbers, cut at its length."""
        where = f"line {row['episode'] + 1}"
        values = listed(row["message"])
        if values is None:
            raise ConfigurationError(
                complaint(f"message in {where}", expected="an array or a text", got=row["message"])
            )
        length = _length(row.get("length"))
        if length is not None:
            if length > len(values) or length < 0:
                raise ConfigurationError(
                    complaint(
                        f"length in {where}", expected=f"at most the {len(values)} symbols of the message", got=length
                    )
                )
            values = values[:length]
        if values and all(isinstance(value, str) for value in values):
            self.kinds.add("words")
            return [self.tokens.setdefault(value, len(self.tokens)) for value in values]
        if values:
            self.kinds.add("numbers")
        return whole_numbers(values, where)

    def _take(self, flat: list[int], sizes: list[int], rows: list[dict[str, Any]]) -> None:
        self._take_symbols(flat, sizes)
        self.episodes.append(np.array([row["episode"] for row in rows], dtype=np.int64))
        for role, named in self.named.items():
            named.add(_name(row.get(role), role) for row in rows)
        self.success.append(np.array([_share(row.get("success"), row["episode"]) for row in rows], dtype=np.float64))
        self._take_referents([row.get("referent") for row in rows])

    def _take_symbols(self, flat: list[int], sizes: list[int]) -> None:
        if len(self.kinds) > 1:
            raise ConfigurationError("message: expected whole numbers or words as symbols, got both in one corpus")
        if flat and max(flat) > LARGEST:
            raise ConfigurationError(complaint("message", expected=f"symbols up to {LARGEST:,}", got=max(flat)))
        self.symbols.append(np.array(flat, dtype=np.int64))
        self.lengths.append(np.array(sizes, dtype=np.int64))

    def _take_referents(self, referents: list[dict[str, Any] | None]) -> None:
        before = sum(map(len, self.lengths)) - len(referents)
        for name in dict.fromkeys(chain.from_iterable(referent or () for referent in referents)):
            if name not in self.attributes:
                self.attributes[name] = Numbered()
                self.attributes[name].add_nothing(before)
        for name, numbered in self.attributes.items():
            numbered.add(None if referent is None else _value(referent.get(name)) for referent in referents)


def _length(value: Any) -> int | None:
    return None if value is None or value != value or value == "" else int(float(value))


def _name(value: Any, role: str) -> Any:
    """Return a name as text; whole numbers that were read as fractions lose their zero."""
    if isinstance(value, list | dict):
        raise ConfigurationError(complaint(role, expected="a name or a number", got=value))
    return (
        str(int(value))
        if isinstance(value, float) and value == value and not value % 1
        else value
        if value is None
        else str(value)
    )


def _value(value: Any) -> Any:
    """Return the value of an attribute as something that can be compared."""
    return json.dumps(value, sort_keys=True, default=str) if isinstance(value, list | dict) else value


def _share(value: Any, episode: int) -> float:
    if value is None or value == "":
        return float("nan")
    words = {"true": 1.0, "false": 0.0}
    try:
        share = words[str(value).lower()] if str(value).lower() in words else float(value)
    except (TypeError, ValueError):
        share = -1.0
    if not (share != share or 0 <= share <= 1):
        raise ConfigurationError(complaint(f"success in line {episode + 1}", expected="0 … 1", got=value))
    return share
