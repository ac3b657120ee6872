"""Make many runs: sweep, reproduce."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hubbub.scenarios.commands.app import app
from hubbub.scenarios.commands.options import AllowModules, AsJson, DryRun, Quiet, measure_names
from hubbub.scenarios.commands.printing import print_json


@app.command()
def sweep(
    source: Annotated[str, typer.Argument(metavar="SCENARIO|STUDY", help="A scenario, or a study's YAML file.")],
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="[a.b=1,2,4 … seed=0..9]", help="Fields and their values."),
    ] = None,
    mode: Annotated[
        str | None, typer.Option(help="grid (every combination), list (first with first, …), random or optuna.")
    ] = None,
    samples: Annotated[int | None, typer.Option(help="Number of random settings.")] = None,
    measures: Annotated[
        str | None, typer.Option(help="Measures of each run when it has finished, such as similarity,dialects.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The study's folder; default studies/NAME.")] = None,
    workers: Annotated[int | None, typer.Option(help="Number of processes; default one for each core.")] = None,
    address: Annotated[str | None, typer.Option(help="Address of a Ray cluster that makes the runs instead.")] = None,
    allow_modules: AllowModules = False,
    dry: DryRun = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Run a scenario with many values and seeds, and collect the last metrics of all runs in one table.

    The same command again continues where it stopped. If a run fails, its name is printed and the exit code is 1.

    Examples: hubbub sweep karate agent.hidden=16,32,64 seed=0..9 · hubbub sweep my-study.yaml --workers 4 ·
    hubbub sweep karate training.learning_rate='{low: 1e-4, high: 1e-2, log: true}' --mode random --samples 20 ·
    hubbub sweep karate agent.hidden='{low: 8, high: 64}' --mode optuna optuna.maximize=success_over_links
    optuna.trials=40
    """
    asked: dict[str, Any] = {"mode": mode, "samples": samples, "measures": measure_names(measures), "out": out}
    if dry:
        from hubbub.scenarios.studies.dry_sweep import dry_sweep

        estimate = dry_sweep(source, values or [], **asked, allow_modules=allow_modules, workers=workers)
        print_json(estimate.as_json()) if as_json else typer.echo("\n".join(estimate.lines()))
        return
    from hubbub.scenarios.studies import sweep as make
    from hubbub.scenarios.studies.progress import no_display, progress_display

    display = no_display if quiet or as_json else progress_display
    made = make(
        source,
        values or [],
        **asked,
        allow_modules=allow_modules,
        workers=workers,
        address=address,
        display=display,
    )
    if as_json:
        print_json({"study": str(made.path), "runs": made.rows, "problems": made.problems})
    elif quiet:
        typer.echo(made.path)
        for name, problem in made.problems.items():
            typer.echo(f"failed: {name}: {problem}", err=True)
    else:
        typer.echo(f"{len(made.rows) - len(made.problems)} of {len(made.rows)} runs finished")
        for name, problem in made.problems.items():
            typer.echo(f"failed: {name}: {problem}")
        typer.echo(f"table: {made.path / 'study.csv'} (and study.parquet)")
        typer.echo(f"next: hubbub report {made.path}")
    if made.problems:
        raise typer.Exit(1)


@app.command()
def reproduce(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A reproduction, such as group-size.")],
    scale: Annotated[str, typer.Option(help="small (minutes) or full (hours).")] = "small",
    out: Annotated[Path | None, typer.Option(help="Output folder; default reproductions/NAME-SCALE.")] = None,
    kept: Annotated[
        Path | None,
        typer.Option("--from", help="An earlier output folder: judge its measurements.csv again, without runs."),
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Number of processes; default one for each core.")] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Run what a publication claims, over seeds, and print a table: claim, measurement, value, verdict.

    The same command again, with the same folder, continues where it stopped.

    Examples: hubbub reproduce group-size · hubbub reproduce local-dialects --scale full --out results/local-dialects
    """
    from hubbub.scenarios.reproducing import reproduce as judge
    from hubbub.scenarios.reproductions.writing import claims_table

    def say(line: str) -> None:
        if not (quiet or as_json):
            typer.echo(line, err=True)

    outcome, files = judge(name, scale=scale, out=out, kept=kept, workers=workers, say=say)
    if as_json:
        print_json({"claims": [claim.as_json() for claim in outcome.claims], "files": [str(file) for file in files]})
        return
    if quiet:
        typer.echo(files[0].parent)
        return
    typer.echo(outcome.title)
    for claim, row in zip(outcome.claims, claims_table(outcome.claims), strict=True):
        statement, source, measured, value, criterion, verdict = row
        typer.echo(f"\n{verdict.upper()}  {statement}\n    {source}\n    {measured}\n    {value}; holds if {criterion}")
        for condition in claim.conditions:
            if not condition.is_met:
                typer.echo(f"    {condition}")
    typer.echo("\nwritten: " + ", ".join(file.name for file in files) + f" in {files[0].parent}")
