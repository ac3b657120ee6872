"""Measure the files of other tools: corpus, record."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from hubbub.scenarios.commands.app import app
from hubbub.scenarios.commands.options import AsJson, named_values
from hubbub.scenarios.commands.printing import print_json, print_notes

measure = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Measure a corpus or a record that another tool made."
)
app.add_typer(measure, name="measure")


@measure.command()
def corpus(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file or folder of messages.")],
    options: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE …]", help="How it is read, such as message=text referent=shape,colour."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the report; default measures/NAME.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of samples and nulls.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Print all measures of the language and the dialects of a corpus, and write them as a page, CSV and JSON.

    Forms: ELCC, interactions of EGG, tables (CSV, TSV, JSON lines, Parquet), hubbub's exports; see docs/corpora.md.

    Examples: hubbub measure corpus runs/mine/exports · hubbub measure corpus talk.csv message=text speaker=person
    """
    from hubbub.analysis.corpora.page import corpus_summary
    from hubbub.analysis.measure_table import as_text
    from hubbub.scenarios.measuring import measure_corpus_file, name_of

    settings = named_values(options)
    graph = settings.pop("topology", None)
    found, files = measure_corpus_file(path, settings, out=out, topology=graph, seed=seed)
    if as_json:
        print_json({**corpus_summary(found, name=name_of(path)), "files": [str(file) for file in files]})
        return
    typer.echo(f"read: {found.corpus.summary}")
    print_notes([*found.corpus.notes, *found.notes])
    typer.echo(f"\n{as_text(found.language)}\n\n{as_text(found.dialects)}\n\nreport: {files[0]}")


@measure.command()
def record(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file of spikes, a raster or an activity.")],
    options: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE …]", help="How it is read, such as unit=ms bin=4 time_axis=1."),
    ] = None,
    active: Annotated[
        str, typer.Option(help="A bin is active above 0, or at least at mean, median or a number.")
    ] = "0",
    surrogates: Annotated[int, typer.Option(help="Size of the nulls.")] = 20,
    out: Annotated[Path | None, typer.Option(help="Folder of the report; default measures/NAME.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the nulls.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Print avalanches, inter-event times and scaling of a record, and write them as a page, CSV and JSON.

    Forms: NumPy (rasters, lists of time and channel, counts), tables (CSV, Parquet), NWB and Neo; see docs/records.md.

    Examples: hubbub measure record spikes.npy bin=4ms · hubbub measure record spikes.csv time=t_ms channel=neuron bin=4
    """
    from hubbub.analysis.measure_table import as_text
    from hubbub.analysis.records.page import record_summary
    from hubbub.scenarios.measuring import measure_record_file, name_of

    level: str | float = active
    with suppress(ValueError):
        level = float(active)
    read, found, files = measure_record_file(
        path, named_values(options), out=out, active=level, surrogates=surrogates, seed=seed
    )
    if as_json:
        summary = record_summary(read, found, name=name_of(path))
        print_json({**summary, "files": [str(file) for file in files]})
        return
    typer.echo(f"read: {read.summary}")
    print_notes([*read.notes, f"a bin is active where its activity is {found.active}"])
    typer.echo(f"\n{as_text(found.measures, found.grades)}\n\nreport: {files[0]}")
