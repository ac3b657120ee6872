"""Statistics of actions `[S, …, T, A]` of S agents: T steps in the order of time, NaN after the end of an episode."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float

from hubbub.analysis.validation import MAY_BE_NAN, SHARE, validated

BOUNDARY = 0.95
"""An action of a larger absolute value counts as an action at the bounds −1 and 1."""


@validated(stated_shapes=True, actions=MAY_BE_NAN, boundary=SHARE)
def boundary_mass(
    actions: Float[np.ndarray, "S *episodes T A"], *, boundary: float = BOUNDARY
) -> Float[np.ndarray, " S"]:
    """Return the share of actions at the bounds, P(|a| > `boundary`), of each agent, `[S]`.

    `actions [S, …, T, A]` lie between −1 and 1; NaN is left out. NaN for an agent without an action.
    """
    return _mean(np.where(np.isnan(actions), np.nan, np.abs(actions) > boundary))


@validated(stated_shapes=True, actions=MAY_BE_NAN)
def squared_action(actions: Float[np.ndarray, "S *episodes T A"]) -> Float[np.ndarray, " S"]:
    """Return the mean square of the actions `[S, …, T, A]` of each agent, `[S]`; NaN is left out."""
    return _mean(np.square(actions))


@validated(stated_shapes=True, actions=MAY_BE_NAN)
def switches(actions: Float[np.ndarray, "S *episodes T A"]) -> Float[np.ndarray, " S"]:
    """Return the share of pairs of successive actions in an episode with different signs, of each agent, `[S]`.

    The actions are `[S, …, T, A]`. Negative, zero and positive are three signs. 0 for an agent whose episodes all have
    one step, NaN for an agent without an action.
    """
    signs = np.sign(actions)
    before, after = signs[..., :-1, :], signs[..., 1:, :]
    found = _mean(np.where(np.isnan(after) | np.isnan(before), np.nan, before != after))
    return np.where(np.isnan(found) & ~np.isnan(squared_action(actions)), 0.0, found)


def _mean(values: np.ndarray) -> np.ndarray:
    """Return the mean over all axes except the first, without NaN."""
    flat = values.reshape(len(values), math.prod(values.shape[1:]))
    known = ~np.isnan(flat)
    n = known.sum(1)
    return np.where(n, np.where(known, flat, 0).sum(1) / np.maximum(n, 1), np.nan)
