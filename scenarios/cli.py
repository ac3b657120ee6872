"""The command line `hubbub`; every command calls a function that is also there for Python."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from hubbub.simulator.errors import ConfigurationError, HubbubError, RunError, complaint
from hubbub.simulator.stopping import signals_interrupt


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

measure = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Measure a corpus or a record that another tool made."
)
app.add_typer(measure, name="measure")

Overrides = Annotated[
    list[str] | None, typer.Argument(metavar="[a.b=value …]", help="Fields to set, such as training.steps=500.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and no progress.")]
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


@app.command()
def scenarios(as_json: AsJson = False) -> None:
    """List the scenarios that come with hubbub.

    Example: hubbub scenarios
    """
    from hubbub.scenarios.library import descriptions

    known = descriptions()
    if as_json:
        _print_json(known)
        return
    width = max(len(name) for name in known)
    for name, description in known.items():
        typer.echo(f"{name:<{width}}  {description}")


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A scenario's name or YAML file.")],
    overrides: Overrides = None,
    out: Annotated[Path | None, typer.Option(help="The run directory; default runs/NAME-…")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all random numbers.")] = None,
    allow_modules: AllowModules = False,
    workers: Workers = 0,
    address: Address = None,
    as_json: AsJson = False,
) -> None:
    """Run a scenario and write its run directory.

    Examples: hubbub run karate · hubbub run karate training.steps=500 --seed 3 --out runs/mine ·
    hubbub run ring-dialects topology.kind=star topology.n_agents=20 · hubbub run my-scenario.yaml
    """
    from hubbub.scenarios import run as start
    from hubbub.scenarios.loading import assignment
    from hubbub.scenarios.progress import progress_display

    settings = dict(assignment(text) for text in overrides or [])
    with progress_display(quiet=as_json) as progress:
        made = start(
            scenario,
            settings,
            out=out,
            seed=seed,
            allow_modules=allow_modules,
            workers=workers,
            address=address,
            progress=progress,
        )
    _conclude(made, as_json)


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
        _print_json({**summary.as_json(), "drawing": None if drawn is None else str(drawn)})
        return
    typer.echo(str(summary))
    if drawn is not None:
        typer.echo(f"drawing: {drawn}")


@app.command()
def resume(
    path: RunPath,
    overrides: Overrides = None,
    allow_modules: AllowModules = False,
    workers: Workers = 0,
    address: Address = None,
    as_json: AsJson = False,
) -> None:
    """Continue a run; the result is the same, bit for bit, as without the interruption.

    Examples: hubbub resume runs/mine · hubbub resume runs/mine training.steps=5000
    """
    from hubbub.scenarios import resume as go_on
    from hubbub.scenarios.loading import assignment
    from hubbub.scenarios.progress import progress_display

    settings = dict(assignment(text) for text in overrides or [])
    with progress_display(quiet=as_json) as progress:
        made = go_on(path, settings, allow_modules=allow_modules, workers=workers, address=address, progress=progress)
    _conclude(made, as_json)


@app.command()
def report(
    path: RunPath,
    out: Annotated[Path | None, typer.Option(help="Folder for the page and its figures; default RUN.")] = None,
    allow_modules: AllowModules = False,
    as_json: AsJson = False,
) -> None:
    """Measure a run and write report.html and its figures into it.

    Examples: hubbub report runs/mine · hubbub report archive/old --out reports/old
    """
    from hubbub.analysis.report import write_report

    notes: list[str] = []
    written = write_report(path, out=out, allow_modules=allow_modules, notify=notes.append)
    if as_json:
        _print_json({"report": str(written), "notes": notes})
    else:
        _print_notes(notes)
        typer.echo(f"report: {written}")


@app.command()
def verify(path: RunPath, as_json: AsJson = False) -> None:
    """Read all of a run and say what is not as it was written; the exit code is 2 then.

    Example: hubbub verify runs/mine
    """
    from hubbub.simulator.store import verify as examine

    found = examine(path)
    if as_json:
        _print_json({"run": str(found.path), "files": found.files, "bytes": found.bytes, "problems": found.problems})
    else:
        for problem in found.problems:
            typer.echo(f"BAD  {problem}")
        verdict = f"{len(found.problems)} problems" if found.problems else "as it was written"
        typer.echo(f"{found.files} files, {found.bytes:,} bytes of parts: {verdict}")
    if found.problems:
        raise typer.Exit(HubbubError.exit_code)


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
    as_json: AsJson = False,
) -> None:
    """Run what a publication claims, over seeds, and print a table: claim, measurement, value, verdict.

    The same command again, with the same folder, continues where it stopped.

    Examples: hubbub reproduce group-size · hubbub reproduce local-dialects --scale full --out results/local-dialects
    """
    from hubbub.scenarios.reproducing import reproduce as judge
    from hubbub.scenarios.reproductions.writing import claims_table

    def say(line: str) -> None:
        if not as_json:
            typer.echo(line, err=True)

    outcome, files = judge(name, scale=scale, out=out, kept=kept, workers=workers, say=say)
    if as_json:
        _print_json({"claims": [claim.as_json() for claim in outcome.claims], "files": [str(file) for file in files]})
        return
    typer.echo(outcome.title)
    for statement, source, measured, value, criterion, verdict in claims_table(outcome.claims):
        typer.echo(f"\n{verdict.upper()}  {statement}\n    {source}\n    {measured}\n    {value}; holds if {criterion}")
    typer.echo("\nwritten: " + ", ".join(file.name for file in files) + f" in {files[0].parent}")


@app.command()
def sweep(
    source: Annotated[str, typer.Argument(metavar="SCENARIO|STUDY", help="A scenario, or a study's YAML file.")],
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="[a.b=1,2,4 … seed=0..9]", help="Fields and their values."),
    ] = None,
    mode: Annotated[
        str | None, typer.Option(help="grid (every combination), list (first with first, …) or random.")
    ] = None,
    samples: Annotated[int | None, typer.Option(help="Number of random settings.")] = None,
    out: Annotated[Path | None, typer.Option(help="The study's folder; default studies/NAME.")] = None,
    workers: Annotated[int | None, typer.Option(help="Number of processes; default one for each core.")] = None,
    address: Annotated[str | None, typer.Option(help="Address of a Ray cluster that makes the runs instead.")] = None,
    allow_modules: AllowModules = False,
    as_json: AsJson = False,
) -> None:
    """Run a scenario with many values and seeds, and collect the last metrics of all runs in one table.

    The same command again continues where it stopped. If a run fails, its name is printed and the exit code is 1.

    Examples: hubbub sweep karate agent.hidden=16,32,64 seed=0..9 · hubbub sweep my-study.yaml --workers 4 ·
    hubbub sweep karate training.learning_rate='{low: 1e-4, high: 1e-2, log: true}' --mode random --samples 20
    """
    from hubbub.scenarios.studies import sweep as make
    from hubbub.scenarios.studies.progress import no_display, progress_display

    display = no_display if as_json else progress_display
    made = make(
        source,
        values or [],
        mode=mode,
        samples=samples,
        allow_modules=allow_modules,
        out=out,
        workers=workers,
        address=address,
        display=display,
    )
    if as_json:
        _print_json({"study": str(made.path), "runs": made.rows, "problems": made.problems})
    else:
        typer.echo(f"{len(made.rows) - len(made.problems)} of {len(made.rows)} runs finished")
        for name, problem in made.problems.items():
            typer.echo(f"failed: {name}: {problem}")
        typer.echo(f"table: {made.path / 'study.csv'} (and study.parquet)")
    if made.problems:
        raise typer.Exit(1)


@app.command()
def export(
    path: RunPath,
    form: Annotated[
        str, typer.Option("--format", help="csv, parquet or xlsx; for populations also elcc, graphml or gexf.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files, or FILE.xlsx, FILE.graphml; default: below RUN/exports.")
    ] = None,
    messages: Annotated[
        int | None,
        typer.Option(help="For elcc: let the population speak this many messages instead of the recorded ones."),
    ] = None,
    allow_modules: AllowModules = False,
    as_json: AsJson = False,
) -> None:
    """Write a run's tables, graph or corpus as files that other tools open.

    Examples: hubbub export runs/mine --format gexf · hubbub export runs/mine --format csv --out tables ·
    hubbub export runs/mine --format elcc --messages 200000
    """
    notes: list[str] = []
    if messages is None:
        from hubbub.analysis.export import export_run

        written = export_run(path, form, out=out, allow_modules=allow_modules, notify=notes.append)
    elif form != "elcc":
        raise ConfigurationError(complaint("format", expected="elcc with --messages", got=form, valid=["elcc"]))
    else:
        from hubbub.scenarios.speaking import export_spoken

        written = export_spoken(path, messages, out=out, allow_modules=allow_modules)
    files = [str(file) for file in written]
    if as_json:
        _print_json({"files": files, "notes": notes})
    else:
        _print_notes(notes)
        typer.echo("\n".join(files))


@measure.command()
def corpus(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file or folder of messages.")],
    options: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE …]", help="How it is read, such as message=text referent=shape,colour."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the report; default measures/NAME.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of samples and nulls.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Print all measures of the language and the dialects of a corpus, and write them as a page, CSV and JSON.

    Forms: ELCC, interactions of EGG, tables (CSV, TSV, JSON lines, Parquet), hubbub's exports; see docs/corpora.md.

    Examples: hubbub measure corpus runs/mine/exports · hubbub measure corpus talk.csv message=text speaker=person
    """
    from hubbub.analysis.corpora.page import corpus_summary
    from hubbub.analysis.measure_table import as_text
    from hubbub.scenarios.measuring import measure_corpus_file, name_of

    settings = _settings(options)
    graph = settings.pop("topology", None)
    found, files = measure_corpus_file(path, settings, out=out, topology=graph, seed=seed)
    if as_json:
        _print_json({**corpus_summary(found, name=name_of(path)), "files": [str(file) for file in files]})
        return
    typer.echo(f"read: {found.corpus.summary}")
    _print_notes([*found.corpus.notes, *found.notes])
    typer.echo(f"\n{as_text(found.language)}\n\n{as_text(found.dialects)}\n\nreport: {files[0]}")


@measure.command()
def record(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file of spikes, a raster or an activity.")],
    options: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE …]", help="How it is read, such as unit=ms bin=4 time_axis=1."),
    ] = None,
    active: Annotated[
        str, typer.Option(help="A bin is active above 0, or at least at mean, median or a number.")
    ] = "0",
    surrogates: Annotated[int, typer.Option(help="Size of the nulls.")] = 20,
    out: Annotated[Path | None, typer.Option(help="Folder of the report; default measures/NAME.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the nulls.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Print avalanches, inter-event times and scaling of a record, and write them as a page, CSV and JSON.

    Forms: NumPy (rasters, lists of time and channel, counts), tables (CSV, Parquet), NWB and Neo; see docs/records.md.

    Examples: hubbub measure record spikes.npy bin=4ms · hubbub measure record spikes.csv time=t_ms channel=neuron bin=4
    """
    from hubbub.analysis.measure_table import as_text
    from hubbub.analysis.records.page import record_summary
    from hubbub.scenarios.measuring import measure_record_file, name_of

    level: str | float = active
    with suppress(ValueError):
        level = float(active)
    read, found, files = measure_record_file(
        path, _settings(options), out=out, active=level, surrogates=surrogates, seed=seed
    )
    if as_json:
        summary = record_summary(read, found, name=name_of(path))
        _print_json({**summary, "files": [str(file) for file in files]})
        return
    typer.echo(f"read: {read.summary}")
    _print_notes([*read.notes, f"a bin is active where its activity is {found.active}"])
    typer.echo(f"\n{as_text(found.measures, found.grades)}\n\nreport: {files[0]}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenarios, for editors that check and complete YAML.

    Example: hubbub schema > hubbub.schema.json
    """
    from hubbub.scenarios.systems import schema as of_all

    _print_json(of_all())


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check the installation: packages, cores, GPU, current folder.

    Example: hubbub doctor
    """
    from hubbub.scenarios.doctor import examine

    findings = examine()
    if as_json:
        _print_json({"findings": [finding.__dict__ for finding in findings]})
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            typer.echo(f"{'ok ' if finding.ok else 'BAD'}  {finding.name:<{width}}  {finding.text}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


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


def _conclude(made: Any, as_json: bool) -> None:
    """Print how a run ended and the next command; exit with code 1 if the run was stopped."""
    from hubbub.scenarios.headline import headline

    last = headline(made)
    if as_json:
        ended = {"run": str(made.path), "status": made.status, "step": made.step, "metrics": last}
        _print_json({**ended, "topology": made.info.get("topology")})
    else:
        values = " · ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in last.items())
        typer.echo(f"{made.status} at step {made.step}: {values}")
        typer.echo(f"run: {made.path}")
        todo = f"hubbub report {made.path}" if made.status == "finished" else f"hubbub resume {made.path}"
        typer.echo(f"next: {todo}")
    if made.status != "finished":
        raise typer.Exit(1)


def _settings(options: list[str] | None) -> dict[str, str]:
    """Return options that are written as NAME=VALUE."""
    settings = {}
    for text in options or []:
        name, given, value = text.partition("=")
        if not given or not name:
            raise ConfigurationError(f"option: expected NAME=VALUE, got {text!r}")
        settings[name] = value
    return settings


def _print_notes(notes: list[str]) -> None:
    """Print notes on standard error, so that the output holds results only."""
    for note in notes:
        typer.echo(f"note: {note}", err=True)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
