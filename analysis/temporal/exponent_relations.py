"""Relations between the exponent μ of inter-event times and the exponents H and δ of event-driven walks."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hubbub.analysis.temporal.event_walk import WALKS
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint


@dataclass(frozen=True)
class Branches:
    """The two exponents μ of a renewal process with the same H or δ: one below 2, one above; NaN where there is none.

    Neither H nor δ alone determines which of them is true: fit the inter-event times, or use H and δ together.
    """

    below_two: float
    above_two: float

    def nearest(self, mu: float) -> float:
        """Return the branch nearer to a fitted μ; NaN where there is none."""
        known = [branch for branch in (self.below_two, self.above_two) if math.isfinite(branch)]
        return min(known, key=lambda branch: abs(branch - mu), default=math.nan)


@validated()
def h_of_mu(mu: float, *, walk: str = "AJ") -> float:
    """Return H of a walk driven by renewal events with ψ(τ) ~ τ^−μ, as estimated by DFA on one long record.

    AJ: μ/2 below 2, 2 − μ/2 from 2 to 3, ½ above. SJ: ½. SV: 2 − μ/2 below 3, ½ above. An ensemble whose records start
    at an event has H = 1 for SV below 2 and (μ − 1)/2 for SJ; the windows of one record do not start at events.
    Convergence is slow near μ = 2 and 3.

    Raises
    ------
    ConfigurationError
        μ ≤ 1, or an unknown walk.
    """
    _check(mu, walk)
    if walk == "SJ" or mu >= 3:
        return 0.5
    return mu / 2 if walk == "AJ" and mu < 2 else 2 - mu / 2


@validated()
def delta_of_mu(mu: float, *, walk: str = "AJ") -> float:
    """Return δ of a walk driven by renewal events with ψ(τ) ~ τ^−μ (Grigolini, Palatella & Raffaelli 2001).

    AJ: μ − 1 below 2, 1/(μ − 1) from 2 to 3, ½ above. SV: 1, 1/(μ − 1), ½. SJ: (μ − 1)/2 below 2, ½ above. Below 2
    these hold for ensembles, not for one record.

    Raises
    ------
    ConfigurationError
        μ ≤ 1, or an unknown walk.
    """
    _check(mu, walk)
    if mu >= 3:
        return 0.5
    if mu >= 2:
        return 0.5 if walk == "SJ" else 1 / (mu - 1)
    return {"AJ": mu - 1, "SJ": (mu - 1) / 2, "SV": 1.0}[walk]


@validated()
def mu_of_h(h: float, *, walk: str = "AJ") -> Branches:
    """Return the μ with which a walk has this H on one long record: for AJ 2 H and 4 − 2 H, ½ < H < 1.

    For SV 4 − 2 H, on one branch: below 2 for 1 < H < 1.5, above 2 for ½ < H < 1. For SJ none: its H is always ½.

    Raises
    ------
    ConfigurationError
        An unknown walk.
    """
    _check(2, walk)
    below = above = math.nan
    if walk != "SJ" and 0.5 < h <= 1:
        above = 4 - 2 * h
    if walk == "AJ" and 0.5 < h < 1:
        below = 2 * h
    if walk == "SV" and 1 < h < 1.5:
        below = 4 - 2 * h
    return Branches(below, above)


@validated()
def mu_of_delta(delta: float, *, walk: str = "AJ") -> Branches:
    """Return the μ with which a walk has this δ: for AJ 1 + δ and 1 + 1/δ, for SV 1 + 1/δ, for SJ 1 + 2 δ.

    Raises
    ------
    ConfigurationError
        An unknown walk.
    """
    _check(2, walk)
    below = above = math.nan
    if walk != "SJ" and 0.5 < delta <= 1:
        above = 1 + 1 / delta
    if walk == "AJ" and 0 < delta < 1:
        below = 1 + delta
    if walk == "SJ" and 0 < delta < 0.5:
        below = 1 + 2 * delta
    return Branches(below, above)


def _check(mu: float, walk: str) -> None:
    if walk not in WALKS:
        raise ConfigurationError(complaint("walk", expected=f"one of {', '.join(WALKS)}", got=walk, valid=WALKS))
    if not mu > 1:
        raise ConfigurationError(complaint("mu", expected="an exponent above 1", got=mu))
