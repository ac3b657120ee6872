"""A snapshot of a system at one step, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


class Snapshot(Protocol):
    """What is added to the growing tables `FOLDER/NAME`, with a column `step` before the others.

    The store does not depend on what it contains.
    """

    folder: ClassVar[str]

    @property
    def step(self) -> int:
        """The step at which it was taken."""

    def to_tables(self) -> dict[str, pa.Table]:
        """Return the tables by name, with the same columns at every step."""
