"""Event-driven walks: a record of steps driven by the times of events, and its scaling exponents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.analysis.temporal.dfa import dfa
from hubbub.analysis.temporal.diffusion_entropy import diffusion_entropy
from hubbub.analysis.temporal.record import event_times, too_few_events
from hubbub.analysis.temporal.scaling import Scaling, undefined_scaling
from hubbub.analysis.temporal.surrogates import shuffled_intervals, surrogate_null
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

WALKS = ("AJ", "SJ", "SV")


@dataclass(frozen=True)
class EventScaling:
    """Exponents of one walk: H by DFA, δ by diffusion entropy; the nulls have the inter-event times shuffled."""

    walk: str
    h: Scaling
    delta: Scaling


@validated()
def event_walk(
    times: Real[np.ndarray, " n"], n_steps: int, *, walk: str = "AJ", generator: np.random.Generator | None = None
) -> Float[np.ndarray, " T"]:
    """Return the steps of the walk that n events at `times` drive in a record of T = `n_steps` steps.

    AJ (asymmetric jumps) steps +1 at an event, else 0. SJ (symmetric jumps) steps +1 or −1 at random at an event, else
    0. SV (symmetric velocity) steps +1 or −1 all the time, drawn again at every event. (Grigolini et al. 2001;
    Allegrini et al. 2009.) `generator` draws the signs, `np.random.default_rng(0)` when not given. The times are whole
    steps from 0, int or float, in ascending order. O(T).

    Raises
    ------
    ConfigurationError
        An unknown walk, or times that are not whole, not ascending or outside the record.
    """
    if walk not in WALKS:
        raise ConfigurationError(complaint("walk", expected=f"one of {', '.join(WALKS)}", got=walk, valid=WALKS))
    at = event_times(times, n_steps=n_steps)
    steps = np.zeros(n_steps)
    if walk == "AJ":
        steps[at] = 1
        return steps
    signs = 2.0 * (generator or np.random.default_rng(0)).integers(2, size=len(at) + 1) - 1
    if walk == "SJ":
        steps[at] = signs[1:]
        return steps
    return np.repeat(signs, np.diff(at, prepend=0, append=n_steps))


@validated()
def event_scaling(
    times: Real[np.ndarray, " n"],
    n_steps: int,
    *,
    walk: str = "AJ",
    generator: np.random.Generator | None = None,
    surrogates: int = 20,
) -> EventScaling:
    """Return H and δ of the walk that n events drive, with nulls from shuffled inter-event times.

    Where the null agrees, the exponents follow from the distribution of the inter-event times alone (a renewal
    process). `times`, `n_steps` and `walk` are as in `event_walk`; `generator` draws signs, errors and `surrogates`.
    Below 50 events, NaN with the reason. Costs one `dfa` and one `diffusion_entropy` for the walk and for each
    surrogate.

    Raises
    ------
    ConfigurationError
        As `event_walk`.
    """
    generator = generator or np.random.default_rng(0)
    steps = event_walk(times, n_steps, walk=walk, generator=generator)
    reason = too_few_events(len(times))
    if reason:
        h = undefined_scaling(reason, estimator="DFA of an event-driven walk", n=n_steps)
        return EventScaling(walk, h, replace(h, estimator="diffusion entropy of an event-driven walk"))

    def scaling(measure: Callable[..., Scaling]) -> Scaling:
        def exponent(at: Int[np.ndarray, " n"]) -> float:
            other = event_walk(at, n_steps, walk=walk, generator=generator)
            return measure(other, generator=generator, surrogates=0).value

        null = surrogate_null(exponent, times, surrogate=shuffled_intervals, generator=generator, surrogates=surrogates)
        return replace(measure(steps, generator=generator, surrogates=0), null=null)

    return EventScaling(walk, scaling(dfa), scaling(diffusion_entropy))
