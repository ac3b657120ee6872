"""The copies of a memory network side by side: what each stores, how noisy it is, where it starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
from jaxtyping import Float, Int, Int8, UInt64
from numpy.typing import NDArray

from hubbub.simulator.configuration import Choice
from hubbub.simulator.counting import part
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory.patterns.checked import Patterns, checked
from hubbub.simulator.memory.settings import Grid
from hubbub.simulator.randomness import RandomStreams


@dataclass(frozen=True, eq=False)
class Copies:
    """C copies: noise levels × loads × repetitions, the repetitions running fastest.

    Attributes
    ----------
    noise, load, repetition
        Noise level, number of stored patterns and number of the repetition of each copy, `[C]`.
    patterns
        The patterns of each repetition, `[repetitions, K, D]` int8 of ±1; a copy stores the first `load` of them.
    target
        Number of the pattern whose overlap with the state is recorded.
    start
        States at step 0, `[C, D]` int8 of ±1.
    noise_keys, order_keys
        Keys of the random words of each copy, `[C]` uint64.
    """

    noise: Float[np.ndarray, " C"]
    load: Int[np.ndarray, " C"]
    repetition: Int[np.ndarray, " C"]
    patterns: Int8[np.ndarray, "repetitions K D"]
    target: int
    start: Int8[np.ndarray, "C D"]
    noise_keys: UInt64[np.ndarray, " C"]
    order_keys: UInt64[np.ndarray, " C"]

    def __len__(self) -> int:
        return len(self.noise)

    @property
    def n_spins(self) -> int:
        """Number of spins D of a copy."""
        return self.start.shape[1]

    def of(self, which: Int[np.ndarray, " c"]) -> Copies:
        """Return the copies with these numbers `[c]`."""
        names = ("noise", "load", "repetition", "start", "noise_keys", "order_keys")
        return replace(self, **{name: getattr(self, name)[which] for name in names})

    @cached_property
    def groups(self) -> list[tuple[int, int, Int[np.ndarray, " c"]]]:
        """Return repetition, load and numbers `[c]` of each group of copies that store the same patterns."""
        stored, which = np.unique(np.column_stack([self.repetition, self.load]), axis=0, return_inverse=True)
        return [
            (int(repetition), int(load), np.flatnonzero(which.reshape(-1) == number))
            for number, (repetition, load) in enumerate(stored)
        ]


def lay_out(
    grid: Grid, rng: RandomStreams, *, patterns: Choice | Patterns | None, n_spins: int | None = None
) -> Copies:
    """Return the copies of a grid.

    The random streams of a copy are keyed by its own noise, load and repetition, so that its numbers do not depend on
    which other copies there are. The patterns are keyed by the repetition alone: copies of a smaller load store the
    first of the same patterns.

    Parameters
    ----------
    patterns
        A section that says what is stored, an array `[P, D]` of ±1 for all repetitions, or None for no patterns.
    n_spins
        Number of spins D where a graph fixes it, and not the patterns.

    Raises
    ------
    ConfigurationError
        If the patterns are not ±1, not distinct or fewer than the load, or do not have `n_spins` spins.
    """
    n_stored = 0 if patterns is None else max(grid.load)
    if n_stored and grid.target >= min(grid.load):
        raise ConfigurationError(
            f"copies.target: expected a pattern that every copy stores, 0 … {min(grid.load) - 1}, got {grid.target}"
        )
    stored = np.stack([_stored(patterns, n_stored, n_spins, rng, number) for number in range(grid.repetitions)])
    size = stored.shape[2]
    settings = list(product(grid.noise, grid.load, range(grid.repetitions)))
    start = np.empty((len(settings), size), dtype=np.int8)
    keys = np.empty((len(settings), 2), dtype=np.uint64)
    for copy, (noise, load, repetition) in enumerate(settings):
        address = (load, repetition, int(np.float64(noise).view(np.int64)))
        keys[copy] = rng.at("memory-words", *address).integers(2**64, size=2, dtype=np.uint64)
        pattern = stored[repetition, grid.target] if n_stored else np.full(size, -1, dtype=np.int8)
        start[copy] = _start(grid, pattern, rng.at("memory-start", *address))
    noises, loads, repetitions = zip(*settings, strict=True)
    return Copies(
        noise=np.array(noises, dtype=np.float64),
        load=np.array(loads) if n_stored else np.zeros(len(settings), dtype=np.int64),
        repetition=np.array(repetitions),
        patterns=stored,
        target=grid.target,
        start=start,
        noise_keys=keys[:, 0].copy(),
        order_keys=keys[:, 1].copy(),
    )


def _stored(
    patterns: Choice | Patterns | None, n_patterns: int, n_spins: int | None, rng: RandomStreams, repetition: int
) -> Int8[np.ndarray, "K D"]:
    """Return what the copies of one repetition store, `[K, D]`."""
    if patterns is None:
        return np.empty((0, n_spins or 0), dtype=np.int8)
    if isinstance(patterns, Choice):
        built: Patterns = patterns.build(n_patterns=n_patterns, generator=rng.at("memory-patterns", repetition))
    else:
        built = patterns
    values = checked(built)
    if len(values) < n_patterns:
        raise ConfigurationError(
            f"copies.load: expected at most the number of patterns ({len(values)}), got {n_patterns}"
        )
    if n_spins is not None and values.shape[1] != n_spins:
        raise ConfigurationError(
            f"patterns: expected one value for each of the {n_spins} agents of the topology, got {values.shape[1]}"
        )
    return values[:n_patterns]


def _start(grid: Grid, pattern: NDArray[np.int8], generator: np.random.Generator) -> NDArray[np.int8]:
    state = pattern.copy()
    if grid.start == "random":
        state = np.where(generator.random(len(state)) < 0.5, 1, -1).astype(np.int8)
    flipped = generator.permutation(len(state))[: round(part(grid.flipped, len(state)))]
    state[flipped] *= -1
    return state
