"""What actions are like: actions `[S, …, T, A]` of S agents in the order of time, NaN after the end of an episode."""

from __future__ import annotations

import numpy as np

BOUNDARY = 0.95


def boundary_mass(actions: np.ndarray, *, boundary: float = BOUNDARY) -> np.ndarray:
    """Return the share `[S]` of actions beyond `boundary` on either side, P(|a| > .95); bounds are −1 and 1."""
    return _mean(np.where(np.isnan(actions), np.nan, np.abs(actions) > boundary))


def squared_action(actions: np.ndarray) -> np.ndarray:
    """Return the mean square `[S]` of actions."""
    return _mean(np.square(actions))


def switches(actions: np.ndarray) -> np.ndarray:
    """Return how often `[S]` an action has another sign than the one before it in its episode, for each such pair.

    Nothing, 0, is a sign of its own. 0 where no episode has two steps, NaN where no action is known.
    """
    signs = np.sign(actions)
    before, after = signs[..., :-1, :], signs[..., 1:, :]
    found = _mean(np.where(np.isnan(after) | np.isnan(before), np.nan, before != after))
    return np.where(np.isnan(found) & ~np.isnan(squared_action(actions)), 0.0, found)


def _mean(values: np.ndarray) -> np.ndarray:
    """Return the mean over all axes but the first of what is not NaN."""
    flat = values.reshape(len(values), -1)
    known = ~np.isnan(flat)
    n = known.sum(1)
    return np.where(n, np.where(known, flat, 0).sum(1) / np.maximum(n, 1), np.nan)
