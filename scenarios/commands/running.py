"""Make a run: run, resume."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hubbub.scenarios.commands.app import app
from hubbub.scenarios.commands.options import Address, AllowModules, AsJson, DryRun, Overrides, Quiet, RunPath, Workers
from hubbub.scenarios.commands.printing import print_json


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A scenario's name or YAML file.")],
    overrides: Overrides = None,
    out: Annotated[Path | None, typer.Option(help="The run directory; default runs/NAME-…")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all random numbers.")] = None,
    allow_modules: AllowModules = False,
    workers: Workers = 0,
    address: Address = None,
    dry: DryRun = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Run a scenario and write its run directory.

    Examples: hubbub run karate · hubbub run karate training.steps=500 --seed 3 --out runs/mine ·
    hubbub run ring-dialects topology.kind=star topology.n_agents=20 · hubbub run my-scenario.yaml --dry-run
    """
    from hubbub.scenarios.loading import assignment

    settings = dict(assignment(text) for text in overrides or [])
    if dry:
        from hubbub.scenarios.dry_run import dry_run

        estimate = dry_run(scenario, settings, out=out, seed=seed, allow_modules=allow_modules, workers=workers)
        print_json(estimate.as_json()) if as_json else typer.echo("\n".join(estimate.lines()))
        return
    from hubbub.scenarios import run as start

    made = start(
        scenario,
        settings,
        out=out,
        seed=seed,
        allow_modules=allow_modules,
        workers=workers,
        address=address,
        progress=not (quiet or as_json),
    )
    _conclude(made, quiet=quiet, as_json=as_json)


@app.command()
def resume(
    path: RunPath,
    overrides: Overrides = None,
    allow_modules: AllowModules = False,
    workers: Workers = 0,
    address: Address = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Continue a run; the result is the same, bit for bit, as without the interruption.

    Examples: hubbub resume runs/mine · hubbub resume runs/mine training.steps=5000
    """
    from hubbub.scenarios import resume as go_on
    from hubbub.scenarios.loading import assignment

    settings = dict(assignment(text) for text in overrides or [])
    shown = not (quiet or as_json)
    made = go_on(path, settings, allow_modules=allow_modules, workers=workers, address=address, progress=shown)
    _conclude(made, quiet=quiet, as_json=as_json)


def _conclude(made: Any, *, quiet: bool, as_json: bool) -> None:
    """Print how a run ended and the next command; exit with code 1 if the run was stopped."""
    from hubbub.scenarios.headline import headline

    last = headline(made)
    if as_json:
        ended = {"run": str(made.path), "status": made.status, "step": made.step, "metrics": last}
        print_json({**ended, "topology": made.info.get("topology")})
    elif quiet:
        typer.echo(made.path)
    else:
        values = " · ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in last.items())
        typer.echo(f"{made.status} at step {made.step}: {values}")
        typer.echo(f"run: {made.path}")
        todo = f"hubbub report {made.path}" if made.status == "finished" else f"hubbub resume {made.path}"
        typer.echo(f"next: {todo}")
    if made.status != "finished":
        raise typer.Exit(1)
