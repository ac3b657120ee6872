"""Many copies of an associative memory as one system."""

from __future__ import annotations

import time

import numpy as np
import torch

from simulator.configuration import Choice
from simulator.engine.system import Observation, Records, Row, State
from simulator.errors import ConfigurationError, StoreError, complaint
from simulator.memory.copies import lay_out
from simulator.memory.detectors import Detectors
from simulator.memory.model import Model
from simulator.memory.record import Record
from simulator.memory.settings import Grid, Recording
from simulator.memory.snapshot import Overlaps
from simulator.randomness import Luck
from simulator.topology import Topology

NOTES_IN_A_CHUNK = 2**18
STRIDE_S = 0.2


class MemoryNetworks:
    """C copies of a memory, each with its own noise, load and luck; a `simulator.engine.System`.

    A copy's states depend neither on the others beside it, nor on the kernel, nor on how the steps are cut. What is
    remembered of the past does not grow with the number of steps.

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
    """

    def __init__(
        self,
        model: Model,
        *,
        grid: Grid,
        patterns: Choice | np.ndarray | None,
        recording: Recording,
        luck: Luck,
        kernel: str = "fastest",
        device: torch.device | None = None,
    ) -> None:
        self.model, self.recording, self.now = model, recording, 0
        self.graph: Topology | None = None
        device = device or torch.device("cpu")
        self.kernel = _kernel(model, kernel, device)
        self.copies = lay_out(grid, luck, patterns=patterns if model.stores_patterns else None, n_spins=model.n_spins)
        model.store(self.copies, device)
        self._state = model.initial(self.copies.start)
        self._detectors = Detectors(recording, nearest=self._nearest())
        self._step_s = STRIDE_S / 16  # a guess until the first chunk is timed

    @property
    def stride(self) -> int:
        """Steps in a chunk: as many as fit the notes, or fewer where steps were slow; no result depends on it."""
        return max(1, min(NOTES_IN_A_CHUNK // len(self.copies), int(STRIDE_S / self._step_s)))

    @property
    def work(self) -> tuple[str, int]:
        """Spins updated."""
        return "spin updates", self.now * self._state.size

    def step(self, n: int) -> Records:
        """Advance `n` steps; return the tables `events` and `series` of what happened.

        Events are "avalanche-birth", "avalanche-death", "coincidence" and "switch" (`Detectors.watch`); a row of the
        series is the activity of one copy after a step, and its overlap Q with the target where there are patterns.
        """
        chunks, until = [], self.now + n
        while self.now < until:
            start, chunk_steps = time.perf_counter(), min(self.stride, until - self.now)
            chunks.append(self._chunk(chunk_steps))
            self._step_s = (time.perf_counter() - start) / chunk_steps
        if len(chunks) == 1:
            return chunks[0]
        return {
            table: {name: _joined([chunk[table][name] for chunk in chunks]) for name in chunks[0][table]}
            for table in (chunks[0] if chunks else ())
        }

    def observe(self, *, closely: bool) -> Observation:
        """Return the metrics of every copy; closely, also its energy and its overlap with every pattern.

        Metrics: `activity`, `overlap` with the target, and `mean_overlap`, its mean over the steps after the burn-in.
        """
        state, size = self._tensor(), self.copies.n_spins
        values = {"activity": self.model.is_on(state).sum(dim=1).double().cpu().numpy()}
        snapshot = None
        if self.model.stores_patterns:
            overlaps = [(copies, (products / size).cpu().numpy()) for copies, products in self.model.overlaps(state)]
            values["overlap"] = np.empty(len(self.copies))
            for copies, of_patterns in overlaps:
                values["overlap"][copies] = of_patterns[:, self.copies.target]
            if (watched := self.now - self.recording.burn_in_steps) > 0:
                values["mean_overlap"] = self._detectors.tensors["overlaps"] / (watched * size)
            if closely:
                snapshot = _snapshot(self.now, overlaps)
        if closely and (energy := self.model.energy(state)) is not None:
            values["energy"] = energy.numpy()
        metrics: list[Row] = [
            {"name": name, "value": float(value), "copy": copy}
            for name, of_copies in values.items()
            for copy, value in enumerate(of_copies)
        ]
        return Observation(self.now, metrics, snapshot)

    def state(self) -> State:
        """Return the states `[C, D]`, what the detectors remember, and the step."""
        tensors = {name: torch.from_numpy(values) for name, values in self._tensors().items()}
        return State(tensors, {"step": self.now})

    def load(self, state: State) -> None:
        """Take over a state of the same configuration; `StoreError` when it is of another."""
        for name, own in self._tensors().items():
            got = state.tensors.get(name)
            if got is None or tuple(got.shape) != own.shape:
                raise StoreError(
                    f"checkpoint: expected {name} of shape {own.shape}, got "
                    f"{'nothing' if got is None else tuple(got.shape)}; it belongs to another configuration"
                )
            own[:] = got.numpy()
        self.now = int(state.values["step"])

    def _chunk(self, n_steps: int) -> dict[str, dict[str, np.ndarray]]:
        every, made = self.recording.series_every, self.now
        record = Record.empty(len(self.copies), n_steps, nearest=self.recording.switches and self.model.stores_patterns)
        self.model.advance(self.kernel, self._state, made=made, record=record)
        self.now += n_steps
        tables = {"events": self._detectors.watch(record, made)}
        if every:
            due = np.arange(-(made + 1) % every, n_steps, every)
            copies = np.arange(len(self.copies))
            tables["series"] = {
                "step": np.repeat(made + 1 + due, len(copies)),
                "copy": np.tile(copies, len(due)),
                "activity": record.activity[:, due].T.reshape(-1),
            }
            if self.model.stores_patterns:
                tables["series"]["overlap"] = record.overlap[:, due].T.reshape(-1) / self.copies.n_spins
        return tables

    def _tensor(self) -> torch.Tensor:
        return torch.from_numpy(self._state).to(self.model.patterns.device)

    def _tensors(self) -> dict[str, np.ndarray]:
        return {"spins": self._state, **{f"events.{name}": of for name, of in self._detectors.tensors.items()}}

    def _nearest(self) -> np.ndarray:
        nearest = np.full(len(self.copies), -1)
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


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    join = np.ma.concatenate if isinstance(parts[0], np.ma.MaskedArray) else np.concatenate
    return join(parts)


def _snapshot(step: int, overlaps: list[tuple[np.ndarray, np.ndarray]]) -> Overlaps:
    copy = np.concatenate([np.repeat(copies, values.shape[1]) for copies, values in overlaps])
    pattern = np.concatenate([np.tile(np.arange(values.shape[1]), len(copies)) for copies, values in overlaps])
    values = np.concatenate([values.reshape(-1) for _, values in overlaps])
    order = np.lexsort((pattern, copy))
    return Overlaps(step, copy[order], pattern[order], values[order])
