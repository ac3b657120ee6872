"""The one reader of a run directory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from jaxtyping import Float, Int

from hubbub.formats.notebook import summary_html
from hubbub.simulator.errors import StoreError, complaint
from hubbub.simulator.store.checkpoint import Checkpoint, checkpoints
from hubbub.simulator.store.files import resolved
from hubbub.simulator.store.growing import snapshot_steps
from hubbub.simulator.store.info import read_info
from hubbub.simulator.store.lexicon import Lexicon
from hubbub.simulator.store.manifest import Manifest, Part, steps_of
from hubbub.simulator.store.schemas import COLUMNS, DIMENSIONS, arrow_schema
from hubbub.simulator.store.settings import Settings
from hubbub.simulator.store.tables import read_part

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import xarray as xr

LEXICON = ("lexicon/messages", "lexicon/success")

T = TypeVar("T")


def open_run(path: Path | str, *, verify: bool = False) -> Run:
    """Return the run at `path`.

    Parameters
    ----------
    verify
        Read every part now and compare it with the manifest. Otherwise a part is compared when it is read.

    Raises
    ------
    StoreError
        There is no run, this version cannot read it, or (with `verify`) a part is not as it was written.
    """
    root = resolved(path)
    run = Run(root, read_info(root), Manifest.read(root))
    if verify:
        from hubbub.simulator.store.verifying import check_run

        check_run(root)
    return run


@dataclass(frozen=True)
class Agents:
    """Who the N agents are: names `[N]`, positions `[N, d]` or None, attributes of the source graph, `[N]` each."""

    names: tuple[str, ...]
    positions: Float[np.ndarray, "N d"] | None
    attributes: dict[str, tuple[Any, ...]]


class Run:
    """A run; open it again to see later records. Tables are read, and compared with the manifest, when needed."""

    def __init__(self, path: Path, info: dict[str, Any], manifest: Manifest | None = None) -> None:
        self.path = path
        self.info = info
        self._manifest = manifest or Manifest.read(path)
        self._last_read: dict[str, tuple[Part, pa.Table]] = {}

    @property
    def configuration(self) -> dict[str, Any]:
        """The resolved configuration; a field that it lacks raises `StoreError`."""
        return Settings(self.info["configuration"], file=str(self.path / "run.json"), field="configuration")

    @property
    def step(self) -> int:
        """The step that the run had reached."""
        return int(self.info["step"])

    @property
    def status(self) -> str:
        """The status of the run: running, finished, stopped or failed."""
        return str(self.info["status"])

    @property
    def last_recorded(self) -> int:
        """The last step of which anything is on the disk."""
        return max([self.step, *(part.last for part in self._manifest.parts.values())])

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what the run was told and of all that it holds: seed, configuration, names and contents of parts.

        What was computed from a run is still true of it as long as this is the same.
        """
        told = json.dumps([self.info["seed"], self.info["configuration"]], sort_keys=True)
        return hashlib.sha256(f"{told}\n{self._manifest.digest()}".encode()).hexdigest()

    def __repr__(self) -> str:
        kind = self.info["configuration"].get("system", "population")
        return f"<Run {self.info['name']}: {kind}, {self.status} at step {self.step:,}, {self.path}>"

    def _repr_html_(self) -> str:
        """Return a table of what the run is and of its last metrics, for notebooks."""
        from hubbub.simulator.store.frames import last_values

        told = {key: self.info.get(key, "") for key in ("description", "seed", "hubbub_version", "updated")}
        facts = {"system": self.info["configuration"].get("system", "population"), **told}
        at = f"{self.status} at step {self.step:,}"
        return summary_html(str(self.info["name"]), {**facts, "status": at, "path": self.path, **last_values(self)})

    def metrics(self) -> pd.DataFrame:
        """Return all metric rows as a DataFrame of pandas: step, name, value, and the dimensions that any row has.

        A dimension is what a row describes, such as an agent; it is missing where the row describes the whole system.
        `metric_rows` is the same in Arrow.
        """
        from hubbub.simulator.store.frames import metric_frame

        return metric_frame(self.metric_rows())

    def metric_rows(self) -> pa.Table:
        """Return all metric rows: step, name, value, and the dimensions, null where they do not apply."""
        return self._metrics

    def to_xarray(self, *, lexicons: bool = True) -> xr.Dataset:
        """Return what was recorded as arrays with named dimensions; it needs `hubbub[xarray]`.

        Every metric is an array over step, and over agent, copy, network … where its rows have these dimensions. A
        metric with several kinds of rows is several arrays, the later ones NAME_by_DIMENSIONS or NAME_overall. Memories
        add `series_overlap` and `series_activity` over series_step and copy. What is known of agents, copies and
        networks are coordinates, such as agent_name. At steps without a record there is NaN, in messages −1.

        Parameters
        ----------
        lexicons
            Add `lexicon_message` (step, agent, referent, position), `lexicon_length` (step, agent, referent) and
            `lexicon_success` (step, split, speaker, listener) of every recorded lexicon. For N agents, R referents and
            T lexicons that is 2 T N R L + 4 T N² bytes.

        Raises
        ------
        ConfigurationError
            xarray is not installed.
        """
        from hubbub.simulator.store.frames import labelled

        return labelled(self, lexicons=lexicons)

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

    def records(self) -> list[tuple[int, dict[str, float]]]:
        """Return step and metrics of every record, ascending: those rows that have no dimension, and a value."""
        rows: dict[int, dict[str, float]] = {}
        columns = [self._scalar_metrics[name].to_pylist() for name in ("step", "name", "value")]
        for step, name, value in zip(*columns, strict=True):
            if value is not None:
                rows.setdefault(step, {})[name] = value
        return sorted(rows.items())

    def events(self) -> pa.Table:
        """Return all events: step, kind, source, target, detail."""
        return self._growing("events")  # not cached: a memory may have written hundreds of millions

    def series(self) -> pa.Table:
        """Return all rows of the series that a memory writes while it runs: step, copy, overlap, activity."""
        return self._growing("series")

    def tables(self) -> list[str]:
        """Return the names of the tables in one file, such as "agents.parquet", sorted."""
        single = (part for part in self._manifest.parts.values() if not part.table)
        return sorted(part.name for part in single if part.name.endswith(".parquet"))

    def table(self, name: str) -> pa.Table:
        """Return a table in one file, by its name; it has the columns that `schemas.SINGLE` says."""

        def read() -> pa.Table:
            part = self._manifest.parts.get(name)
            if part is None:
                raise StoreError(f"{self.path / name}: missing; the manifest does not list it")
            return read_part(self.path, part)

        return self._retried(read)

    def agents(self) -> Agents:
        """Return names, positions and attributes of the agents."""
        table = self.table("agents.parquet").sort_by("agent")
        if not np.array_equal(table["agent"].to_numpy(), np.arange(len(table))):
            raise StoreError(
                f"{self.path / 'agents.parquet'}: column 'agent': expected 0 to {len(table) - 1}, once each"
            )
        axes = [axis for axis in ("x", "y", "z") if axis in table.column_names]
        return Agents(
            tuple(table["name"].to_pylist()),
            np.stack([self._finite(table, "agents.parquet", axis) for axis in axes], axis=1) if axes else None,
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

    def snapshot_tables(self) -> dict[str, list[int]]:
        """Return the tables of snapshots, such as "lexicon/messages", with the steps that each has, ascending."""
        return {name: snapshot_steps(self._manifest.table(name)) for name in self._manifest.tables() if "/" in name}

    def snapshot(self, table: str, step: int) -> pa.Table:
        """Return the rows of a step in a table of snapshots, without the column `step`.

        The part that holds them is kept in memory, so reading all steps in their order reads every part once.
        """

        def read() -> pa.Table:
            parts = [
                part
                for part in self._manifest.table(table)
                if part.first <= step <= part.last and step in steps_of(part.steps)
            ]
            return _joined([self._rows(part, step) for part in parts])

        return self._retried(read)

    def lexicon_steps(self) -> list[int]:
        """Return the steps that have a lexicon, ascending."""
        return list(self._lexicon_steps)

    def lexicon(self, step: int | None = None) -> Lexicon:
        """Return the lexicon of a step (None: of the last)."""
        steps = self._lexicon_steps
        if not steps:
            raise StoreError(f"{self.path}: no lexicon was recorded yet")
        at = next(reversed(steps)) if step is None else step
        if at not in steps:
            known = list(steps)
            close = min(known, key=lambda other: abs(other - at))
            raise StoreError(
                f"lexicon: expected one of {len(known)} recorded steps, {known[0]} … {known[-1]}, got {at}; "
                f"the nearest is {close}"
            )
        messages, success = (self.snapshot(name, at) for name in LEXICON)
        return Lexicon.from_tables(at, messages, success)

    def referents(self, split: str) -> tuple[Int[np.ndarray, " R"], Int[np.ndarray, "R A"], tuple[str, ...]]:
        """Return numbers `[R]`, attributes `[R, A]` and attribute names `[A]` of the recorded referents of a split."""
        import pyarrow.compute as pc

        table = self.table("referents.parquet")
        splits = pc.unique(table["split"]).to_pylist()
        if split not in splits:
            raise StoreError(complaint("split", expected=f"one of {', '.join(splits)}", got=split, valid=splits))
        rows = table.filter(pc.equal(table["split"], split))
        numbers = rows["referent"].to_numpy()
        if len(np.unique(numbers)) < len(numbers):
            raise StoreError(
                f"{self.path / 'referents.parquet'}: column 'referent': expected every number once in split {split!r}"
            )
        names = tuple(name for name in table.column_names if name not in ("referent", "split"))
        values = [self._finite(rows, "referents.parquet", name) for name in names]
        attributes = np.stack(values, axis=1) if names else np.empty((len(rows), 0))
        return numbers, attributes.astype(np.int64), names

    def checkpoints(self) -> list[Checkpoint]:
        """Return the checkpoints, oldest first; they may be damaged."""
        return checkpoints(self.path)

    @cached_property
    def _metrics(self) -> pa.Table:
        return self._growing("metrics")

    @cached_property
    def _lexicon_steps(self) -> dict[int, None]:
        messages, success = (set(snapshot_steps(self._manifest.table(name))) for name in LEXICON)
        if lonely := messages ^ success:
            table = LEXICON[min(lonely) in messages]
            raise StoreError(
                f"{self.path / table}: expected rows of step {min(lonely)}, got none; the lexicon lacks a part"
            )
        return dict.fromkeys(sorted(messages))

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
        links = events.filter(pc.is_in(events["kind"], pa.array(["edge-added", "edge-removed"])))
        for column in ("source", "target"):
            if links[column].null_count:
                raise StoreError(f"{self.path / 'events'}: expected {column} of every link that is added or removed")
        self._check_agents(links, "events")
        return links

    @cached_property
    def _first_edges(self) -> pa.Table:
        table = self.table("topology/edges.parquet")
        self._check_agents(table, "topology/edges.parquet")
        return table

    def _check_agents(self, links: pa.Table, name: str) -> None:
        """Refuse links from or to agents that are not there."""
        agents = self._manifest.parts.get("agents.parquet")
        most = agents.rows if agents else 2**31
        pairs = _pairs(links)
        wrong = pairs[(pairs < 0) | (pairs >= most)]
        if len(wrong):
            raise StoreError(f"{self.path / name}: expected agents 0 to {most - 1}, got {wrong[0]}")

    def _growing(self, name: str) -> pa.Table:
        """Return all rows of a growing table, in the order in which they were appended."""

        def read() -> pa.Table:
            import pyarrow as pa

            parts = [read_part(self.path, part) for part in self._manifest.table(name)]
            return pa.concat_tables([arrow_schema(COLUMNS[name]).empty_table(), *parts])

        return self._retried(read)

    def _rows(self, part: Part, step: int) -> pa.Table:
        """Return the rows of a step in a part."""
        if part.table not in self._last_read or self._last_read[part.table][0] != part:
            self._last_read[part.table] = (part, read_part(self.path, part))
        table = self._last_read[part.table][1]
        start, end = np.searchsorted(table["step"].to_numpy(), [step, step + 1])
        return table.slice(start, end - start).drop_columns(["step"])

    def _retried(self, read: Callable[[], T]) -> T:
        """Return what a function reads; read the manifest again when a part is not there any more.

        The process that writes the run may have merged it into another one.
        """
        while True:
            try:
                return read()
            except StoreError:
                before, self._manifest = self._manifest, Manifest.read(self.path)
                if self._manifest.code == before.code:
                    raise

    def _finite(self, table: pa.Table, file: str, column: str) -> np.ndarray:
        """Return a column that must hold numbers."""
        values = table[column]
        if values.null_count or not np.issubdtype(values.to_numpy().dtype, np.number):
            raise StoreError(
                f"{self.path / file}: column {column!r}: expected a number in every row, got {values.type}"
            )
        numbers: np.ndarray = values.to_numpy()
        return numbers


def _attributes(table: pa.Table) -> dict[str, tuple[Any, ...]]:
    return {
        column.removeprefix("attribute:"): tuple(table[column].to_pylist())
        for column in table.column_names
        if column.startswith("attribute:")
    }


def _joined(tables: list[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return tables[0] if len(tables) == 1 else pa.concat_tables(tables)


def _pairs(table: pa.Table) -> Int[np.ndarray, "E 2"]:
    return np.stack([table["source"].to_numpy(), table["target"].to_numpy()], axis=1)
