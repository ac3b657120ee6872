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


def least_cost(
    position: np.ndarray,
    velocity: np.ndarray,
    *,
    action_cost: float,
    radius: float = 0.0,
    longest: float = np.inf,
) -> np.ndarray:
    """Return the least ∫(1 + c a²) dt on the way into the circle of `radius`, with forces as large as they like.

    Who does nothing until an episode of the `longest` time is over pays no more than that. In a given time T the force
    of least energy is linear in time, ∫a² dt = 12d²/T³ − 12dw/T² + 4w²/T, for a velocity that changes by w and a
    position that does by d more than it would of itself. The least is found on grids of T (.35 % apart) and of 72 ends
    on the circle. In the origin the last force is 1/√c, so bounds hardly matter for c well above 1.
    """
    x, v = (np.asarray(of, dtype=float)[..., None, None] for of in (position, velocity))
    time, angle = np.geomspace(0.05, 50, 2000), np.linspace(0, 2 * np.pi, 72, endpoint=False)[:, None]
    further, faster = radius * np.cos(angle) - x - v * time, radius * np.sin(angle) - v
    energy = 12 * further**2 / time**3 - 12 * further * faster / time**2 + 4 * faster**2 / time
    found: np.ndarray = (time + action_cost * energy).min(axis=(-2, -1))
    return np.minimum(found, longest)
