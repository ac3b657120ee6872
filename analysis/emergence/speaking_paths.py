"""Path emergence of speakers: paths from the encoded object through states and symbols to the last symbol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.analysis.arrays import below
from hubbub.analysis.emergence.counting import (
    SWEEP,
    THRESHOLD,
    Counting,
    PathEmergence,
    path_emergence_of,
    thresholds_with,
)
from hubbub.analysis.validation import COUNT, validated
from hubbub.simulator.errors import ConfigurationError, complaint

WEIGHTS = (
    *("objects", "objects_bias", "symbols", "inputs", "inputs_bias", "recurrent", "candidate_bias"),
    *("emit", "emit_bias"),
)
"""Names of the weights of a recurrent speaker in a checkpoint."""


@validated(messages=COUNT, lengths=COUNT)
def speaking_path_emergence(
    weights: Mapping[str, Float[np.ndarray, "N ..."]],
    objects: Real[np.ndarray, "R F"],
    messages: Int[np.ndarray, "N R L"],
    *,
    lengths: Int[np.ndarray, "N R"],
    threshold: float = THRESHOLD,
    sweep: tuple[float, ...] = SWEEP,
) -> PathEmergence:
    """Return the path emergence of each of N recurrent agents while they speak, all at once.

    The network is the speaker unrolled over a message of L symbols: the encoded object (H units), then for every
    position the state from which a symbol is said (H units) and the symbol (V units). State and symbol both lead to
    the next state. A unit is a cell of the recurrent layer or a symbol; two units have one link, however many weights
    and gates connect them. So neighbouring layers are fully linked and paths are counted in closed form, as in
    `closed_form_paths` (AlShinaifi et al. 2024). Paths may begin in every layer except the last symbol; the features
    of the object are the input, where no path begins.

    Parameters
    ----------
    weights
        Arrays `[N, …]` by the names in `WEIGHTS`; other names are ignored.
    objects
        Features of the referents, `[R, F]`. Activations are means over the referents.
    messages, lengths
        Messages of each agent for each referent, `[N, R, L]`, and their numbers of symbols, `[N, R]`. The activation of
        a symbol is 1 where it is said and 0 otherwise; after the end of a message all activations are 0.
    threshold, sweep
        As in `path_emergence`. At .05 a symbol is active in a position if more than 5 % of the messages have it there.

    Raises
    ------
    ConfigurationError
        Weights that are not those of a recurrent speaker or not finite, or shapes that do not fit.

    Notes
    -----
    Deterministic; O(N R L H²).
    """
    counting, thresholds = Counting(threshold=threshold, masked=False), thresholds_with(threshold, sweep)
    _check(weights, objects, messages, lengths)
    n_agents, n_referents, n_positions = messages.shape
    n_cells, n_symbols = weights["emit"].shape[1:]
    levels = thresholds[:, None]
    encoded = _encoded(weights, objects)
    active = [_active(encoded, levels)]
    paths = np.zeros((n_agents, len(thresholds)))
    from_state, from_symbol = n_cells - active[0], np.zeros_like(paths)
    for position, states in enumerate(speaking_states(weights, objects, messages)):
        said = messages[:, :, position, None] == np.arange(n_symbols)
        before_end = (lengths > position)[:, :, None]
        cells, symbols = _active(states * before_end, levels), _active(said * before_end, levels)
        reached = from_state + from_symbol
        from_state = n_cells * reached + n_cells - cells
        from_symbol = n_symbols * from_state + n_symbols - symbols
        paths += reached * cells + from_state * symbols
        active += [cells, symbols]
    positions = range(1, n_positions + 1)
    return path_emergence_of(
        paths,
        np.stack(active, axis=-1),
        thresholds=thresholds,
        layers=("object", *(f"{layer} {position}" for position in positions for layer in ("state", "symbol"))),
        sizes=np.array([n_cells, *[n_cells, n_symbols] * n_positions]),
        counting=counting,
        n_parameters=np.full(n_agents, sum(weights[name][0].size for name in WEIGHTS)),
        n_samples=n_referents,
    )


@validated(messages=COUNT)
def speaking_states(
    weights: Mapping[str, Float[np.ndarray, "N ..."]],
    objects: Real[np.ndarray, "R F"],
    messages: Int[np.ndarray, "N R L"],
) -> Iterator[Float[np.ndarray, "N R H"]]:
    """Return an iterator over the states `[N, R, H]` from which agents say their symbols, position by position.

    The recurrent unit is that of Cho et al. (2014), with the recurrent bias of the candidate inside the reset gate.
    Parameters and errors as in `speaking_path_emergence`. O(N R L H²).
    """
    _check(weights, objects, messages, np.zeros(messages.shape[:2], dtype=np.int64))
    return _states(weights, objects, messages)


def _states(weights: Mapping[str, np.ndarray], objects: np.ndarray, messages: np.ndarray) -> Iterator[np.ndarray]:
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
    """Return for how many of n units the mean of values `[N, R, n]` is above each of the levels `[T, 1]`, `[N, T]`."""
    return np.count_nonzero(values.mean(axis=1)[:, None] > levels, axis=2)


def _check(weights: Mapping[str, np.ndarray], objects: np.ndarray, messages: np.ndarray, lengths: np.ndarray) -> None:
    lacking = [name for name in WEIGHTS if name not in weights]
    if lacking:
        raise ConfigurationError(
            complaint(
                "weights", expected=f"the weights of a recurrent speaker, including {lacking[0]}", got=sorted(weights)
            )
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
    below(messages, weights["emit"].shape[2], name="messages")
    below(lengths, messages.shape[2] + 1, name="lengths")
