"""Paths in an agent that speaks: from what it sees, over its states and the symbols it says, to the last symbol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from hubbub.analysis.emergence.counting import (
    SWEEP,
    THRESHOLD,
    Counting,
    PathEmergence,
    path_emergence_of,
    thresholds_with,
)
from hubbub.simulator.errors import ConfigurationError, complaint

WEIGHTS = (
    *("objects", "objects_bias", "symbols", "inputs", "inputs_bias", "recurrent", "candidate_bias"),
    *("emit", "emit_bias"),
)
"""Weights of a recurrent speaker, as a checkpoint has them."""


def speaking_path_emergence(
    weights: Mapping[str, np.ndarray],
    objects: np.ndarray,
    messages: np.ndarray,
    *,
    lengths: np.ndarray,
    threshold: float = THRESHOLD,
    sweep: tuple[float, ...] = SWEEP,
) -> PathEmergence:
    """Return the path emergence of each of N recurrent agents while they speak, all at once.

    The network is the speaker unrolled over a message of L symbols: the encoded object (H units), then for every
    symbol the state it is said from (H) and the symbol (V), which leads, as the state does, to the next state. A unit
    is a cell of the recurrent layer or a symbol, and two units are linked or not, over however many weights and gates;
    so neighbouring layers are fully linked and paths are counted in closed form, as in `closed_form_paths`. They may
    begin in every layer but the last symbol; what is seen is the input, and where no path begins.

    Parameters
    ----------
    weights
        Arrays `[N, …]` by the names in `WEIGHTS`; others are left aside.
    objects
        Features of the referents `[R, F]`, the samples that activity is the mean over.
    messages, lengths
        What each agent says of them `[N, R, L]`, and numbers of symbols `[N, R]`. A symbol's activation is 1 where it
        is said and 0 elsewhere; after the end of a message every unit is silent, 0.
    threshold, sweep
        As in `path_emergence`. At .05 a symbol is active in a place where more than 5 % of the messages have it.

    O(N R L H²).

    Raises
    ------
    ConfigurationError
        For weights that are not those of a recurrent speaker, shapes that do not fit, and weights that are not finite.
    """
    counting, thresholds = Counting(threshold=threshold, masked=False), thresholds_with(threshold, sweep)
    _check(weights, objects, messages, lengths)
    n_agents, n_referents, n_positions = messages.shape
    n_cells, n_symbols = weights["emit"].shape[1:]
    levels = thresholds[:, None]
    seen = _encoded(weights, objects)
    active = [_active(seen, levels)]
    paths = np.zeros((n_agents, len(thresholds)))
    from_state, from_symbol = n_cells - active[0], np.zeros_like(paths)
    for position, states in enumerate(speaking_states(weights, objects, messages)):
        said = messages[:, :, position, None] == np.arange(n_symbols)
        alive = (lengths > position)[:, :, None]
        cells, symbols = _active(states * alive, levels), _active(said * alive, levels)
        reached = from_state + from_symbol
        from_state = n_cells * reached + n_cells - cells
        from_symbol = n_symbols * from_state + n_symbols - symbols
        paths += reached * cells + from_state * symbols
        active += [cells, symbols]
    places = range(1, n_positions + 1)
    return path_emergence_of(
        paths,
        np.stack(active, axis=-1),
        thresholds=thresholds,
        layers=("object", *(f"{layer} {place}" for place in places for layer in ("state", "symbol"))),
        sizes=np.array([n_cells, *[n_cells, n_symbols] * n_positions]),
        counting=counting,
        n_parameters=np.full(n_agents, sum(weights[name][0].size for name in WEIGHTS)),
        n_samples=n_referents,
    )


def speaking_states(
    weights: Mapping[str, np.ndarray], objects: np.ndarray, messages: np.ndarray
) -> Iterator[np.ndarray]:
    """Yield the states `[N, R, H]` from which agents say the symbols of `messages [N, R, L]`, one after the other.

    The recurrent unit is that of Cho et al. (2014) with the candidate's recurrent bias inside the reset gate.
    """
    table = weights["symbols"] @ weights["inputs"] + weights["inputs_bias"]  # [N, V + 1, 3H]; the start symbol is last
    state, gates = _encoded(weights, objects), table[:, -1:]
    n_cells = state.shape[-1]
    for said in np.moveaxis(messages, 2, 0):
        recurrent = state @ weights["recurrent"]
        both = (1 + np.tanh((gates + recurrent)[..., : 2 * n_cells] / 2)) / 2
        reset, update = both[..., :n_cells], both[..., n_cells:]
        candidate = gates[..., 2 * n_cells :] + reset * (recurrent[..., 2 * n_cells :] + weights["candidate_bias"])
        state = (1 - update) * np.tanh(candidate) + update * state
        yield state
        gates = np.take_along_axis(table, said[..., None], axis=1)


def _encoded(weights: Mapping[str, np.ndarray], objects: np.ndarray) -> np.ndarray:
    encoded: np.ndarray = np.tanh(objects @ weights["objects"] + weights["objects_bias"])
    return encoded


def _active(values: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return how many units of values `[N, R, n]` are above each of the levels `[T, 1]` in the mean, `[N, T]`."""
    return np.count_nonzero(values.mean(axis=1)[:, None] > levels, axis=2)


def _check(weights: Mapping[str, np.ndarray], objects: np.ndarray, messages: np.ndarray, lengths: np.ndarray) -> None:
    lacking = [name for name in WEIGHTS if name not in weights]
    if lacking:
        raise ConfigurationError(
            complaint("weights", expected=f"those of a recurrent speaker, {lacking[0]} among them", got=sorted(weights))
        )
    for name in WEIGHTS:
        if not np.isfinite(weights[name]).all():
            raise ConfigurationError(f"weights[{name!r}]: expected finite numbers, got others")
    n_agents, n_features, _ = weights["objects"].shape
    if objects.ndim != 2 or not len(objects) or objects.shape[1] != n_features:
        raise ConfigurationError(complaint("objects", expected=f"shape [R, {n_features}], R ≥ 1", got=objects.shape))
    if messages.ndim != 3 or messages.shape[:2] != (n_agents, len(objects)):
        expected = f"shape [{n_agents}, {len(objects)}, L]"
        raise ConfigurationError(complaint("messages", expected=expected, got=messages.shape))
    if lengths.shape != messages.shape[:2]:
        raise ConfigurationError(complaint("lengths", expected=f"shape {messages.shape[:2]}", got=lengths.shape))
