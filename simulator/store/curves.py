"""The metrics that describe the whole system, read as a run grows: every part of the table is read once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.manifest import Manifest, Part
from hubbub.simulator.store.schemas import DIMENSIONS
from hubbub.simulator.store.tables import read_part

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")

Series = tuple[np.ndarray, np.ndarray]
"""Steps `[T]` int64, ascending, and values `[T]` float64, NaN where a value is missing."""


class Curves:
    """The metrics of the run at `path` that describe the whole system.

    Attributes
    ----------
    values
        Name of a metric → its steps and values, as `refresh` has last read them, in the order in which metrics appear.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values: dict[str, Series] = {}
        self._parts: dict[Part, dict[str, Series]] = {}

    def refresh(self) -> bool:
        """Read what was recorded since the last time; return whether there is anything new.

        Raises
        ------
        StoreError
            A part is missing or damaged.
        """

        def read(manifest: Manifest) -> dict[Part, dict[str, Series]]:
            parts = manifest.table("metrics")
            return {part: self._parts.get(part) or _scalars(read_part(self.path, part)) for part in parts}

        now = _retried(self.path, read)
        if now.keys() == self._parts.keys():
            return False
        self._parts = now
        names = dict.fromkeys(name for part in now.values() for name in part)
        self.values = {name: _joined([part[name] for part in now.values() if name in part]) for name in names}
        return True


def last_metrics(path: Path) -> dict[str, float]:
    """Return the last value of each metric of a run that describes the whole system, from the newest part only."""

    def read(manifest: Manifest) -> dict[str, float]:
        parts = manifest.table("metrics")
        found = _scalars(read_part(path, parts[-1])) if parts else {}
        return {name: float(values[-1]) for name, (_, values) in found.items()}

    return _retried(path, read)


def _scalars(table: pa.Table) -> dict[str, Series]:
    import pyarrow.compute as pc

    for dimension in DIMENSIONS:
        table = table.filter(pc.is_null(table[dimension]))
    steps, values = table["step"].to_numpy(), table["value"].to_numpy()
    names = table["name"].combine_chunks().dictionary_encode()
    which = names.indices.to_numpy()
    return {
        name: (steps[which == number], values[which == number])
        for number, name in enumerate(names.dictionary.to_pylist())
    }


def _joined(series: list[Series]) -> Series:
    steps, values = (np.concatenate(columns) for columns in zip(*series, strict=True))
    return steps, values


def _retried(path: Path, read: Callable[[Manifest], T]) -> T:
    """Return what a function reads of a run; read the manifest again when a part was merged into another meanwhile."""
    manifest = Manifest.read(path)
    while True:
        try:
            return read(manifest)
        except StoreError:
            before, manifest = manifest, Manifest.read(path)
            if manifest.code == before.code:
                raise
