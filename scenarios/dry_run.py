"""What a run would take: it is begun in a temporary folder, measured for some seconds, and removed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from hubbub.scenarios.duration import duration
from hubbub.scenarios.loading import load
from hubbub.scenarios.metrics.recording import check_metrics
from hubbub.scenarios.probing import Probe
from hubbub.scenarios.running import check_workers, run
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.tracking.feeding import check_tracking
from hubbub.simulator.errors import RunStopped
from hubbub.simulator.memory_limit import size
from hubbub.simulator.store import Run
from hubbub.simulator.store.checkpoint import FOLDER as CHECKPOINTS
from hubbub.simulator.store.writer import refuse_used

COUNTED = ("copies", "networks")
"""Tables of which a row is one of the systems that a run steps side by side."""


@dataclass(frozen=True)
class Estimate:
    """What a run would take.

    Attributes
    ----------
    scenario
        The resolved scenario.
    folder
        Where the run would be.
    sizes
        How many agents and links, copies or networks there are.
    counts
        How many records, snapshots and checkpoints there would be, and how many checkpoints are kept.
    probe
        What was measured.
    start_s
        Seconds of all else: until the first step can be made, and compilers.
    bytes
        Folder or file of the run directory → bytes that are expected.
    """

    scenario: Scenario
    folder: str
    sizes: Mapping[str, int]
    counts: Mapping[str, int]
    probe: Probe
    start_s: float
    bytes: Mapping[str, float]

    @property
    def seconds(self) -> float:
        """Expected duration in this process."""
        counts, probe = self.counts, self.probe
        records = (counts["records"] - counts["snapshots"]) * probe.record_s + counts["snapshots"] * probe.snapshot_s
        steps = self.scenario.length * probe.step_s
        return self.start_s + steps + records + counts["checkpoints"] * probe.checkpoint_s

    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON."""
        probe = self.probe
        return {
            "folder": self.folder,
            "steps": self.scenario.length,
            **self.sizes,
            **self.counts,
            "seconds": round(self.seconds, 1),
            "memory_bytes": probe.memory,
            "disk_bytes": round(sum(self.bytes.values())),
            "measured": {**vars(probe), "start_s": self.start_s},
            "configuration": self.scenario.model_dump(mode="json"),
        }

    @property
    def title(self) -> str:
        """What would run, in one line."""
        scenario = self.scenario
        kernel = f", {scenario.kernel} kernel" if scenario.kernel else ""
        sizes = "".join(f", {number:,} {name}" for name, number in self.sizes.items())
        what = f"{scenario.name} (system {scenario.system}{kernel})"
        return f"{what}, seed {scenario.seed}, {scenario.length:,} steps{sizes}"

    def lines(self) -> list[str]:
        """Return all of it in words."""
        counts, probe = self.counts, self.probe
        largest = sorted(self.bytes.items(), key=lambda item: -item[1])[:3]
        parts = ", ".join(f"{name} {size(n)}" for name, n in largest if n)
        return [
            f"would run: {self.title}",
            f"folder: {self.folder}",
            f"records: {counts['records']:,}, of which {counts['snapshots']:,} with a snapshot; "
            f"checkpoints: {counts['checkpoints']:,}, of which {counts['kept']} are kept",
            f"time: about {duration(self.seconds)} in one process, by {probe.n_steps:,} steps made now: "
            f"{_seconds(probe.step_s)} a step, {_seconds(probe.record_s)} a record, {_seconds(probe.snapshot_s)} "
            f"with a snapshot, {_seconds(probe.checkpoint_s)} a checkpoint, {_seconds(self.start_s)} to begin",
            f"memory: about {size(probe.memory)} (that of this process now)",
            f"disk: about {size(sum(self.bytes.values()))} ({parts})",
            "nothing was written",
        ]


def dry_run(
    scenario: str | Path | Mapping[str, Any],
    overrides: Mapping[str, Any] | None = None,
    *,
    out: str | Path | None = None,
    seed: int | None = None,
    allow_modules: bool = False,
    workers: int = 0,
) -> Estimate:
    """Return what a run would take, after checking it; nothing stays on the disk. Parameters as in `hubbub.run`.

    The run is begun in a temporary folder, and its steps, records and checkpoints are measured for some seconds in this
    process. What is measured at the beginning counts for all of it: a run whose steps become slower, or whose events
    become more, takes more. With workers a run may take less time. Trackers are not opened.

    Raises
    ------
    HubbubError
        What `hubbub.run` would raise before it begins, or at its first steps.
    KeyboardInterrupt
        A signal (Ctrl-C, SIGTERM, SIGHUP) asked to stop.
    """
    settings = {**(overrides or {}), **({} if seed is None else {"seed": seed})}
    chosen = load(scenario, settings, allow_modules=allow_modules)
    check_metrics(chosen, is_divided=workers > 0)
    check_tracking(chosen)
    check_workers(workers, None)
    if out is not None and Path(out).exists():
        refuse_used(Path(out))
    probe, began = Probe(), time.perf_counter()
    with TemporaryDirectory(prefix="hubbub-dry-run-") as folder:
        data = {**chosen.model_dump(mode="json"), "tracking": []}
        try:
            made = run(data, out=Path(folder) / "run", progress=False, driven_by=probe, raise_if_stopped=True)
        except RunStopped:
            raise KeyboardInterrupt("interrupted; nothing was written") from None
        start_s = max(time.perf_counter() - began - probe.counted_s, 0.0)
        counts = _counts(chosen)
        found = _bytes(made.path, chosen, counts, steps=probe.n_steps + 1)
        sizes = _sizes(made)
    place = str(out) if out is not None else f"runs/{chosen.name}-s{chosen.seed}-DATE-TIME"
    return Estimate(chosen, place, sizes, counts, probe, start_s, found)


def _sizes(made: Run) -> dict[str, int]:
    """Return how many agents and links, copies or networks a run has."""
    graph = made.info.get("topology") or {}
    found = {name: int(graph[name]) for name in ("agents", "links") if name in graph}
    tables = {name: made.path / f"{name}.parquet" for name in COUNTED}
    return {**found, **{name: pq.read_metadata(file).num_rows for name, file in tables.items() if file.exists()}}


def _counts(scenario: Scenario) -> dict[str, int]:
    """Return how often a run would record, take snapshots and write checkpoints: at 0, by its schedule, at its end."""
    length, engine = scenario.length, scenario.engine
    records, snapshots, checkpoints = (
        length // every + 1 + bool(length % every)
        for every in (engine.record_every, scenario.snapshot_every, engine.checkpoint_every)
    )
    kept = min(checkpoints, engine.keep_checkpoints)
    return {"records": records, "snapshots": min(records, snapshots), "checkpoints": checkpoints, "kept": kept}


def _bytes(path: Path, scenario: Scenario, counts: Mapping[str, int], *, steps: int) -> dict[str, float]:
    """Return the bytes that each part of the run directory would have, from those that a `Probe` has left."""
    found: dict[str, float] = {}
    for file in path.rglob("*"):
        if file.is_file():
            place = file.relative_to(path).parts[0]
            found[place] = found.get(place, 0.0) + file.stat().st_size
    grows = {
        CHECKPOINTS: float(counts["kept"]),
        "metrics": counts["records"] / 3,
        "events": scenario.length / steps,
        "series": scenario.length / steps,
        "topology": 1.0,
    }
    folders = {place: counts["snapshots"] / 2 for place in found if (path / place).is_dir()}
    return {place: n * {**folders, **grows}.get(place, 1.0) for place, n in found.items()}


def _seconds(value: float) -> str:
    """Return a short time in words."""
    return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"
