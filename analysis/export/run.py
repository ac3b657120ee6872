"""Write a run in one of the formats of other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.export.elcc import elcc_files
from analysis.export.graphs import gexf_files, graphml_files
from analysis.export.tables import csv_files, parquet_files
from analysis.files import write_whole
from simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from simulator.store import Run

Files = Callable[["Run"], Iterator[tuple[str, bytes]]]

FORMATS: dict[str, Files] = {
    "elcc": elcc_files,
    "graphml": graphml_files,
    "gexf": gexf_files,
    "csv": csv_files,
    "parquet": parquet_files,
}
"""Format → function that yields (path below the export folder, content) of every file."""


def export_run(run: Run | Path | str, format: str, *, out: Path | str | None = None) -> list[Path]:
    """Write the last lexicon of a run, its graph and its numbers for other tools; return the files.

    Parameters
    ----------
    format
        "elcc": a corpus with meanings, `elcc/corpus.jsonl`, `corpus.structured.jsonl`, `metadata.json`;
        "graphml" or "gexf": the graph with dialect, hub scores and success as attributes, for Gephi and others, GEXF
        once more with its course over time, `dynamic.gexf`;
        "csv" or "parquet": tidy tables of metrics, events, agents (degrees, hub scores, dialect), edges, pairs (success
        and similarity), messages, dialects over time, and degrees over time where the graph changed.
    out
        Folder; `exports` in the run directory when not given.

    Raises
    ------
    ConfigurationError, StoreError
        The format is unknown; there is no lexicon yet, or the folder cannot be written.
    """
    from simulator.store import open_run

    if format not in FORMATS:
        raise ConfigurationError(
            complaint("format", expected=f"one of {', '.join(FORMATS)}", got=format, valid=FORMATS)
        )
    opened = open_run(run) if isinstance(run, str | Path) else run
    folder = opened.path / "exports" if out is None else Path(out)
    return [write_whole(folder / name, content) for name, content in FORMATS[format](opened)]
