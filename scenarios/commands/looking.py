"""Look at what there is: scenarios, init, topology, schema, doctor."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from hubbub.scenarios.commands.app import app
from hubbub.scenarios.commands.options import AllowModules, AsJson, Overrides
from hubbub.scenarios.commands.printing import print_json


@app.command()
def scenarios(as_json: AsJson = False) -> None:
    """List the scenarios that come with hubbub.

    Example: hubbub scenarios
    """
    from hubbub.scenarios.library import descriptions

    known = descriptions()
    if as_json:
        print_json(known)
        return
    width = max(len(name) for name in known)
    for name, description in known.items():
        typer.echo(f"{name:<{width}}  {description}")


@app.command()
def init(
    scenario: Annotated[str, typer.Argument(metavar="[NAME|FILE]", help="A scenario's name or YAML file.")] = "karate",
    overrides: Overrides = None,
    out: Annotated[Path | None, typer.Option(help="The file; default NAME.yaml in the current folder.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    allow_modules: AllowModules = False,
    as_json: AsJson = False,
) -> None:
    """Write a scenario as a YAML file to edit: every field with its value, and what it means and may be.

    Examples: hubbub init · hubbub init ring-dialects --out mine.yaml · hubbub init karate topology.kind=ring
    topology.n_agents=20 --out ring.yaml
    """
    from hubbub.scenarios.loading import assignment
    from hubbub.scenarios.template import write_template

    settings = dict(assignment(text) for text in overrides or [])
    written = write_template(scenario, settings, out=out, force=force, allow_modules=allow_modules)
    if as_json:
        print_json({"file": str(written)})
        return
    typer.echo(f"scenario: {written}")
    typer.echo(f"next: hubbub run {shlex.quote(str(written))}")


@app.command()
def topology(
    source: Annotated[str, typer.Argument(metavar="FILE|KIND", help="A graph file, or a kind of topology.")],
    options: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[topology.NAME=value …]", help="Options of the topology, such as topology.directed=true."
        ),
    ] = None,
    draw: Annotated[Path | None, typer.Option(help="Draw the graph to this PNG or SVG file.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Check a graph file or a kind of topology without a run: agents, links, directions, weights, names, attributes.

    Examples: hubbub topology friends.csv · hubbub topology friends.csv topology.directed=true --draw friends.svg ·
    hubbub topology ring n_agents=20
    """
    from hubbub.scenarios.graphs import check_drawing, draw_topology, examine_topology
    from hubbub.scenarios.loading import assignment

    if draw is not None:
        check_drawing(draw)
    made, summary = examine_topology(source, dict(assignment(text) for text in options or []), seed=seed)
    drawn = None if draw is None else draw_topology(made, draw, title=Path(source).name)
    if as_json:
        print_json({**summary.as_json(), "drawing": None if drawn is None else str(drawn)})
        return
    typer.echo(str(summary))
    if drawn is not None:
        typer.echo(f"drawing: {drawn}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenarios, for editors that check and complete YAML.

    Example: hubbub schema > hubbub.schema.json
    """
    from hubbub.scenarios.kept_schema import kept_schema

    print_json(kept_schema())


@app.command()
def doctor(
    compile_all: Annotated[
        bool, typer.Option("--compile", help="Also compile all kernels now, so that no first run waits for them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the installation: packages, cores, GPU, current folder.

    Examples: hubbub doctor · hubbub doctor --compile
    """
    from hubbub.scenarios.doctor import examine

    if compile_all:
        from hubbub.scenarios.compiling import compile_kernels

        compile_kernels(lambda part: typer.echo(f"compiling kernels: {part}", err=True))
    findings = examine()
    if as_json:
        print_json({"findings": [finding.__dict__ for finding in findings]})
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            typer.echo(f"{'ok ' if finding.ok else 'BAD'}  {finding.name:<{width}}  {finding.text}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
