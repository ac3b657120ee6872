"""A snapshot of a system at one step, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


FOLDERS = ("lexicon", "overlaps")
"""Folders of snapshots; a resume removes those that an uninterrupted run would not have made yet."""


class Snapshot(Protocol):
    """What is written to `FOLDER/step-STEP/NAME.parquet`; the store does not depend on what it contains."""

    folder: ClassVar[str]

    @property
    def step(self) -> int:
        """The step at which it was taken."""

    def to_tables(self) -> dict[str, pa.Table]:
        """Return the tables by name."""
