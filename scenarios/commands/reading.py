"""Read a run: report, export, verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hubbub.scenarios.commands.app import app
from hubbub.scenarios.commands.options import (
    AllowModules,
    AsJson,
    MeasureNames,
    Modules,
    Quiet,
    RunOrStudy,
    RunPath,
    measure_names,
)
from hubbub.scenarios.commands.printing import print_json, print_notes
from hubbub.simulator.errors import ConfigurationError, HubbubError, complaint


@app.command()
def report(
    path: RunOrStudy,
    out: Annotated[Path | None, typer.Option(help="Folder for the page and its figures; default PATH.")] = None,
    measures: MeasureNames = None,
    modules: Modules = None,
    attribute: Annotated[
        str | None,
        typer.Option(help="Attribute of the agents that is compared with dialects; default: all, with a correction."),
    ] = None,
    allow_modules: AllowModules = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Measure a run, or compare the conditions of a study, and write report.html and its figures into it.

    Examples: hubbub report runs/mine · hubbub report runs/mine --attribute club · hubbub report archive/old --out
    reports/old · hubbub report studies/karate --measures similarity,dialects
    """
    from hubbub.analysis.report import write_report

    notes: list[str] = []
    names = measure_names(measures, modules)
    written = write_report(
        path, out=out, measures=names, attribute=attribute, allow_modules=allow_modules, notify=notes.append
    )
    if as_json:
        print_json({"report": str(written), "notes": notes})
    elif quiet:
        typer.echo(written)
    else:
        print_notes(notes)
        typer.echo(f"report: {written}")


@app.command()
def export(
    path: RunOrStudy,
    form: Annotated[
        str,
        typer.Option("--format", help="csv, parquet, xlsx, tensorboard; for populations elcc, graphml, gexf."),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files, or FILE.xlsx, FILE.graphml; default: below PATH/exports.")
    ] = None,
    measures: MeasureNames = None,
    modules: Modules = None,
    messages: Annotated[
        int | None,
        typer.Option(help="For elcc: let the population speak this many messages instead of the recorded ones."),
    ] = None,
    allow_modules: AllowModules = False,
    as_json: AsJson = False,
) -> None:
    """Write a run's tables, graph or corpus, or the table of a study, as files that other tools open.

    Examples: hubbub export runs/mine --format gexf · hubbub export runs/mine --format csv --out tables ·
    hubbub export runs/mine --format elcc --messages 200000 · hubbub export studies/karate --format xlsx
    """
    notes: list[str] = []
    names = measure_names(measures, modules)
    if messages is None:
        from hubbub.analysis.export import export_run

        written = export_run(path, form, out=out, measures=names, allow_modules=allow_modules, notify=notes.append)
    elif names is not None:
        raise ConfigurationError(complaint("measures", expected="none with --messages", got=measures))
    elif form != "elcc":
        raise ConfigurationError(complaint("format", expected="elcc with --messages", got=form, valid=["elcc"]))
    else:
        from hubbub.scenarios.speaking import export_spoken

        written = export_spoken(path, messages, out=out, allow_modules=allow_modules)
    files = [str(file) for file in written]
    if as_json:
        print_json({"files": files, "notes": notes})
    else:
        print_notes(notes)
        typer.echo("\n".join(files))


@app.command()
def verify(path: RunPath, as_json: AsJson = False) -> None:
    """Read all of a run and say what is not as it was written; the exit code is 2 then.

    Example: hubbub verify runs/mine
    """
    from hubbub.simulator.store import verify as examine

    found = examine(path)
    if as_json:
        print_json({"run": str(found.path), "files": found.files, "bytes": found.bytes, "problems": found.problems})
    else:
        for problem in found.problems:
            typer.echo(f"BAD  {problem}")
        verdict = f"{len(found.problems)} problems" if found.problems else "as it was written"
        typer.echo(f"{found.files} files, {found.bytes:,} bytes of parts: {verdict}")
    if found.problems:
        raise typer.Exit(HubbubError.exit_code)
