"""From the ids by which links name their ends to numbers of nodes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import count

import numpy as np
from jaxtyping import Int

_NUMBERED = re.compile(r"(.*?)(0|[1-9][0-9]{0,8})", re.DOTALL)
_POWERS = 10 ** np.arange(1, 10)
MOST_SPARSE = 20
"""Largest id of a node, as a multiple of the number of nodes, for which a table is made."""


class NodeNumbers:
    """Numbers of nodes in the order in which their ids come, nodes and ends of links alike.

    Most tools call nodes 0, 1, 2 … or n0, n1, n2 …: such ids of many links are looked up in a table of numbers, which
    costs a quarter of looking up texts. Ids of any other form are looked up one by one.
    """

    def __init__(self) -> None:
        self.of_id: defaultdict[str, int] = defaultdict(count().__next__)
        self._prefix = ""
        self._table: np.ndarray | None = None
        self._n_tabled = 0

    def all(self, ids: Sequence[str]) -> Int[np.ndarray, " n"]:
        """Return the number of each id; a new one gets the next number."""
        if len(self.of_id) > 2 * self._n_tabled:
            self._make_table()
        numbers = self._in_table(ids) if self._table is not None else None
        return np.fromiter(map(self.of_id.__getitem__, ids), np.int32, len(ids)) if numbers is None else numbers

    def _make_table(self) -> None:
        """Make the table, if all ids are one prefix and a number."""
        self._n_tabled, self._table = len(self.of_id), None
        parts = [_NUMBERED.fullmatch(one) for one in self.of_id]
        found = [part.groups() for part in parts if part is not None]
        if len(found) < len(parts) or len({prefix for prefix, _ in found}) != 1:
            return
        keys = np.array([int(number) for _, number in found], dtype=np.int64)
        if " " in found[0][0] or keys.max() > MOST_SPARSE * len(keys):
            return
        self._prefix = found[0][0]
        self._table = np.full(keys.max() + 1, -1, dtype=np.int32)
        self._table[keys] = np.fromiter(self.of_id.values(), np.int32, len(keys))

    def _in_table(self, ids: Sequence[str]) -> Int[np.ndarray, " n"] | None:
        """Return the numbers of ids that are all in the table, None if any is not, or may have another form."""
        text, n = " " + " ".join(ids), len(ids)
        if text.count(f" {self._prefix}") != n or text.count(" ") != n:
            return None
        digits = text.replace(f" {self._prefix}", " ")
        if not digits.isascii() or not digits.replace(" ", "").isdigit():
            return None
        keys = np.fromstring(digits, dtype=np.int64, sep=" ")
        assert self._table is not None
        if len(keys) != n or keys.max(initial=0) >= len(self._table):
            return None
        if len(digits) != 2 * n + int(np.searchsorted(_POWERS, keys, side="right").sum()):
            return None  # zeros in front: 07 is another id than 7
        numbers = self._table[keys]
        return None if (numbers < 0).any() else numbers
