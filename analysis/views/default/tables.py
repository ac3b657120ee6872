"""All tables of a run, whatever its kind of system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hubbub.simulator.store.files import step_folder
from hubbub.simulator.store.tables import read_table

if TYPE_CHECKING:
    import pyarrow as pa

    from hubbub.simulator.store import Run

NOT_SINGLE = ("metrics", "events", "series", "lexicon", "checkpoints", "exports", "measured")
"""Folders of a run whose Parquet files are parts of a table, or were not written by the system."""


def run_tables(run: Run) -> Iterator[tuple[str, pa.Table]]:
    """Yield metrics, events and series (where there are any), and every other table that the run directory has.

    A table in a folder is named FOLDER-FILE; of the lexicons it is the last one, `lexicon-messages` and
    `lexicon-success`.
    """
    yield "metrics", run.metrics()
    for name, table in (("events", run.events()), ("series", run.series())):
        if len(table):
            yield name, table
    for file in sorted(run.path.rglob("*.parquet")):
        path = file.relative_to(run.path)
        if path.parts[0] not in NOT_SINGLE and not path.parts[0].startswith("."):
            yield "-".join(path.with_suffix("").parts), read_table(run.path, path.as_posix(), {})
    for step in run.lexicon_steps()[-1:]:
        for name in ("messages", "success"):
            yield f"lexicon-{name}", read_table(run.path, f"{step_folder('lexicon', step)}/{name}.parquet", {})
