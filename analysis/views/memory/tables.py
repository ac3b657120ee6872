"""The tables of memories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.memories import copy_statistics, copy_table

if TYPE_CHECKING:
    import pyarrow as pa

    from hubbub.simulator.store import Run


def memory_tables(run: Run) -> Iterator[tuple[str, pa.Table]]:
    """Yield metrics, events, series and copies by name, and edges where there is a graph; empty tables are left out.

    `copies` has a row for each copy: noise, load, repetition, and its statistics (`CopyStatistics.row`).
    """
    import pyarrow as pa

    yield "metrics", run.metric_rows()
    for name, table in (("events", run.events()), ("series", run.series())):
        if len(table):
            yield name, table
    rows = [copy.row() for copy in copy_statistics(run)]
    yield (
        "copies",
        pa.table({"copy": copy_table(run)["copy"], **{name: [row[name] for row in rows] for name in rows[0]}}),
    )
    if run.configuration["topology"]:
        sources, targets = run.edges().T
        yield "edges", pa.table({"source": np.asarray(sources), "target": np.asarray(targets)})
