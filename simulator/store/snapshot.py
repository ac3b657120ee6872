"""A picture of a system at one step, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


FOLDERS = ("lexicon", "overlaps")
"""Where snapshots are kept; a resume takes back those that an uninterrupted run had not made yet."""


class Snapshot(Protocol):
    """What is written to `FOLDER/step-STEP/NAME.parquet`; the store need not know what it shows."""

    folder: ClassVar[str]

    @property
    def step(self) -> int:
        """The step of which it is a picture."""

    def to_tables(self) -> dict[str, pa.Table]:
        """Return the tables by name."""
