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
