"""The double integrator: a unit mass on a line, force in [−1, 1], to be at rest at the origin."""

from __future__ import annotations

import numpy as np


def switching_curve(velocity: np.ndarray) -> np.ndarray:
    """Return the position −½ v|v| at which time-optimal control of a mass of velocity v changes sign."""
    return -np.asarray(velocity) * np.abs(velocity) / 2


def time_optimal_force(position: np.ndarray, velocity: np.ndarray) -> np.ndarray:
    """Return the force of least time (Bushaw 1953): −1 beyond the switching curve, +1 before it.

    On the curve, the force that follows it to the origin; 0 at the origin.
    """
    beyond = np.asarray(position) - switching_curve(velocity)
    return np.where(beyond == 0, -np.sign(velocity), -np.sign(beyond))


def minimum_time(position: np.ndarray, velocity: np.ndarray) -> np.ndarray:
    """Return the least time to be at rest at the origin: T*(x, v) = s v + 2 √(v²/2 + s x), s the side of the curve."""
    position, velocity = np.asarray(position, dtype=float), np.asarray(velocity, dtype=float)
    side = np.where(position >= switching_curve(velocity), 1.0, -1.0)
    return side * velocity + 2 * np.sqrt(np.maximum(velocity**2 / 2 + side * position, 0))


def least_cost(position: np.ndarray, velocity: np.ndarray, *, action_cost: float) -> np.ndarray:
    """Return the least ∫(1 + c a²) dt on the way to rest at the origin, where the force may be as large as it likes.

    In a given time T the force of least energy is linear in time, ∫a² dt = 4v²/T + 12xv/T² + 12x²/T³; the least over
    T is found on a grid of a thousandth. The last force is 1/√c, so bounds hardly matter for c well above 1.
    """
    x, v = (np.asarray(of, dtype=float)[..., None] for of in (position, velocity))
    time = np.geomspace(0.05, 50, 7000)
    energy = 4 * v**2 / time + 12 * x * v / time**2 + 12 * x**2 / time**3
    found: np.ndarray = (time + action_cost * energy).min(axis=-1)
    return found
