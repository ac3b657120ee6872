"""Cells of messages as lists of symbols: arrays, or texts that are split by one rule for a whole corpus."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from hubbub.simulator.errors import ConfigurationError, complaint

BETWEEN = {r"[\s,;]+": "blanks or commas", "-": "hyphens", "_": "underscores", "/": "slashes", r"\|": "bars"}
"""What may stand between the symbols of a text, in the order in which it is looked for, and its name."""
WAYS = (
    "separator=each (every character is a symbol), separator=none (a text is one symbol), or the text between symbols"
)


class Splitter:
    """Splits texts into symbols, all by the rule that the first ones need."""

    def __init__(self, separator: str) -> None:
        self.separator = separator
        self.pattern: str | None = None

    @property
    def rule(self) -> str:
        """The rule in words; "" while no text was split."""
        if self.pattern is None:
            return ""
        if self.pattern == "each":
            return "every character of a message is a symbol"
        if self.pattern == "none":
            return "the text of a message is one symbol"
        return f"symbols are separated by {BETWEEN.get(self.pattern, repr(self.separator))}"

    def split(self, texts: Sequence[str], lengths: Sequence[int | None]) -> list[list[str]]:
        """Return the symbols of each text; `lengths` are their numbers of symbols, where the corpus has them.

        Raises
        ------
        ConfigurationError
            Nothing stands between symbols, and nothing tells whether a text is one symbol or many.
        """
        bare = [text.strip().strip("[]()").strip() for text in texts]
        if self.pattern is None:
            self.pattern = self._chosen(bare, lengths)
        if self.pattern == "each":
            return [list(text) for text in bare]
        if self.pattern == "none":
            return [[text] if text else [] for text in bare]
        between = re.compile(self.pattern)
        return [[part.strip("\"'") for part in between.split(text) if part] for text in bare]

    def _chosen(self, texts: Sequence[str], lengths: Sequence[int | None]) -> str:
        if self.separator:
            return self.separator if self.separator in ("each", "none") else re.escape(self.separator)
        for pattern in BETWEEN:
            if any(re.search(pattern, text) for text in texts):
                return pattern
        known = [(len(text), length) for text, length in zip(texts, lengths, strict=True) if length is not None]
        if all(len(text) <= 1 for text in texts) or (known and all(length <= 1 for _, length in known)):
            return "none"
        if known and all(size == length for size, length in known):
            return "each"
        raise ConfigurationError(
            f"separator: expected something between the symbols of a message, got {max(texts, key=len)[:40]!r}; "
            f"say {WAYS}"
        )


def listed(value: Any) -> list[Any] | None:
    """Return the symbols of an array, or of a single whole number; None for anything else."""
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [value]
    return value.tolist() if hasattr(value, "tolist") and getattr(value, "ndim", 0) == 1 else None


def whole_numbers(values: Sequence[Any], where: str) -> list[int]:
    """Return symbols as whole numbers.

    Raises
    ------
    ConfigurationError
        Fractions, truth values or anything that is not a number; `where` says in which message.
    """
    made = []
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value % 1:
            raise ConfigurationError(complaint(f"message in {where}", expected="symbols 0, 1, 2 …", got=value))
        made.append(int(value))
    return made
