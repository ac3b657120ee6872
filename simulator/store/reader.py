"""The one reader of a run directory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float, Int

from hubbub.simulator.errors import StoreError, complaint
from hubbub.simulator.store.checkpoint import Checkpoint, checkpoints
from hubbub.simulator.store.files import RUN_FILE, read_json, reading, step_folder, steps_in
from hubbub.simulator.store.lexicon import MESSAGES, SUCCESS, Lexicon
from hubbub.simulator.store.tables import DIMENSIONS, read_parts, read_table

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = 2
LEXICON = "lexicon"


def open_run(path: Path | str) -> Run:
    """Return the run at `path`; `StoreError` when there is none, or one that this version cannot read."""
    root = Path(path).resolve()
    return Run(root, read_info(root))


@dataclass(frozen=True)
class Agents:
    """Who the N agents are: names `[N]`, positions `[N, d]` or None, attributes of the source graph, `[N]` each."""

    names: tuple[str, ...]
    positions: Float[np.ndarray, "N d"] | None
    attributes: dict[str, tuple[Any, ...]]


class Run:
    """A run as it was when it was opened; open it again to see later records. Tables are read when needed."""

    def __init__(self, path: Path, info: dict[str, Any]) -> None:
        self.path = path
        self.info = info

    @property
    def configuration(self) -> dict[str, Any]:
        """The resolved configuration."""
        return dict(self.info["configuration"])

    @property
    def step(self) -> int:
        """The step that the run had reached."""
        return int(self.info["step"])

    @property
    def status(self) -> str:
        """The status of the run: running, finished, stopped or failed."""
        return str(self.info["status"])

    def metrics(self) -> pa.Table:
        """Return all metric rows: step, name, value, and the dimensions, null where they do not apply."""
        return self._metrics

    def metric(self, name: str) -> tuple[Int[np.ndarray, " T"], Float[np.ndarray, " T"]]:
        """Return steps `[T]` and values `[T]` of the rows of `name` that have no dimension, sorted by step."""
        import pyarrow.compute as pc

        table = self._scalar_metrics
        names = sorted(pc.unique(table["name"]).to_pylist())
        if name not in names:
            expected = f"one of {', '.join(names)}" if names else "one that was recorded (none was yet)"
            raise StoreError(complaint("metric", expected=expected, got=name, valid=names))
        rows = table.filter(pc.equal(table["name"], name)).sort_by("step")
        return rows["step"].to_numpy(), rows["value"].to_numpy()

    def events(self) -> pa.Table:
        """Return all events: step, kind, source, target, detail."""
        return read_parts(self.path, "events")  # not cached: a memory may have written hundreds of millions

    def series(self) -> pa.Table:
        """Return all rows of the series that a memory writes while it runs: step, copy, overlap, activity."""
        return read_parts(self.path, "series")

    def agents(self) -> Agents:
        """Return names, positions and attributes of the agents."""
        table = read_table(self.path, "agents.parquet", {"agent": "int64", "name": "string"}).sort_by("agent")
        axes = [axis for axis in ("x", "y", "z") if axis in table.column_names]
        return Agents(
            tuple(table["name"].to_pylist()),
            np.stack([table[axis].to_numpy() for axis in axes], axis=1) if axes else None,
            _attributes(table),
        )

    def edges(self, step: int | None = None) -> Int[np.ndarray, "E 2"]:
        """Return the directed edges `[E, 2]` after the events of `step` (None: of all), sorted by source, then target.

        An edge i → j says "j may hear i". O(E + events) log.
        """
        import pyarrow.compute as pc

        first, changes = self._first_edges, self._edge_events
        if step is not None:
            changes = changes.filter(pc.less_equal(changes["step"], step))
        pairs = np.concatenate([_pairs(first), _pairs(changes)])
        present = np.concatenate([np.ones(len(first), bool), pc.equal(changes["kind"], "edge-added").to_numpy()])
        # One number for each pair, the latest event first, because `unique` returns the first occurrence.
        width = pairs.max(initial=0) + 1
        keys, last = np.unique((pairs[:, 0] * width + pairs[:, 1])[::-1], return_index=True)
        return np.stack(np.divmod(keys[present[::-1][last]], width), axis=1)

    def edge_weights(self) -> Float[np.ndarray, " E"] | None:
        """Return the weights `[E]` of the edges at step 0, sorted as `edges`, or None when all are equal."""
        weights = self._first_edges.sort_by([("source", "ascending"), ("target", "ascending")])["weight"]
        return None if weights.null_count else np.asarray(weights.to_numpy())

    def edge_attributes(self) -> dict[str, tuple[Any, ...]]:
        """Return attribute name → value of each edge at step 0, sorted as `edges`; empty when the graph had none."""
        table = self._first_edges.sort_by([("source", "ascending"), ("target", "ascending")])
        return _attributes(table)

    def lexicon_steps(self) -> list[int]:
        """Return the steps that have a lexicon, ascending."""
        return steps_in(self.path, LEXICON)

    def lexicon(self, step: int | None = None) -> Lexicon:
        """Return the lexicon of a step (None: of the last)."""
        steps = self.lexicon_steps()
        if not steps:
            raise StoreError(f"{self.path}: no lexicon was recorded yet")
        at = steps[-1] if step is None else step
        if at not in steps:
            close = min(steps, key=lambda known: abs(known - at))
            raise StoreError(
                f"lexicon: expected one of {len(steps)} recorded steps, {steps[0]} … {steps[-1]}, got {at}; "
                f"the nearest is {close}"
            )
        folder = step_folder(LEXICON, at)
        return Lexicon.from_tables(
            at,
            read_table(self.path, f"{folder}/messages.parquet", MESSAGES),
            read_table(self.path, f"{folder}/success.parquet", SUCCESS),
        )

    def referents(self, split: str) -> tuple[Int[np.ndarray, " R"], Int[np.ndarray, "R A"], tuple[str, ...]]:
        """Return numbers `[R]`, attributes `[R, A]` and attribute names `[A]` of the recorded referents of a split."""
        import pyarrow.compute as pc

        table = read_table(self.path, "referents.parquet", {"referent": "int64", "split": "string"})
        splits = pc.unique(table["split"]).to_pylist()
        if split not in splits:
            raise StoreError(complaint("split", expected=f"one of {', '.join(splits)}", got=split, valid=splits))
        rows = table.filter(pc.equal(table["split"], split))
        names = tuple(name for name in table.column_names if name not in ("referent", "split"))
        attributes = np.stack([rows[name].to_numpy() for name in names], axis=1) if names else np.empty((len(rows), 0))
        return rows["referent"].to_numpy(), attributes.astype(np.int64), names

    def checkpoints(self) -> list[Checkpoint]:
        """Return the checkpoints, oldest first; they may be damaged."""
        return checkpoints(self.path)

    @cached_property
    def _metrics(self) -> pa.Table:
        return read_parts(self.path, "metrics")

    @cached_property
    def _scalar_metrics(self) -> pa.Table:
        import pyarrow.compute as pc

        table = self._metrics
        for dimension in DIMENSIONS:
            table = table.filter(pc.is_null(table[dimension]))
        return table

    @cached_property
    def _edge_events(self) -> pa.Table:
        import pyarrow as pa
        import pyarrow.compute as pc

        events = self.events()
        return events.filter(pc.is_in(events["kind"], pa.array(["edge-added", "edge-removed"])))

    @cached_property
    def _first_edges(self) -> pa.Table:
        return read_table(
            self.path, "topology/edges.parquet", {"source": "int64", "target": "int64", "weight": "float64"}
        )


def _attributes(table: pa.Table) -> dict[str, tuple[Any, ...]]:
    return {
        column.removeprefix("attribute:"): tuple(table[column].to_pylist())
        for column in table.column_names
        if column.startswith("attribute:")
    }


def read_info(run: Path) -> dict[str, Any]:
    """Return the content of `run.json`, or raise `StoreError` when it is not one that this version reads."""
    file = run / RUN_FILE
    with reading(file):
        if not file.exists():
            raise StoreError(f"{run}: not a run directory ({RUN_FILE} is missing)")
    info = read_json(run, RUN_FILE)
    if info.get("schema_version") != SCHEMA_VERSION:
        raise StoreError(
            f"{file}: schema_version: expected {SCHEMA_VERSION}, got {info.get('schema_version')!r}; "
            "the run was written by another version of hubbub"
        )
    for key, kind in {"name": str, "status": str, "step": int, "seed": int, "configuration": dict}.items():
        if not isinstance(info.get(key), kind):
            raise StoreError(f"{file}: " + complaint(key, expected=kind.__name__, got=info.get(key)))
    return info


def _pairs(table: pa.Table) -> Int[np.ndarray, "E 2"]:
    return np.stack([table["source"].to_numpy(), table["target"].to_numpy()], axis=1)
