"""Many copies of an associative memory as one system."""

from __future__ import annotations

import time
from typing import TypeAlias, TypeVar

import numpy as np
import torch

from hubbub.simulator.configuration import Choice
from hubbub.simulator.engine.system import Observation, Records, Row, State
from hubbub.simulator.engine.team import SingleProcess, Team
from hubbub.simulator.errors import ConfigurationError, StoreError, complaint
from hubbub.simulator.memory.copies import lay_out
from hubbub.simulator.memory.detectors import Detectors
from hubbub.simulator.memory.model import Model
from hubbub.simulator.memory.record import Record
from hubbub.simulator.memory.settings import Grid, Recording
from hubbub.simulator.memory.snapshot import Overlaps
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology

T = TypeVar("T")
Tables: TypeAlias = dict[str, dict[str, np.ndarray]]

COPIES_IN_A_BLOCK = 16
NOTES_IN_A_CHUNK = 2**18
STRIDE_S = 0.2


class MemoryNetworks:
    """C copies of a memory, each with its own noise, load and luck; a `hubbub.simulator.engine.System`.

    A copy's states depend neither on the others beside it, nor on the kernel, nor on how the steps are cut. What is
    remembered of the past does not grow with the number of steps. Blocks are neighbouring copies; they have nothing to
    say to each other.

    Parameters
    ----------
    model
        The memory; it is given its patterns here.
    grid, patterns, luck
        What the copies are (`lay_out`); a model without patterns leaves `patterns` aside.
    recording
        Which events are looked for, and how often overlap and activity are given out.
    kernel
        The code of a step: the name of one of the model's kernels, or "fastest".
    device
        Where the plain kernel computes; the compiled ones know only the CPU.
    team
        Says which blocks of copies live here.

    Attributes
    ----------
    copies
        All copies; those in `here` live here.
    """

    def __init__(
        self,
        model: Model,
        *,
        grid: Grid,
        patterns: Choice | np.ndarray | None,
        recording: Recording,
        rng: RandomStreams,
        kernel: str = "fastest",
        device: torch.device | None = None,
        topology: Topology | None = None,
        team: Team | None = None,
    ) -> None:
        self.model, self.recording, self.now = model, recording, 0
        self.topology, self.team = topology, team or SingleProcess()
        device = device or torch.device("cpu")
        self.kernel = _kernel(model, kernel, device)
        self.copies = lay_out(grid, rng, patterns=patterns if model.stores_patterns else None, n_spins=model.n_spins)
        blocks = np.array_split(np.arange(len(self.copies)), -(-len(self.copies) // COPIES_IN_A_BLOCK))
        living = self.team.place(np.zeros((len(blocks), len(blocks))))
        assert np.array_equal(living, np.sort(living))  # what is gathered stands in the order of the members
        mine = np.flatnonzero(living == self.team.rank).tolist()
        self.here = np.concatenate([np.empty(0, np.int64), *(blocks[number] for number in mine)])
        if len(self.here):
            model.store(self.copies.of(self.here), device)
            self._state = model.initial(model.copies.start)
            self._detectors = Detectors(recording, nearest=self._nearest())
        self._step_s = STRIDE_S / 16  # a guess until the first chunk is timed

    @property
    def stride(self) -> int:
        """Steps in a chunk: as many as fit the notes, or fewer where steps were slow; no result depends on it."""
        return max(1, min(NOTES_IN_A_CHUNK // max(len(self.here), 1), int(STRIDE_S / self._step_s)))

    @property
    def work(self) -> tuple[str, int]:
        """Spins updated."""
        return "spin updates", self.now * self.copies.start.size

    def step(self, n: int) -> Records:
        """Advance `n` steps; return the tables `events` and `series` of what happened.

        Events are "avalanche-birth", "avalanche-death", "coincidence" and "switch" (`Detectors.watch`); a row of the
        series is the activity of one copy after a step, and its overlap Q with the target where there are patterns.
        """
        chunks, until = [], self.now + n
        while len(self.here) and self.now < until:
            start, chunk_steps = time.perf_counter(), min(self.stride, until - self.now)
            chunks.append(self._chunk(chunk_steps))
            self._step_s = (time.perf_counter() - start) / chunk_steps
        self.now = until
        everywhere = self._gather(_joined(chunks)) or []
        return everywhere[0] if len(everywhere) == 1 else _in_order(_joined(everywhere))

    def observe(self, *, snapshot: bool) -> Observation:
        """Return the metrics of every copy; with `snapshot` also its energy and its overlap with every pattern.

        Metrics: `activity`, `overlap` with the target, and `mean_overlap`, its mean over the steps after the burn-in.
        """
        looks = self._gather(self._look(snapshot)) or []
        metrics: list[Row] = [
            {"name": name, "value": value, "copy": copy}
            for name in (looks[0][0] if looks else ())
            for copy, value in enumerate(np.concatenate([values[name] for values, _ in looks]).tolist())
        ]
        overlaps = [np.concatenate(columns) for columns in zip(*(found for _, found in looks if found), strict=True)]
        return Observation(self.now, metrics, Overlaps(self.now, *overlaps) if overlaps else None)

    def _look(self, snapshot: bool) -> tuple[dict[str, np.ndarray], tuple[np.ndarray, ...]]:
        """Return the metrics by name, `[c]` each, of the copies that live here, and the columns of `Overlaps`."""
        if not len(self.here):
            return {}, ()
        state, size = self._tensor(), self.copies.n_spins
        values = {"activity": self.model.is_on(state).sum(dim=1).double().cpu().numpy()}
        columns: tuple[np.ndarray, ...] = ()
        if self.model.stores_patterns:
            overlaps = [(copies, (products / size).cpu().numpy()) for copies, products in self.model.overlaps(state)]
            values["overlap"] = np.empty(len(self.here))
            for copies, of_patterns in overlaps:
                values["overlap"][copies] = of_patterns[:, self.copies.target]
            if (watched := self.now - self.recording.burn_in_steps) > 0:
                values["mean_overlap"] = self._detectors.tensors["overlaps"] / (watched * size)
            if snapshot:
                columns = _by_copy(overlaps)
                columns = self.here[columns[0]], *columns[1:]
        if snapshot and (energy := self.model.energy(state)) is not None:
            values["energy"] = energy.numpy()
        return {name: of_copies.astype(np.float64) for name, of_copies in values.items()}, columns

    def state(self) -> State:
        """Return the states `[C, D]`, what the detectors remember, and the step."""
        parts = self._gather({name: torch.from_numpy(values) for name, values in self._tensors().items()}) or []
        tensors = {name: torch.cat([part[name] for part in parts]) for name in (parts[0] if parts else ())}
        return State(tensors, {"step": self.now})

    def load(self, state: State) -> None:
        """Take over a state of the same configuration; `StoreError` when it is of another."""
        for name, own in self._tensors().items():
            got, needed = state.tensors.get(name), (len(self.copies), *own.shape[1:])
            if got is None or tuple(got.shape) != needed:
                raise StoreError(
                    f"checkpoint: expected {name} of shape {needed}, got "
                    f"{'nothing' if got is None else tuple(got.shape)}; it belongs to another configuration"
                )
            own[:] = got.numpy()[self.here]
        self.now = int(state.values["step"])

    def _chunk(self, n_steps: int) -> Tables:
        every, made = self.recording.series_every, self.now
        record = Record.empty(len(self.here), n_steps, nearest=self.recording.switches and self.model.stores_patterns)
        self.model.advance(self.kernel, self._state, made=made, record=record)
        self.now += n_steps
        events = self._detectors.watch(record, made)
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

    def _gather(self, mine: T) -> list[T] | None:
        """Return what all members with copies have, in the order of their copies, where the run is recorded."""
        return self.team.gather({self.team.rank: mine} if len(self.here) else {})

    def _tensors(self) -> dict[str, np.ndarray]:
        if not len(self.here):
            return {}
        return {"spins": self._state, **{f"events.{name}": of for name, of in self._detectors.tensors.items()}}

    def _nearest(self) -> np.ndarray:
        nearest = np.full(len(self.here), -1)
        for copies, products in self.model.overlaps(self._tensor()) if self.model.stores_patterns else ():
            nearest[copies] = products.cpu().numpy().argmax(axis=1)
        return nearest


def _kernel(model: Model, name: str, device: torch.device) -> str:
    """Return the kernel that a name stands for."""
    usable = model.kernels if device.type == "cpu" else ("plain",)
    if name == "fastest":
        return usable[0]
    if name not in usable:
        raise ConfigurationError(
            complaint("dynamics.kernel", expected=f"one of fastest, {', '.join(usable)}", got=name, valid=usable)
        )
    return name


def _joined(parts: list[Tables]) -> Tables:
    """Return tables one after the other."""

    def column(table: str, name: str) -> np.ndarray:
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


def _by_copy(overlaps: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return copy, pattern and overlap, sorted by copy and pattern."""
    copy = np.concatenate([np.repeat(copies, values.shape[1]) for copies, values in overlaps])
    pattern = np.concatenate([np.tile(np.arange(values.shape[1]), len(copies)) for copies, values in overlaps])
    values = np.concatenate([values.reshape(-1) for _, values in overlaps])
    order = np.lexsort((pattern, copy))
    return copy[order], pattern[order], values[order]
