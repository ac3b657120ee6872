"""Run a scenario, or go on with a run."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import networkx as nx
import torch
import yaml

from scenarios.assembly import assemble, language_metrics
from scenarios.loading import load, override, parse
from scenarios.scenario import Scenario
from scenarios.tables import agents_table, edges_table, referents_table
from simulator.engine import Progress, Schedule, Silence, State, StopSignal, drive
from simulator.errors import ConfigurationError, StoreError, complaint
from simulator.population import Population
from simulator.store import Run, RunWriter, load_checkpoint, open_run
from simulator.topology import Topology
from simulator.topology import topology as topology_kinds
from simulator.topology.files import write_graphml

RAISABLE = ("training.steps", "engine.checkpoint_every", "engine.keep_checkpoints")
"""What a resume may change: how long and how safely, nothing that a number depends on."""


def run(
    scenario: str | Path | Mapping[str, Any],
    overrides: Mapping[str, Any] | None = None,
    *,
    out: str | Path | None = None,
    seed: int | None = None,
    topology: Topology | nx.Graph | None = None,
    progress: Progress | None = None,
) -> Run:
    """Run a scenario in this process and return its run directory, opened.

    Parameters
    ----------
    scenario
        Name, YAML file or nested mapping.
    overrides
        Dotted path → value, such as `{"topology.kind": "star", "topology.n_agents": 20}`.
    out
        The run directory, new or empty; by default `runs/NAME-sSEED-DATE-TIME`.
    seed
        Replaces the scenario's seed.
    topology
        A graph of your own, in place of the one that the scenario describes. The run keeps it and its configuration
        says so.

    Raises
    ------
    HubbubError
        Bad input, a directory that cannot be written, or training that diverged; what was written stays whole.
    """
    settings = dict(overrides or {})
    if seed is not None:
        settings["seed"] = seed
    chosen = load(scenario, settings)
    own = Topology.from_networkx(topology) if isinstance(topology, nx.Graph) else topology
    with _threads(chosen.engine.threads):
        population = assemble(chosen, topology=own)
        path = (Path(out) if out is not None else _default_path(chosen)).resolve()
        if own is not None:
            chosen = parse({**chosen.model_dump(mode="json"), "topology": _own_graph(path)})
        writer = RunWriter.create(
            path,
            name=chosen.name,
            seed=chosen.seed,
            configuration=chosen.model_dump(mode="json"),
            versions=_versions(),
            keep=chosen.engine.keep_checkpoints,
        )
        with writer:
            writer.write_text("scenario.yaml", yaml.safe_dump(chosen.model_dump(mode="json"), sort_keys=False))
            _describe(writer, population)
            _drive(population, writer, chosen, progress or Silence())
    return open_run(path)


def resume(
    path: str | Path,
    overrides: Mapping[str, Any] | None = None,
    *,
    allow_modules: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Go on with a run from its newest whole checkpoint, bit for bit as if it had never stopped.

    Parameters
    ----------
    overrides
        May raise `training.steps`, `engine.checkpoint_every` and `engine.keep_checkpoints`.
    allow_modules
        Import the user modules that the run names. Only say so for a run of your own: importing runs their code.

    Raises
    ------
    HubbubError
        There is no run, no whole checkpoint, the run is in use, or an override is not one of those above.
    """
    root = Path(path)
    watching = progress or Silence()
    before = open_run(root)
    scenario = _raised(before, overrides or {}, allow_modules=allow_modules)
    with RunWriter.reopen(root, keep=scenario.engine.keep_checkpoints) as writer:
        checkpoint = load_checkpoint(root)
        for reason in checkpoint.skipped:
            watching.noticed(f"checkpoint passed over, going on from step {checkpoint.step}: {reason}")
        for package, now in _versions().items():
            if before.info["versions"].get(package) not in (now, None):
                watching.noticed(
                    f"this run began with {package} {before.info['versions'][package]}, here is {now}; "
                    "the last bits may differ from those of a run in one"
                )
        if scenario.training.steps < checkpoint.step:
            raise ConfigurationError(
                f"training.steps: expected at least {checkpoint.step}, which the run has reached, "
                f"got {scenario.training.steps}"
            )
        if overrides:
            writer.update_configuration(scenario.model_dump(mode="json"))
        if checkpoint.step == scenario.training.steps:
            writer.set_status("finished", step=checkpoint.step)
        else:
            with _threads(scenario.engine.threads):
                population = assemble(scenario, topology=_first_topology(before))
                population.load(State(checkpoint.tensors, checkpoint.state))
                schedule = _schedule(scenario)
                writer.rewind(checkpoint.step, metrics=schedule.records, lexicons=schedule.snapshots)
                _drive(population, writer, scenario, watching)
    return open_run(root)


def _raised(run: Run, overrides: Mapping[str, Any], *, allow_modules: bool) -> Scenario:
    """Return the scenario of a run with those fields raised that a resume may raise."""
    data: dict[str, Any] = run.configuration
    for name, value in overrides.items():
        if name not in RAISABLE:
            expected = f"one of {', '.join(RAISABLE)} (anything else would change the run)"
            raise ConfigurationError(complaint("resume", expected=expected, got=name, valid=RAISABLE))
        data = override(data, name, value)
    if data.get("modules") and not allow_modules:
        raise ConfigurationError(
            f"{run.path} names user modules ({', '.join(data['modules'])}) whose code a resume would run; "
            "if they are yours, add --allow-modules (in Python: allow_modules=True)"
        )
    if data["topology"]["kind"] not in topology_kinds:  # made by a function that is not here; the run has its graph
        data["topology"] = _own_graph(run.path)
    return parse(data)


def _own_graph(run: Path) -> dict[str, Any]:
    """Return the section that says: the graph that the run at this path keeps."""
    return {"kind": "file", "path": str(run / "topology" / "graph.graphml")}


def _drive(population: Population, writer: RunWriter, scenario: Scenario, progress: Progress) -> None:
    """Step the population to its end and say in `run.json` how that went."""
    writer.set_status("running", step=population.now)
    with StopSignal() as stop:
        try:
            finished = drive(
                population,
                writer,
                until=scenario.training.steps,
                schedule=_schedule(scenario),
                measure=language_metrics(population),
                progress=progress,
                stop=stop,
            )
        except Exception:
            with suppress(StoreError):  # a full disk is worth less than the error on its way out
                writer.set_status("failed", step=population.now)
            raise
    writer.set_status("finished" if finished else "stopped", step=population.now)


def _schedule(scenario: Scenario) -> Schedule:
    engine, recording = scenario.engine, scenario.recording
    return Schedule(engine.record_every, engine.checkpoint_every, recording.lexicon_every or engine.record_every)


def _describe(writer: RunWriter, population: Population) -> None:
    """Write what does not change during a run: agents, referents and the first graph."""
    writer.write_table("agents.parquet", agents_table(population.topology))
    writer.write_table("referents.parquet", referents_table(population))
    writer.write_table("topology/edges.parquet", edges_table(population.topology))
    graph = BytesIO()
    write_graphml(population.topology, graph)
    writer.write_text("topology/graph.graphml", graph.getvalue().decode())


def _first_topology(run: Run) -> Topology:
    """Return the agents of a run with the links it began with."""
    agents, edges = run.agents(), run.edges(0)
    return Topology(
        len(agents.names),
        edges[:, 0],
        edges[:, 1],
        weights=run.edge_weights(),
        positions=agents.positions,
        names=agents.names,
        attributes=agents.attributes,
    )


@contextmanager
def _threads(n: int) -> Iterator[None]:
    """Let torch use `n` threads, and give back what the caller had."""
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _default_path(scenario: Scenario) -> Path:
    return Path("runs") / f"{scenario.name}-s{scenario.seed}-{datetime.now():%Y%m%d-%H%M%S}"


def _versions() -> dict[str, str]:
    packages = ("hubbub", "torch", "numpy", "networkx", "pyarrow", "safetensors")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}
