"""The command line `hubbub`; every command calls a function that is also there for Python."""

from __future__ import annotations

import os
import sys
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
    except OSError as error:  # errors of a run's files have messages of their own; this is the command's output
        with suppress(OSError):
            typer.echo(f"hubbub: cannot write: {error.strerror or error}", err=True)
        os._exit(1)  # at its normal end Python would try to write once more


if __name__ == "__main__":
    main()
