"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hubbub.simulator.errors import ConfigurationError

Overrides = Annotated[
    list[str] | None, typer.Argument(metavar="[a.b=value …]", help="Fields to set, such as training.steps=500.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and no progress.")]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Print the path of what was written and, on standard error, what went wrong."),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Check all of it, measure some steps, say how long and how large; write nothing."),
]
RunOrStudy = Annotated[Path, typer.Argument(metavar="RUN|STUDY", help="A run directory, or the folder of a study.")]
RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="A run directory.")]
Workers = Annotated[
    int, typer.Option(help="Ray workers that share the run; 0 means this process. Results are the same.")
]
Address = Annotated[
    str | None,
    typer.Option(help="Address of a Ray cluster (auto, HOST:PORT, ray://HOST:PORT); by default this machine."),
]
AllowModules = Annotated[
    bool,
    typer.Option(
        "--allow-modules", help="Import the user modules that the run or the file names (this runs their code)."
    ),
]


MeasureNames = Annotated[
    str | None,
    typer.Option(help="For studies: names of measures of a run, such as similarity,dialects; default: the study's."),
]
Modules = Annotated[
    list[str] | None,
    typer.Option("--module", help="Import this module of yours (FILE.py or dotted name), which defines measures."),
]


def measure_names(names: str | None, modules: list[str] | None = None) -> list[str] | None:
    """Return the names of measures between commas, after importing the modules that may define them."""
    from hubbub.simulator.registry import load_module

    for module in modules or []:
        load_module(module)
    return None if names is None else [name for name in map(str.strip, names.split(",")) if name]


def named_values(options: list[str] | None) -> dict[str, str]:
    """Return options that are written as NAME=VALUE."""
    settings = {}
    for text in options or []:
        name, given, value = text.partition("=")
        if not given or not name:
            raise ConfigurationError(f"option: expected NAME=VALUE, got {text!r}")
        settings[name] = value
    return settings
