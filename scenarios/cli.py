"""The command line `hubbub`; every command calls a function that is also there for Python."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from importlib import import_module

import typer

from hubbub.scenarios.commands.app import app
from hubbub.simulator.errors import HubbubError
from hubbub.simulator.stopping import signals_interrupt

for group in (
    "running",
    "studying",
    "watching",
    "reading",
    "looking",
    "measuring",
):  # in the order in which help lists them
    import_module(f"hubbub.scenarios.commands.{group}")


def main() -> None:
    """Run the command line; bad input ends with one message and exit code 2, an interruption with one and code 1."""
    try:
        with signals_interrupt():
            app(prog_name="hubbub")
    except HubbubError as error:
        typer.echo(f"hubbub: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        reason = error.strerror or " ".join(str(error).split())
        if not _is_of_output(error):  # what writes files has messages of its own, so this was reading
            file = f" {os.fsdecode(error.filename)}" if isinstance(error.filename, str | bytes) else ""
            typer.echo(f"hubbub: cannot read{file}: {reason}", err=True)
            sys.exit(HubbubError.exit_code)
        with suppress(OSError):
            typer.echo(f"hubbub: cannot write: {reason}", err=True)
        os._exit(1)  # at its normal end Python would try to write once more


def _is_of_output(error: OSError) -> bool:
    """Whether an error was raised where the command prints: typer does it, and rich for tables and pictures."""
    modules = {frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__)}
    return bool(modules & {typer.echo.__module__, "rich.console"})


if __name__ == "__main__":
    main()
