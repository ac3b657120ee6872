"""Write a run, or the table of a study, in one of the formats of other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubbub.analysis.files import write_inside, write_whole
from hubbub.analysis.studies.study import StudyResult, is_study, open_study
from hubbub.analysis.studies.writing import study_formats
from hubbub.analysis.text import ignore
from hubbub.analysis.views.catalogue import kind_of_system, view_of
from hubbub.analysis.views.formats import WORKBOOK
from hubbub.analysis.views.population.elcc import validate_elcc
from hubbub.formats.tensorboard import EVENTS, events, has_tensorboard
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from hubbub.simulator.store import Run

__all__ = ["export_run", "validate_elcc"]

TENSORBOARD = "tensorboard"
EXTRAS = (WORKBOOK, TENSORBOARD)
"""Formats for which a further package is needed."""
SINGLE = ("graphml", WORKBOOK)
"""Formats of one file."""


def export_run(
    run: Run | StudyResult | Path | str,
    format: str,
    *,
    out: Path | str | None = None,
    measures: Sequence[str] | None = None,
    allow_modules: bool = False,
    notify: Callable[[str], None] = ignore,
) -> list[Path]:
    """Write the tables of a run, or its graph or corpus, for other tools; return the files.

    Parameters
    ----------
    run
        A run or a study, or the folder of one. Of a study, csv, parquet and xlsx have one row per run, see
        `StudyResult.table`.
    format
        "csv", "parquet" or "xlsx", for every kind of system: tables with one row per observation; CSV and the workbook
        (which needs `hubbub[xlsx]`) are for spreadsheets, see `hubbub.formats.spreadsheet`. Of a population: metrics,
        events, agents (degrees, hub scores, dialect), edges, pairs (success and similarity), messages, dialects over
        time, and degrees over time where the graph changed. Of memories: metrics, events, series, copies (with the
        statistics of each), and edges, where there are any. Of networks in training: metrics, and networks (the
        settings of each). Of a kind without a view: metrics, events, series, and every other table of the run.
        "elcc", for populations: a corpus with meanings, `elcc/corpus.jsonl`, `metadata.json`, and
        `elcc/structured/corpus.structured.jsonl`; `hubbub.scenarios.speaking` makes one with as many messages as asked.
        "graphml" or "gexf", for populations: the graph with dialect, hub scores and success as attributes; GEXF also
        has its course over time, `dynamic.gexf`. A user's view may have further formats.
        "tensorboard", for every kind of system and for studies: the metrics of a whole system as an event file, a
        scalar for each name; rows of single agents, copies or networks are left out.
    out
        Folder for the files, or the file where the format has one and `out` has its suffix. When it is not given the
        files are below `exports` in the run directory, those of csv, parquet and elcc in a folder of that name.
    measures, allow_modules, notify
        As in `write_report`; a study without `measures` is exported with those that it chooses.

    Raises
    ------
    ConfigurationError, StoreError
        The kind of system has no such format; there is no lexicon yet, or the folder cannot be written.
    """
    from hubbub.simulator.store import open_run

    opened: Any = run
    if isinstance(run, str | Path):
        opened = open_study(run) if is_study(run) else open_run(run)
    if isinstance(opened, StudyResult):
        if allow_modules:
            opened.import_modules()
        formats, what = study_formats(opened, measures, notify=notify), "a study"
    elif measures is not None:
        raise ConfigurationError(complaint("measures", expected="none for a run; they are for a study", got=measures))
    else:
        formats = dict(view_of(opened, allow_modules=allow_modules, notify=notify).formats())
        what = f"a run of system {kind_of_system(opened)}"
    if has_tensorboard():
        formats = {**formats, TENSORBOARD: partial(_event_files, notify=notify)}
    if format not in formats:
        raise ConfigurationError(_unknown(format, [name for name in formats if name not in EXTRAS], what))
    files = formats[format](opened)
    if out is None:
        return [write_inside(opened.path, f"exports/{name}", content) for name, content in files]
    target = Path(out)
    if target.suffix == f".{format}" and format in SINGLE and not target.is_dir():
        return [write_whole(target, content) for _, content in files]
    return [write_inside(target, name.removeprefix(f"{format}/"), content) for name, content in files]


def _event_files(done: Run | StudyResult, *, notify: Callable[[str], None]) -> Iterator[tuple[str, bytes]]:
    """Yield the metrics of a run, or of every run of a study, as an event file."""
    runs = {"": done} if not isinstance(done, StudyResult) else {}
    if isinstance(done, StudyResult):
        runs = {f"{row['run']}/": done.run(row["run"]) for row in done.rows if done.is_made(row)}
    left_out: set[str] = set()
    for folder, run in runs.items():
        records = run.records()
        left_out |= set(run.metric_rows()["name"].to_pylist()) - {name for _, metrics in records for name in metrics}
        yield f"{TENSORBOARD}/{folder}{EVENTS}.0.hubbub", events(records)
    if left_out:
        notify(f"rows of single agents, copies or networks are left out: {', '.join(sorted(left_out))}")


def _unknown(format: str, formats: list[str], what: str) -> str:
    if format == TENSORBOARD:
        return "format: tensorboard needs one more package: `pip install 'hubbub[tensorboard]'`"
    if format == WORKBOOK:
        return "format: xlsx needs one more package: `pip install 'hubbub[xlsx]'`; csv opens in a spreadsheet too"
    expected = f"one of {', '.join(formats)} for {what}"
    return complaint("format", expected=expected, got=format, valid=[*formats, *EXTRAS]) + (
        "" if "csv" not in formats else " (tables also as xlsx, metrics as tensorboard)"
    )
