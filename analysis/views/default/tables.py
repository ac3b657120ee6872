"""All tables of a run, whatever its kind of system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from hubbub.simulator.store import Run


def run_tables(run: Run) -> Iterator[tuple[str, pa.Table]]:
    """Yield metrics, events and series (where there are any), and every other table that the system wrote.

    A table in a folder is named FOLDER-FILE; of snapshots it is the last one, such as `lexicon-messages`.
    """
    yield "metrics", run.metric_rows()
    for name, table in (("events", run.events()), ("series", run.series())):
        if len(table):
            yield name, table
    for name in run.tables():
        yield name.removesuffix(".parquet").replace("/", "-"), run.table(name)
    for name, steps in run.snapshot_tables().items():
        yield name.replace("/", "-"), run.snapshot(name, steps[-1])
