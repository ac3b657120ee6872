"""The tables of networks in training."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hubbub.analysis.trainings import network_table

if TYPE_CHECKING:
    import pyarrow as pa

    from hubbub.simulator.store import Run


def training_tables(run: Run) -> Iterator[tuple[str, pa.Table]]:
    """Yield metrics and networks by name; the column `network` of both is the number of the network."""
    yield "metrics", run.metric_rows()
    yield "networks", network_table(run)
