"""What commands print: results on standard output, notes on standard error."""

from __future__ import annotations

import json
from typing import Any

import typer


def print_notes(notes: list[str]) -> None:
    """Print notes on standard error, so that the output holds results only."""
    for note in notes:
        typer.echo(f"note: {note}", err=True)


def print_json(value: Any) -> None:
    """Print one JSON object."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
