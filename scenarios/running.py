"""Run a scenario, or continue a run."""

from __future__ import annotations

import logging
import platform
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial, reduce
from importlib.metadata import version
from itertools import chain, count
from operator import getitem
from pathlib import Path
from typing import Any, cast

import networkx as nx
import torch
import yaml

from hubbub.scenarios.loading import import_modules, labelled, load, override, parse
from hubbub.scenarios.metrics.recording import check_metrics, measuring
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.systems import assemble, kind_of
from hubbub.scenarios.telling import Callbacks, Logged, with_display
from hubbub.scenarios.tracking.feeding import check_tracking, tracked
from hubbub.simulator.cluster import Driver, remote, sharded
from hubbub.simulator.engine import (
    Drive,
    NoProgress,
    Progress,
    Schedule,
    SingleProcess,
    State,
    StopSignal,
    System,
    Team,
    drive,
)
from hubbub.simulator.errors import ConfigurationError, HubbubError, RunStopped, StoreError, complaint, no_exit
from hubbub.simulator.memory_limit import memory_errors
from hubbub.simulator.store import Lexicon, Run, RunWriter, check_unchanged, load_checkpoint, open_run
from hubbub.simulator.store.checkpoint import FOLDER as CHECKPOINTS
from hubbub.simulator.store.checkpoint import LoadedCheckpoint
from hubbub.simulator.store.files import resume_command, steps_in, writing
from hubbub.simulator.store.writer import refuse_used
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology import topology as topology_kinds
from hubbub.simulator.topology.describing import summary_of
from hubbub.simulator.topology.summary import Summary

SAFETY = ("engine.checkpoint_every", "engine.keep_checkpoints", "tracking")
"""Fields that a resume may change besides the length of a run; no result depends on them."""

MOST_WORKERS = 4096


@no_exit()
@memory_errors()
@with_display
def run(
    scenario: str | Path | Mapping[str, Any],
    overrides: Mapping[str, Any] | None = None,
    *,
    out: str | Path | None = None,
    seed: int | None = None,
    topology: Topology | nx.Graph | None = None,
    allow_modules: bool = False,
    workers: int = 0,
    address: str | None = None,
    raise_if_stopped: bool = False,
    progress: object = None,
    driven_by: Drive = drive,
) -> Run:
    """Run a scenario and return its run directory, opened.

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
        A graph of your own, which replaces the one that the scenario describes. The run directory holds a copy, which
        its configuration names.
    allow_modules
        Import the user modules that a scenario file names which lies beside a run or outside of the current folder, so
        that it may be somebody else's: importing runs their code. Those of your own files are imported without it.
    workers, address
        How many Ray actors step the system, of which cluster (without an address, on this machine); 0 means this
        process. Results are bit-identical.
    raise_if_stopped
        Raise `RunStopped` when a signal (Ctrl-C, SIGTERM, SIGHUP) has stopped the run before its end. Without it the
        run is returned with status "stopped" and, where no progress is shown, one line of warning is logged.
    progress
        By default progress is shown on a terminal and in a notebook; True shows it everywhere (plain lines where it is
        no terminal), False nowhere. An object with at least one of the methods of `Progress` (`advanced`, `recorded`,
        `noticed`, `waiting`) is called in its place; a list holds several of all these. What nobody is shown goes to
        the log `hubbub` at level INFO. What a method raises ends the run, which can be resumed.
    driven_by
        The loop that steps the system: that of the engine, or one that steps several runs together.

    Raises
    ------
    HubbubError
        Bad input, a directory that cannot be written, or training that diverged; what was written stays valid.
    KeyboardInterrupt
        A second Ctrl-C, which does not wait for the current step.
    """
    settings = dict(overrides or {})
    if seed is not None:
        settings["seed"] = seed
    chosen = load(scenario, settings, allow_modules=allow_modules)
    check_metrics(chosen, is_divided=workers > 0)
    check_tracking(chosen)
    display = cast(Progress, progress)
    _tell_kernel(chosen, display)
    own = Topology.from_networkx(topology) if isinstance(topology, nx.Graph) else topology
    if own is not None and not isinstance(own, Topology):
        raise ConfigurationError(f"topology: expected a Topology or a networkx graph, got {type(own).__name__}")
    address = remote(address)
    check_workers(workers, address)
    if own is not None:
        chosen = _on_own_graph(chosen, settings)
    with _threads(chosen.engine.threads):
        team = Driver(workers) if workers else SingleProcess()
        built = assemble(chosen, topology=own, team=team)
        graph = _summary(built, chosen, given=own is not None)
        if graph is not None and built.topology.summary is not None:
            display.noticed(f"topology: {graph}")
        with _folder(chosen, out) as path:
            if own is not None:
                chosen = parse({**chosen.model_dump(mode="json"), "topology": _own_graph(path)})
            if chosen.tracking and path.exists():
                refuse_used(path)
            with (
                _stepping(built, team, chosen, path, address=address, progress=display) as system,
                tracked(chosen, path, began=0, schedule=_schedule(chosen), say=_saying(display)) as feeding,
            ):
                both = Callbacks([display, feeding])
                stopped_by = _begin(system, built, chosen, path, both, driven_by, graph=graph)
    return _ended(path, stopped_by, raise_if_stopped=raise_if_stopped, is_told=not isinstance(display, Logged))


@no_exit()
@memory_errors()
@with_display
def resume(
    path: str | Path,
    overrides: Mapping[str, Any] | None = None,
    *,
    allow_modules: bool = False,
    workers: int = 0,
    address: str | None = None,
    raise_if_stopped: bool = False,
    progress: object = None,
    driven_by: Drive = drive,
) -> Run:
    """Continue a run from its newest valid checkpoint; the result is the same, bit for bit, as without interruption.

    Parameters
    ----------
    overrides
        May raise the length of the run (such as `training.steps`), and change `engine.checkpoint_every`,
        `engine.keep_checkpoints` and `tracking`.
    allow_modules
        Import the user modules that the run names. Only for a run of your own: importing runs their code.
    workers, address
        As in `run`; they may differ from those of the first part.
    raise_if_stopped, progress, driven_by
        As in `run`.

    Raises
    ------
    HubbubError
        There is no run or no valid checkpoint, the run is in use, or an override is not one of those above.
    KeyboardInterrupt
        As in `run`.
    """
    address = remote(address)
    check_workers(workers, address)
    root = Path(path)
    display = cast(Progress, progress)
    before = open_run(root)
    scenario = _scenario_of(before, overrides or {}, allow_modules=allow_modules)
    stopped_by = ""
    check_metrics(scenario, is_divided=workers > 0)
    check_tracking(scenario)
    _tell_kernel(scenario, display)
    with RunWriter.reopen(root, keep=scenario.engine.keep_checkpoints) as writer:
        checkpoint = load_checkpoint(root)
        check_unchanged(before.path, checkpoint, may_differ=(scenario.length_field, *SAFETY))
        for reason in checkpoint.skipped:
            display.noticed(f"checkpoint passed over, going on from step {checkpoint.step}: {reason}")
        for package, now in _versions().items():
            if before.info["versions"].get(package) not in (now, None):
                display.noticed(
                    f"this run began with {package} {before.info['versions'][package]}, here is {now}; "
                    "the last bits may differ from those of a run in one"
                )
        if scenario.length < checkpoint.step:
            raise ConfigurationError(
                f"{scenario.length_field}: expected at least {checkpoint.step}, which the run has reached, "
                f"got {scenario.length}"
            )
        if overrides:
            writer.update_configuration(_with(before.configuration, scenario, overrides))
        following = partial(tracked, scenario, before.path, schedule=_schedule(scenario), say=_saying(display))
        if checkpoint.step == scenario.length:
            writer.set_status("finished", step=checkpoint.step)
            with following(began=checkpoint.step + 1):
                pass
        else:
            with _threads(scenario.engine.threads):
                team = Driver(workers) if workers else SingleProcess()
                built = assemble(scenario, topology=_first_topology(before), team=team)
                with (
                    _stepping(built, team, scenario, before.path, address=address, progress=display) as system,
                    following(began=checkpoint.step) as feeding,
                    _true_status(writer, system),
                ):
                    take_over(system, checkpoint)
                    schedule = _schedule(scenario)
                    writer.rewind(checkpoint.step, metrics=schedule.records, snapshots=schedule.snapshots)
                    both = Callbacks([display, feeding])
                    stopped_by = _drive(system, built, writer, scenario, both, driven_by)
    return _ended(root, stopped_by, raise_if_stopped=raise_if_stopped, is_told=not isinstance(display, Logged))


@no_exit()
def load_system(path: str | Path, *, allow_modules: bool = False) -> Any:
    """Return the system of a run with the state of its newest valid checkpoint: a trained `Population`, for example.

    Stepping it writes nothing. `allow_modules` and errors as in `resume`.
    """
    before = open_run(path)
    scenario = _scenario_of(before, {}, allow_modules=allow_modules)
    checkpoint = load_checkpoint(before.path)
    built = assemble(scenario, topology=_first_topology(before))
    take_over(built, checkpoint)
    return built


def _scenario_of(run: Run, overrides: Mapping[str, Any], *, allow_modules: bool) -> Scenario:
    """Return the scenario of a run, with those fields changed that a resume may change, for the kernel of the run.

    The run's modules are imported first, if that is allowed: they may register the run's kind of system.
    """
    data: dict[str, Any] = run.configuration
    if data.get("modules") and not allow_modules:
        raise ConfigurationError(
            f"modules: {run.path} names user modules ({', '.join(map(str, data['modules']))}), and a resume would run "
            "their code; if they are yours, add --allow-modules (in Python: allow_modules=True)"
        )
    import_modules(data)
    changeable = (kind_of(data).model().length_field, *SAFETY)
    for name, value in overrides.items():
        if name not in changeable:
            expected = f"one of {', '.join(changeable)} (anything else would change the run)"
            raise ConfigurationError(complaint("resume", expected=expected, got=name, valid=changeable))
        data = override(data, name, value)
    section = data.get("topology")
    if isinstance(section, Mapping) and "kind" in section and section["kind"] not in topology_kinds:
        data["topology"] = _own_graph(run.path)  # made by a function that is not here; the run has its graph
    scenario = parse(data, given=overrides)
    began_with = run.info.get("kernel", "autograd")  # of runs that do not say it, from before there was a choice
    if scenario.kernel not in (None, began_with):
        scenario = parse(override(data, "engine.kernel", began_with))
    return scenario


def _saying(display: Progress) -> Callable[[str], None]:
    """Return what says that something went wrong: the display, or a warning in the log."""
    is_silent = type(display) in (Logged, NoProgress)
    return logging.getLogger(__name__).warning if is_silent else display.noticed


def _tell_kernel(scenario: Scenario, progress: Progress) -> None:
    """Say at the start of a run what computes its steps."""
    if scenario.kernel is not None:
        reason = f", with {scenario.kernel_reason}" if scenario.kernel_reason else ""
        progress.noticed(f"steps are computed by the {scenario.kernel} kernel{reason}")


def _with(configuration: dict[str, Any], scenario: Scenario, names: Iterable[str]) -> dict[str, Any]:
    """Return the configuration with the fields of these names as the scenario has them, and no other change."""
    resolved = scenario.model_dump(mode="json")
    for name in names:
        configuration = override(configuration, name, reduce(getitem, name.split("."), resolved))
    return configuration


def _summary(built: Any, scenario: Scenario, *, given: bool) -> Summary | None:
    """Return what there is to say of the graph of a system, None for a system without one."""
    graph, section = getattr(built, "topology", None), getattr(scenario, "topology", None)
    if not isinstance(graph, Topology):
        return None
    return summary_of(graph, kind="given in Python" if given or section is None else section.kind)


def _on_own_graph(scenario: Scenario, settings: Mapping[str, Any]) -> Scenario:
    """Return the scenario with the name and the description of a run on a graph that the user has given."""
    data = scenario.model_dump(mode="json")
    if "topology" not in data:
        return scenario
    differing = ["topology", *(label for label in ("name", "description") if label in settings)]
    true = labelled({**data, "topology": {"kind": "own graph"}}, before=data, differing=differing)
    return parse({**data, "name": true["name"], "description": true["description"]})


def _own_graph(run: Path) -> dict[str, Any]:
    """Return the section `topology` for the graph that is stored in the run at this path."""
    return {"kind": "file", "path": str(run / "topology" / "graph.graphml")}


@contextmanager
def _stepping(
    built: Any, team: Team, scenario: Scenario, path: Path, *, address: str | None, progress: Progress
) -> Iterator[System]:
    """Yield the system that is stepped: the one `built` here or, with workers, one that they share."""
    if not isinstance(team, Driver):
        yield built
        return

    if not team.n_blocks:
        raise ConfigurationError(
            f"workers: expected 0 (this process) with system={scenario.system}, which is not cut into blocks that "
            f"workers could share, got {team.size}"
        )
    if team.n_blocks < team.size:
        progress.noticed(f"{team.n_blocks} workers are enough: there are no more blocks (engine.block_agents)")
        team.size = team.n_blocks

    def saved() -> State | None:
        if not steps_in(path, CHECKPOINTS):
            return None
        checkpoint = load_checkpoint(path)
        return State(checkpoint.tensors, checkpoint.state)

    data = scenario.model_dump(mode="json")
    topology = getattr(built, "topology", None)
    if topology is not None and data.get("topology"):
        data["topology"] = _own_graph(path)  # workers get the graph; the function that made it may be unknown to them
    with sharded(
        built,
        team,
        partial(_member, data, topology),
        address=address,
        device=scenario.engine.device,
        threads=scenario.engine.threads,
        restore=saved,
        noticed=progress.noticed,
        waiting=progress.waiting,
    ) as system:
        yield system


def _member(data: dict[str, Any], topology: Topology | None, team: Team) -> System:
    """Return a worker's member of a system."""
    member: System = assemble(parse(data), topology=topology, team=team)
    return member


def take_over(system: System, checkpoint: LoadedCheckpoint) -> None:
    """Load a checkpoint into a system; raise `StoreError` if something is missing in it."""
    try:
        system.load(State(checkpoint.tensors, checkpoint.state))
    except KeyError as missing:
        raise StoreError(
            f"checkpoint: expected {missing.args[0]}, got nothing; it belongs to another configuration"
        ) from None


def check_workers(workers: int, address: str | None) -> None:
    """Raise `ConfigurationError` for a number of workers that cannot be, or an address without any."""
    if not 0 <= workers <= MOST_WORKERS:
        raise ConfigurationError(f"workers: expected 0 (this process) … {MOST_WORKERS}, got {workers}")
    if address and not workers:
        raise ConfigurationError(f"workers: expected at least 1 with an address of a Ray cluster ({address}), got 0")


def _begin(
    system: System,
    built: Any,
    scenario: Scenario,
    path: Path,
    progress: Progress,
    driven_by: Drive,
    *,
    graph: Summary | None,
) -> str:
    """Write the files that describe a run into a new run directory, then drive it; returns what `_drive` returns."""
    configuration = scenario.model_dump(mode="json")
    writer = RunWriter.create(
        path,
        name=scenario.name,
        seed=scenario.seed,
        configuration=configuration,
        versions=_versions(),
        kernel=scenario.kernel,
        topology=None if graph is None else graph.as_json(),
        keep=scenario.engine.keep_checkpoints,
    )
    with writer, _true_status(writer, system):
        writer.write_text("scenario.yaml", yaml.safe_dump(configuration, sort_keys=False))
        for name, content in kind_of(scenario).describe(built).items():
            writer.write_text(name, content) if isinstance(content, str) else writer.write_table(name, content)
        return _drive(system, built, writer, scenario, progress, driven_by)


def _drive(
    system: System, built: Any, writer: RunWriter, scenario: Scenario, progress: Progress, driven_by: Drive
) -> str:
    """Step a system to its end and write the status to `run.json`; `built` is the part of it in this process.

    Returns the name of the signal that stopped the run before its end, "" where it has finished.
    """
    writer.begin_steps(step=system.now, until=scenario.length)
    with StopSignal() as stop:
        finished = driven_by(
            system,
            writer,
            until=scenario.length,
            schedule=_schedule(scenario),
            measure=measuring(scenario, built, before=partial(_last_lexicon, writer.path)),
            progress=progress,
            stop=stop,
        )
    writer.set_status("finished" if finished else "stopped", step=system.now)
    return "" if finished else stop.cause or "request"


def _last_lexicon(path: Path) -> Lexicon | None:
    """Return the last lexicon of a run that is on the disk; None where there is none yet."""
    found = open_run(path)
    return found.lexicon() if found.lexicon_steps() else None


@contextmanager
def _true_status(writer: RunWriter, system: System) -> Iterator[None]:
    """Write into `run.json` how a run has ended when an error, or an interruption, ends the block."""
    try:
        yield
    except KeyboardInterrupt as error:
        saved = steps_in(writer.path, CHECKPOINTS)
        with suppress(StoreError):
            writer.set_status("stopped", step=max(saved, default=0))
        left = f"before the first checkpoint; start it again with --out {shlex.quote(str(writer.path))}"
        if saved:
            left = f"at step {system.now}; `{resume_command(writer.path)}` goes on from step {max(saved)}"
        raise type(error)(f"{str(error) or 'interrupted'} {left}") from None
    except BaseException as error:
        problem = str(error) if isinstance(error, HubbubError) else f"{type(error).__name__}: {error}"
        with suppress(StoreError):  # the first error matters more than a full disk
            writer.set_status("failed", step=system.now, problem=problem)
        raise


def _ended(path: Path, stopped_by: str, *, raise_if_stopped: bool, is_told: bool) -> Run:
    """Return a run that has ended, opened; where a signal stopped it, say so or raise `RunStopped`."""
    made = open_run(path)
    if stopped_by:
        said = f"{made.path}: stopped by {stopped_by} at step {made.step}; `{resume_command(made.path)}` goes on"
        if raise_if_stopped:
            raise RunStopped(said)
        if not is_told:
            logging.getLogger(__name__).warning(said)
    return made


def _schedule(scenario: Scenario) -> Schedule:
    return Schedule(scenario.engine.record_every, scenario.engine.checkpoint_every, scenario.snapshot_every)


def _first_topology(run: Run) -> Topology | None:
    """Return the agents of a run with its first links; None for a run that keeps no graph."""
    files = ("agents.parquet", "topology/edges.parquet")
    if not run.configuration.get("topology") or not any((run.path / file).exists() for file in files):
        return None
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
    """Let torch use `n` threads, then as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def _folder(scenario: Scenario, out: str | Path | None) -> Iterator[Path]:
    """Yield the folder of a run; by default one that did not exist, since two runs may start in the same second.

    It is made here, so that no other process takes it, and removed where nothing was written to it.
    """
    if out is not None:
        yield Path(out).resolve()
        return
    first = Path("runs", f"{scenario.name}-s{scenario.seed}-{datetime.now():%Y%m%d-%H%M%S}").resolve()
    for path in chain([first], (first.with_name(f"{first.name}-{number}") for number in count(2))):
        with writing(path, run=path), suppress(FileExistsError):
            path.mkdir(parents=True)
            break
    try:
        yield path
    finally:
        with suppress(OSError):  # not empty
            path.rmdir()
            path.parent.rmdir()


def _versions() -> dict[str, str]:
    packages = ("hubbub", "torch", "numpy", "networkx", "pyarrow", "safetensors")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}
