"""Optimal control of the double integrator: a unit mass on a line, to be brought to rest at the origin by a force."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.validation import DISTANCE, NOT_NEGATIVE, POSITIVE, validated


@validated()
def switching_curve(velocity: Real[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Return the position −½ v|v| at which time-optimal control changes sign, for velocities v `[…]` (Bushaw 1953)."""
    return -np.asarray(velocity) * np.abs(velocity) / 2


@validated(stated_shapes=True)
def time_optimal_force(
    position: Real[np.ndarray, "*#shape"], velocity: Real[np.ndarray, "*#shape"]
) -> Float[np.ndarray, " ..."]:
    """Return the time-optimal force (Bushaw 1953), limited to [−1, 1], for states of the mass.

    It is −1 beyond the switching curve and +1 before it. On the curve it is the force that follows the curve to the
    origin; 0 at the origin. Positions and velocities `[…]` broadcast.
    """
    beyond = np.asarray(position) - switching_curve(velocity)
    return np.where(beyond == 0, -np.sign(velocity), -np.sign(beyond))


@validated(stated_shapes=True)
def minimum_time(
    position: Real[np.ndarray, "*#shape"], velocity: Real[np.ndarray, "*#shape"]
) -> Float[np.ndarray, " ..."]:
    """Return the minimum time to rest at the origin with a force in [−1, 1], for states `[…]` (Bushaw 1953).

    T*(x, v) = s v + 2 √(v²/2 + s x), where s = 1 beyond the switching curve and −1 before it.
    """
    position, velocity = np.asarray(position, dtype=float), np.asarray(velocity, dtype=float)
    side = np.where(position >= switching_curve(velocity), 1.0, -1.0)
    return side * velocity + 2 * np.sqrt(np.maximum(velocity**2 / 2 + side * position, 0))


@validated(stated_shapes=True, action_cost=POSITIVE, radius=NOT_NEGATIVE, longest=DISTANCE)
def least_cost(
    position: Real[np.ndarray, "*#shape"],
    velocity: Real[np.ndarray, "*#shape"],
    *,
    action_cost: float,
    radius: float = 0.0,
    longest: float = np.inf,
) -> Float[np.ndarray, " ..."]:
    """Return the minimum of ∫(1 + c a²) dt until the state is in a circle around the origin, with unbounded forces a.

    For a fixed time T the force of minimum energy is linear in time: ∫a² dt = 12d²/T³ − 12dw/T² + 4w²/T, where w is the
    change of velocity and d is the change of position beyond that of free motion (Bryson & Ho 1975). The minimum is
    found on a grid of T (steps of .35 %) and of 72 end points on the circle. At the origin the last force is 1/√c, so
    bounds of the force hardly matter for c well above 1.

    Parameters
    ----------
    position, velocity
        States `[…]`; they broadcast.
    action_cost
        c.
    radius
        Radius of the circle in the plane of position and velocity.
    longest
        Longest time of an episode; no action at all until then costs as much, so the result is never larger.
    """
    x, v = (np.asarray(of, dtype=float)[..., None, None] for of in (position, velocity))
    time, angle = np.geomspace(0.05, 50, 2000), np.linspace(0, 2 * np.pi, 72, endpoint=False)[:, None]
    further, faster = radius * np.cos(angle) - x - v * time, radius * np.sin(angle) - v
    energy = 12 * further**2 / time**3 - 12 * further * faster / time**2 + 4 * faster**2 / time
    found: np.ndarray = (time + action_cost * energy).min(axis=(-2, -1))
    return np.minimum(found, longest)
