"""Follow what runs: status, watch, dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hubbub.scenarios.commands.app import app
from hubbub.scenarios.commands.options import AsJson
from hubbub.scenarios.commands.printing import print_json

WIDE = 240
"""Columns of a table that is not shown on a terminal."""


@app.command()
def status(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[RUN|STUDY|FOLDER …]", help="Runs, studies, or folders with some; default runs, studies."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List runs and studies: state, step, speed, time left, last metrics, and which process works on them.

    Nothing is written. A run that cannot be read is listed as unreadable.

    Examples: hubbub status · hubbub status runs/mine studies/karate --json
    """
    from rich.console import Console

    from hubbub.scenarios.watching.status_table import as_json as values
    from hubbub.scenarios.watching.status_table import as_table, statuses

    runs, studies = statuses(paths or [])
    if as_json:
        print_json(values(runs, studies))
    elif runs or studies:
        terminal = Console(highlight=False)
        console = terminal if terminal.is_terminal else Console(highlight=False, width=WIDE)
        console.print(as_table(runs, studies))
    else:
        typer.echo(f"no runs in {', '.join(map(str, paths)) if paths else 'the folders runs and studies'}")


@app.command()
def watch(
    path: Annotated[Path, typer.Argument(metavar="RUN|STUDY", help="A run directory, or the folder of a study.")],
    metric: Annotated[list[str] | None, typer.Option(help="A metric whose curve is drawn; may be repeated.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Print one picture and end.")] = False,
) -> None:
    """Follow a run or a study in the terminal: curves, dialects, warnings. It ends when the run ends.

    The exit code is 1 where a run that was followed did not finish. Nothing is written.

    Examples: hubbub watch runs/mine · hubbub watch runs/mine --once ·
    hubbub watch studies/karate --metric similarity_over_links
    """
    from hubbub.scenarios.watching.following import watch as follow

    state = follow(path, metrics=metric or [], once=once)
    if not once and state != "finished":
        raise typer.Exit(1)


@app.command()
def dashboard(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FOLDER …]", help="Runs, studies, or folders with some; default runs, studies."),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen at; other machines reach only one that is not loopback.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at; 0 is any that is free.")] = 8642,
) -> None:
    """Serve a page that follows runs and studies: a table, curves, the graph through time, comparisons.

    It starts nothing and writes nothing. It has no password, so it listens on this machine only unless told otherwise.

    Examples: hubbub dashboard · hubbub dashboard runs/mine --port 0
    """
    from hubbub.scenarios.watching.dashboard.serving import serve

    serve(tuple(folders or ()), host=host, port=port, say=typer.echo)
