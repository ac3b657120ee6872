"""Grades of what was estimated: how much a record says for it.

"strong" and "weak" say that there is evidence, "none" that there is none, "undefined" that nothing could be estimated.
A power law is graded by its goodness of fit, its alternatives and the range it covers (after Clauset, Shalizi & Newman
2009 and Broido & Clauset 2019); a scaling exponent by its distance from its null and the straightness of its curve.
"""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float

from hubbub.analysis.measure import Null
from hubbub.analysis.tails import PowerLaw, compare, goodness_of_fit
from hubbub.analysis.temporal.scaling import Scaling

STRONG, WEAK, NONE, UNDEFINED = "strong", "weak", "none", "undefined"
LEVEL = 0.1
TAIL_NEEDED, RATIO_NEEDED = 100, 10
STRAIGHT = 0.98
Z = 1.96
SAMPLES, MOST_DRAWN = 100, 5_000_000


def grade_of_power_law(
    values: Float[np.ndarray, " n"], fit: PowerLaw, generator: np.random.Generator
) -> tuple[str, str]:
    """Return the grade of a fitted power law, and why.

    none: rejected (goodness-of-fit p below 0.1), or an alternative is favoured at 0.1. strong: neither, the tail has at
    least 100 values over a factor of 10, and the power law is favoured over the exponential. weak: otherwise.
    """
    samples = max(20, min(SAMPLES, MOST_DRAWN // max(fit.n, 1)))
    p_value = goodness_of_fit(values, fit, generator=generator, samples=samples).p_value
    favours = {name: ratio.favours(level=LEVEL) for name, ratio in compare(values, fit).items()}
    better = [name for name, favoured in favours.items() if favoured == name]
    remark = f"from {fit.cutoff:g} to {fit.largest:g}, goodness of fit p = {p_value:.2g}"
    if better:
        remark += f", {' and '.join(better)} favoured"
    if p_value < LEVEL or better:
        return NONE, remark
    wide = fit.n_tail >= TAIL_NEEDED and fit.largest >= RATIO_NEEDED * fit.cutoff
    return (STRONG if wide and favours["exponential"] == "power law" else WEAK), remark


def grade_of_scaling(found: Scaling) -> tuple[str, str]:
    """Return the grade of a scaling exponent, and the range and straightness of its curve.

    none: not different from the null (`differs`). strong: different, and one line explains at least 98 % of a curve
    over a factor of 10 in scale. weak: otherwise.
    """
    remark = f"scales {found.low:.4g} … {found.high:.4g} bins, R² {found.r_squared:.3f}"
    if differs(found.value, found.error, found.null) == NONE:
        return NONE, remark
    straight = found.r_squared >= STRAIGHT and found.high >= RATIO_NEEDED * found.low
    return (STRONG if straight else WEAK), remark


def differs(value: float, error: float, null: Null | None) -> str:
    """Return "strong" where a value is more than 1.96 standard errors of the difference from its null, else "none".

    The error of the difference has those of the value and of the null. Without a null, or an error, "weak".
    """
    if null is None or not math.isfinite(error):
        return WEAK
    spread = math.hypot(error, 0.0 if math.isnan(null.sd) else null.sd)
    return STRONG if abs(value - null.mean) > Z * spread else NONE
