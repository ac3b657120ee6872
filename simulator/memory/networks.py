"""Many copies of an associative memory as one system."""

from __future__ import annotations

import time
from typing import Any, TypeAlias, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from hubbub.simulator.configuration import Choice
from hubbub.simulator.engine.system import Observation, Records, Row, State
from hubbub.simulator.engine.team import SingleProcess, Team
from hubbub.simulator.errors import ConfigurationError, StoreError, complaint
from hubbub.simulator.memory.catalogue import check_takes_graph
from hubbub.simulator.memory.copies import lay_out
from hubbub.simulator.memory.detectors import Detectors
from hubbub.simulator.memory.model import Model
from hubbub.simulator.memory.patterns.checked import Patterns
from hubbub.simulator.memory.record import Record
from hubbub.simulator.memory.settings import Grid, Recording
from hubbub.simulator.memory.snapshot import Overlaps
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology

T = TypeVar("T")
Tables: TypeAlias = dict[str, dict[str, NDArray[Any]]]
"""Columns by name, by name of the table."""

COPIES_IN_A_BLOCK = 16
RECORDED_IN_A_CHUNK = 2**18
"""Largest number of copies times steps in one record: bounds the memory."""
STRIDE_S = 0.2
"""Seconds that a chunk of steps should take."""


class MemoryNetworks:
    """C copies of a memory, each with its own noise, load and random numbers; a `hubbub.simulator.engine.System`.

    The states of a copy depend neither on the other copies, nor on the kernel, nor on how the steps are cut into
    chunks. What is remembered of the past does not grow with the number of steps. Blocks are neighbouring copies; they
    exchange nothing.

    Parameters
    ----------
    model
        The memory; it gets its patterns here.
    grid, patterns, rng
        What the copies are (`lay_out`); a model without patterns ignores `patterns`.
    recording
        Which events are detected, and how often overlap and activity are recorded.
    kernel
        The name of one of the model's kernels, or "fastest".
    device
        Where the plain kernel computes; the compiled ones run on the CPU only.
    topology
        The graph of the run, which describes the copies; the model has its own reference to it.
    team
        The processes that share the copies; it says which blocks this one has.

    Attributes
    ----------
    copies
        All copies.
    here
        Numbers of the copies that this process has, `[c]`.
    """

    def __init__(
        self,
        model: Model,
        *,
        grid: Grid,
        patterns: Choice | Patterns | None,
        recording: Recording,
        rng: RandomStreams,
        kernel: str = "fastest",
        device: torch.device | None = None,
        topology: Topology | None = None,
        team: Team | None = None,
    ) -> None:
        if topology is not None:
            check_takes_graph(type(model), type(model).__name__)
        self.model, self.recording, self.now = model, recording, 0
        self.topology, self.team = topology, team or SingleProcess()
        device = device or torch.device("cpu")
        self.kernel = _kernel(model, kernel, device)
        self.copies = lay_out(grid, rng, patterns=patterns if model.stores_patterns else None, n_spins=model.n_spins)
        blocks = np.array_split(np.arange(len(self.copies)), -(-len(self.copies) // COPIES_IN_A_BLOCK))
        members = self.team.place(np.zeros((len(blocks), len(blocks))))
        assert np.array_equal(members, np.sort(members))  # `gather` returns values in the order of the members
        own = np.flatnonzero(members == self.team.rank).tolist()
        self.here = np.concatenate([np.empty(0, np.int64), *(blocks[number] for number in own)])
        if len(self.here):
            model.store(self.copies.of(self.here), device)
            self._state = model.initial(model.copies.start)
            self._detectors = Detectors(recording, nearest=self._nearest())
        self._step_s = STRIDE_S / 16  # a guess until the first chunk is timed

    @property
    def stride(self) -> int:
        """Steps in a chunk: as many as fit a record, or fewer where steps were slow; no result depends on it."""
        return max(1, min(RECORDED_IN_A_CHUNK // max(len(self.here), 1), int(STRIDE_S / self._step_s)))

    @property
    def work(self) -> tuple[str, int]:
        """Spins updated."""
        return "spin updates", self.now * self.copies.start.size

    def step(self, n: int) -> Records:
        """Make `n` steps; return the tables `events` and `series` of what happened.

        Events are "avalanche-birth", "avalanche-death", "coincidence" and "switch" (`Detectors.detect`); a row of the
        series is the activity of one copy after a step, and its overlap Q with the target where there are patterns.
        """
        chunks, until = [], self.now + n
        while len(self.here) and self.now < until:
            start, chunk_steps = time.perf_counter(), min(self.stride, until - self.now)
            chunks.append(self._chunk(chunk_steps))
            self._step_s = (time.perf_counter() - start) / chunk_steps
        self.now = until
        parts = self._gather(_joined(chunks)) or []
        return parts[0] if len(parts) == 1 else _in_order(_joined(parts))

    def observe(self, *, closely: bool) -> Observation:
        """Return the metrics of every copy; with `closely` also its energy and its overlap with every pattern.

        Metrics: `activity`, `overlap` with the target, and `mean_overlap`, its mean over the steps after the burn-in.
        """
        parts = self._gather(self._measured(closely)) or []
        metrics: list[Row] = [
            {"name": name, "value": value, "copy": copy}
            for name in (parts[0][0] if parts else ())
            for copy, value in enumerate(np.concatenate([values[name] for values, _ in parts]).tolist())
        ]
        overlaps = [np.concatenate(columns) for columns in zip(*(found for _, found in parts if found), strict=True)]
        return Observation(self.now, metrics, Overlaps(self.now, *overlaps) if overlaps else None)

    def _measured(self, closely: bool) -> tuple[dict[str, NDArray[np.float64]], tuple[NDArray[Any], ...]]:
        """Return the metrics of the copies of this process by name, `[c]` each, and the columns of `Overlaps`."""
        if not len(self.here):
            return {}, ()
        state, size = self._tensor(), self.copies.n_spins
        values = {"activity": self.model.is_on(state).sum(dim=1).double().cpu().numpy()}
        columns: tuple[NDArray[Any], ...] = ()
        if self.model.stores_patterns:
            overlaps = [(copies, (products / size).cpu().numpy()) for copies, products in self.model.overlaps(state)]
            values["overlap"] = np.empty(len(self.here))
            for copies, of_patterns in overlaps:
                values["overlap"][copies] = of_patterns[:, self.copies.target]
            if (n_recorded := self.now - self.recording.burn_in_steps) > 0:
                values["mean_overlap"] = self._detectors.overlap_sums / (n_recorded * size)
            if closely:
                columns = _by_copy(overlaps)
                columns = self.here[columns[0]], *columns[1:]
        if closely and (energy := self.model.energy(state)) is not None:
            values["energy"] = energy.numpy()
        return {name: of_copies.astype(np.float64) for name, of_copies in values.items()}, columns

    def state(self) -> State:
        """Return the states `[C, D]`, what the detectors remember, and the step."""
        parts = self._gather({name: torch.from_numpy(values) for name, values in self._tensors().items()}) or []
        tensors = {name: torch.cat([part[name] for part in parts]) for name in (parts[0] if parts else ())}
        return State(tensors, {"step": self.now})

    def load(self, state: State) -> None:
        """Load a state of the same configuration; `StoreError` where it belongs to another one."""
        for name, own in self._tensors().items():
            got, expected = state.tensors.get(name), (len(self.copies), *own.shape[1:])
            if got is None or tuple(got.shape) != expected:
                raise StoreError(
                    f"checkpoint: expected {name} of shape {expected}, got "
                    f"{'nothing' if got is None else tuple(got.shape)}; it belongs to another configuration"
                )
            own[:] = got.numpy()[self.here]
        self.now = int(state.values["step"])

    def _chunk(self, n_steps: int) -> Tables:
        every, made = self.recording.series_every, self.now
        record = Record.empty(len(self.here), n_steps, nearest=self.recording.switches and self.model.stores_patterns)
        self.model.advance(self.kernel, self._state, made=made, record=record)
        self.now += n_steps
        events = self._detectors.detect(record, made)
        tables = {"events": {**events, "copy": self.here[events["copy"]]}}
        if every:
            due = np.arange(-(made + 1) % every, n_steps, every)
            tables["series"] = {
                "step": np.repeat(made + 1 + due, len(self.here)),
                "copy": np.tile(self.here, len(due)),
                "activity": record.activity[:, due].T.reshape(-1),
            }
            if self.model.stores_patterns:
                tables["series"]["overlap"] = record.overlap[:, due].T.reshape(-1) / self.copies.n_spins
        return tables

    def _tensor(self) -> torch.Tensor:
        return torch.from_numpy(self._state).to(self.model.patterns.device)

    def _gather(self, own: T) -> list[T] | None:
        """Return the values of all members that have copies, in the order of the copies, where the run is recorded."""
        return self.team.gather({self.team.rank: own} if len(self.here) else {})

    def _tensors(self) -> dict[str, NDArray[Any]]:
        if not len(self.here):
            return {}
        return {"spins": self._state, **{f"events.{name}": values for name, values in self._detectors.tensors.items()}}

    def _nearest(self) -> NDArray[np.int64]:
        nearest = np.full(len(self.here), -1)
        for copies, products in self.model.overlaps(self._tensor()) if self.model.stores_patterns else ():
            nearest[copies] = products.cpu().numpy().argmax(axis=1)
        return nearest


def _kernel(model: Model, name: str, device: torch.device) -> str:
    """Return the kernel with this name; `ConfigurationError` where the model does not have it on the device."""
    usable = model.kernels if device.type == "cpu" else ("plain",)
    if name == "fastest":
        return usable[0]
    if name not in usable:
        raise ConfigurationError(
            complaint("dynamics.kernel", expected=f"one of fastest, {', '.join(usable)}", got=name, valid=usable)
        )
    return name


def _joined(parts: list[Tables]) -> Tables:
    """Return tables joined, one after the other."""

    def column(table: str, name: str) -> NDArray[Any]:
        values = [part[table][name] for part in parts]
        return (np.ma.concatenate if isinstance(values[0], np.ma.MaskedArray) else np.concatenate)(values)

    if len(parts) == 1:
        return parts[0]
    return {table: {name: column(table, name) for name in parts[0][table]} for table in (parts[0] if parts else ())}


def _in_order(tables: Tables) -> Tables:
    """Return tables sorted by step; rows of the same step stay as they are."""
    orders = {table: np.argsort(columns["step"], kind="stable") for table, columns in tables.items()}
    return {
        table: {name: values[orders[table]] for name, values in columns.items()} for table, columns in tables.items()
    }


def _by_copy(
    overlaps: list[tuple[NDArray[np.int64], NDArray[np.float64]]],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return copy, pattern and overlap, sorted by copy and pattern."""
    copy = np.concatenate([np.repeat(copies, values.shape[1]) for copies, values in overlaps])
    pattern = np.concatenate([np.tile(np.arange(values.shape[1]), len(copies)) for copies, values in overlaps])
    values = np.concatenate([values.reshape(-1) for _, values in overlaps])
    order = np.lexsort((pattern, copy))
    return copy[order], pattern[order], values[order]
