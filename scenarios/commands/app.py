"""The command `hubbub` itself; each group of verbs adds its own to it."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from hubbub.simulator.errors import RunError


class Commands(TyperGroup):
    """The commands, each of which ends with one line when it is interrupted; typer would say nothing."""

    def invoke(self, ctx: Any) -> Any:
        """Execute a command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise RunError(str(error) or "interrupted; every file that was written is whole") from error


app = typer.Typer(
    name="hubbub",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"hubbub {version('hubbub')}")
        raise typer.Exit


@app.callback()
def hubbub(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Simulate populations that learn to communicate on graphs: run, resume, report."""
