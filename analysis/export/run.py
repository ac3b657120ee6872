"""Write a run in one of the formats of other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hubbub.analysis.export.elcc import elcc_files
from hubbub.analysis.export.graphs import gexf_files, graphml_files
from hubbub.analysis.export.memory_tables import memory_tables
from hubbub.analysis.export.tables import as_csv, as_parquet, tables
from hubbub.analysis.export.training_tables import training_tables
from hubbub.analysis.files import write_whole
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from hubbub.simulator.store import Run

Files = Callable[["Run"], Iterator[tuple[str, bytes]]]

FORMATS: dict[str, Files] = {
    "elcc": elcc_files,
    "graphml": graphml_files,
    "gexf": gexf_files,
    "csv": lambda run: as_csv(tables(run)),
    "parquet": lambda run: as_parquet(tables(run)),
}
"""Format → function that yields (path below the export folder, content) of every file of a population."""

OF_MEMORIES: dict[str, Files] = {
    "csv": lambda run: as_csv(memory_tables(run)),
    "parquet": lambda run: as_parquet(memory_tables(run)),
}
"""The formats that a run of memories has: it has no messages, and its neurons no lexicon."""

OF_NETWORKS: dict[str, Files] = {
    "csv": lambda run: as_csv(training_tables(run)),
    "parquet": lambda run: as_parquet(training_tables(run)),
}
"""The formats that a run of networks in training has, for the same reason."""

OF_KIND = {"memory": OF_MEMORIES, "training": OF_NETWORKS, "control": OF_NETWORKS}
"""Kind of system → its formats; every other one has a population, and all of them."""


def export_run(run: Run | Path | str, format: str, *, out: Path | str | None = None) -> list[Path]:
    """Write the last lexicon of a run, its graph and its numbers for other tools; return the files.

    Parameters
    ----------
    format
        "elcc": a corpus with meanings, `elcc/corpus.jsonl`, `corpus.structured.jsonl`, `metadata.json`;
        "graphml" or "gexf": the graph with dialect, hub scores and success as attributes, for Gephi and others, GEXF
        once more with its course over time, `dynamic.gexf`;
        "csv" or "parquet": tidy tables of metrics, events, agents (degrees, hub scores, dialect), edges, pairs (success
        and similarity), messages, dialects over time, and degrees over time where the graph changed. Of a run of
        memories: metrics, events, series, copies (with the statistics of each), and edges, where there are any; of
        networks in training: metrics, and networks (what each is). These have no other format.
    out
        Folder; `exports` in the run directory when not given.

    Raises
    ------
    ConfigurationError, StoreError
        The format is unknown or not one for such a run; there is no lexicon yet, or the folder cannot be written.
    """
    from hubbub.simulator.store import open_run

    if format not in FORMATS:
        raise ConfigurationError(
            complaint("format", expected=f"one of {', '.join(FORMATS)}", got=format, valid=FORMATS)
        )
    opened = open_run(run) if isinstance(run, str | Path) else run
    kind = opened.configuration.get("system")
    formats = OF_KIND.get(str(kind), FORMATS)
    if format not in formats:
        expected = f"one of {', '.join(formats)} for a run of system {kind}, which has no messages"
        raise ConfigurationError(complaint("format", expected=expected, got=format, valid=formats))
    folder = opened.path / "exports" if out is None else Path(out)
    return [write_whole(folder / name, content) for name, content in formats[format](opened)]
