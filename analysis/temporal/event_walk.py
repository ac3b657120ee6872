"""Event-driven walks: a record of steps made from the times of events, and how it diffuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from hubbub.analysis.temporal.dfa import dfa
from hubbub.analysis.temporal.diffusion_entropy import diffusion_entropy
from hubbub.analysis.temporal.record import event_times, too_few_events
from hubbub.analysis.temporal.scaling import Scaling, undefined_scaling
from hubbub.analysis.temporal.surrogates import shuffled_intervals, surrogate_null
from hubbub.simulator.errors import ConfigurationError, complaint

WALKS = ("AJ", "SJ", "SV")


@dataclass(frozen=True)
class EventScaling:
    """Exponents of one walk: H by DFA, δ by diffusion entropy; the nulls have the inter-event times shuffled."""

    walk: str
    h: Scaling
    delta: Scaling


def event_walk(
    times: np.ndarray, n_steps: int, *, walk: str = "AJ", generator: np.random.Generator | None = None
) -> np.ndarray:
    """Return the steps `[T]` of the walk that events at `times [n]` drive in a record of T = `n_steps`.

    AJ (asymmetric jumps) steps +1 at an event, else 0. SJ (symmetric jumps) steps ±1 at an event by a fair coin, else
    0. SV (symmetric velocity) always steps ±1 and throws the coin anew at every event. (Grigolini et al. 2001;
    Allegrini et al. 2009.) The coins come from `generator`, `np.random.default_rng(0)` when not given.
    """
    if walk not in WALKS:
        raise ConfigurationError(complaint("walk", expected=f"one of {', '.join(WALKS)}", got=walk, valid=WALKS))
    at = event_times(times, n_steps=n_steps)
    steps = np.zeros(n_steps)
    if walk == "AJ":
        steps[at] = 1
        return steps
    coins = 2.0 * (generator or np.random.default_rng(0)).integers(2, size=len(at) + 1) - 1
    if walk == "SJ":
        steps[at] = coins[1:]
        return steps
    return np.repeat(coins, np.diff(at, prepend=0, append=n_steps))


def event_scaling(
    times: np.ndarray,
    n_steps: int,
    *,
    walk: str = "AJ",
    generator: np.random.Generator | None = None,
    surrogates: int = 20,
) -> EventScaling:
    """Return H and δ of the walk that events at `times [n]` drive, beside those with shuffled inter-event times.

    A null that agrees says that the exponents come from the distribution of the inter-event times alone (a renewal
    process). Below 50 events, NaN with the reason. Costs one `dfa` and one `diffusion_entropy` for the walk and
    for each surrogate.
    """
    generator = generator or np.random.default_rng(0)
    steps = event_walk(times, n_steps, walk=walk, generator=generator)
    reason = too_few_events(len(times))
    if reason:
        h = undefined_scaling(reason, estimator="DFA of an event-driven walk", n=n_steps)
        return EventScaling(walk, h, replace(h, estimator="diffusion entropy of an event-driven walk"))

    def scaling(measure: Callable[..., Scaling]) -> Scaling:
        def exponent(at: np.ndarray) -> float:
            other = event_walk(at, n_steps, walk=walk, generator=generator)
            return measure(other, generator=generator, surrogates=0).value

        null = surrogate_null(exponent, times, surrogate=shuffled_intervals, generator=generator, surrogates=surrogates)
        return replace(measure(steps, generator=generator, surrogates=0), null=null)

    return EventScaling(walk, scaling(dfa), scaling(diffusion_entropy))
