"""Snapshot of memories: the overlap with every stored pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from jaxtyping import Float, Int

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Overlaps:
    """Overlaps Q = ξ^μ·σ / D of every copy with every pattern that it stores, one row each."""

    folder: ClassVar[str] = "overlaps"
    step: int
    copy: Int[np.ndarray, " rows"]
    pattern: Int[np.ndarray, " rows"]
    overlap: Float[np.ndarray, " rows"]

    def to_tables(self) -> dict[str, pa.Table]:
        """Return the table `overlaps`: copy, pattern, overlap."""
        import pyarrow as pa

        return {"overlaps": pa.table({"copy": self.copy, "pattern": self.pattern, "overlap": self.overlap})}
