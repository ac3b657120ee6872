"""Scaling laws: the slope of a curve against the logarithm of the scale, and the segments in which it is straight."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.analysis.measure import Null
from hubbub.analysis.validation import numeric, whole
from hubbub.simulator.errors import ConfigurationError, complaint

POINTS_PER_SEGMENT = 5


@dataclass(frozen=True)
class Segment:
    """A straight segment of a scaling curve.

    Attributes
    ----------
    value, error
        Slope, and its standard deviation over bootstrap replicates with the same ends.
    low, high
        Scales at which the segment begins and ends.
    at_low, at_high
        Values of the fitted line there, in the unit of the curve.
    """

    value: float
    error: float
    low: float
    high: float
    at_low: float
    at_high: float


@dataclass(frozen=True)
class Scaling:
    """A scaling exponent: the slope of `curve` against ln(scale).

    Attributes
    ----------
    value, error
        The slope over all scales, and its bootstrap error; NaN where it is undefined, and then `reason` says why.
    low, high
        The range of scales used.
    estimator
        Name of the estimator, and of the curve.
    n
        Length of the record.
    scales, curve
        S scales in steps, and the quantity whose slope is the exponent.
    r_squared, segments_r_squared
        Share of the variance of the curve that one line explains, and that the segments explain.
    segments
        One to three straight segments, joined at their ends.
    null
        The exponents of surrogates; None without surrogates.
    """

    value: float
    error: float
    low: float
    high: float
    estimator: str
    n: int
    scales: Real[np.ndarray, " S"]
    curve: Float[np.ndarray, " S"]
    r_squared: float
    segments_r_squared: float
    segments: tuple[Segment, ...]
    null: Null | None = None
    reason: str = ""

    def __float__(self) -> float:
        return self.value

    @property
    def widest(self) -> Segment:
        """The segment with the largest ratio of scales; all NaN where there is none."""
        none = Segment(*[math.nan] * 6)
        return max(self.segments, key=lambda segment: segment.high / segment.low, default=none)


def undefined_scaling(reason: str, *, estimator: str, n: int) -> Scaling:
    """Return an undefined scaling exponent (NaN) with the reason."""
    nan, none = math.nan, np.empty(0)
    return Scaling(nan, nan, nan, nan, estimator, n, none, none, nan, nan, (), None, reason)


def log_scales(low: float, high: float, *, n: int = 50) -> Int[np.ndarray, " S"]:
    """Return at most `n` distinct whole scales from `low` to `high`, evenly spaced in the logarithm."""
    return np.unique(np.logspace(math.log10(low), math.log10(high), n).astype(np.int64))


def checked_lags(lags: Real[np.ndarray, " n"] | None, *, shortest: int) -> Int[np.ndarray, " S"] | None:
    """Return the given lags, distinct and ascending, or None where none are given.

    Raises
    ------
    ConfigurationError
        Fewer than two lags, a lag below `shortest`, or fractions.
    """
    if lags is None:
        return None
    given = whole(numeric(lags, name="lags"), name="lags")
    if given.ndim != 1:
        raise ConfigurationError(complaint("lags", expected="shape [S]", got=given.shape))
    scales = np.unique(given.astype(np.int64))
    if len(scales) < 2 or scales[0] < shortest:
        raise ConfigurationError(complaint("lags", expected=f"at least 2 lags ≥ {shortest}", got=scales.tolist()))
    return scales


def fit_scaling(
    scales: Real[np.ndarray, " S"],
    curve: Float[np.ndarray, " S"],
    replicates: Float[np.ndarray, "B S"],
    *,
    estimator: str,
    n: int,
) -> Scaling:
    """Return the slope of a curve against ln(scale), and its least-squares fit by one to three joined segments.

    `scales`, int or float, ascend. All points, and all pairs of points at least 5 apart, are tried as borders of the
    segments; the number of segments is that with the lowest Bayesian information criterion. Errors are standard
    deviations over B bootstrap replicates of the curve, because neighbouring points of a scaling curve are correlated.
    `estimator` and `n` are kept in the result. O(S³).
    """
    x = np.log(scales)
    slope, mean = _line(x, curve)
    residual = float(((curve - mean - slope * (x - x.mean())) ** 2).sum())
    total = float(((curve - mean) ** 2).sum())
    ends, segments_residual = _corners(x, curve, residual)
    heights = _heights(x, np.vstack([curve, replicates]), ends)
    slopes = np.diff(heights) / np.diff(x[ends])
    errors = slopes[1:].std(axis=0)
    borders = np.asarray(scales, dtype=float)[ends]
    parts = zip(slopes[0], errors, borders[:-1], borders[1:], heights[0, :-1], heights[0, 1:], strict=True)
    return Scaling(
        float(slope),
        float(_line(x, replicates)[0].std()),
        float(scales[0]),
        float(scales[-1]),
        estimator,
        n,
        scales,
        curve,
        1 - residual / total if total else math.nan,
        1 - segments_residual / total if total else math.nan,
        tuple(Segment(*map(float, part)) for part in parts),
    )


def _line(
    x: Float[np.ndarray, " S"], curves: Float[np.ndarray, "*B S"]
) -> tuple[Float[np.ndarray, "*B"], Float[np.ndarray, "*B"]]:
    """Return slope and mean of the least-squares line through each of the curves."""
    centred = x - x.mean()
    return curves @ centred / (centred @ centred), curves.mean(axis=-1)


def _heights(
    x: Float[np.ndarray, " S"], curves: Float[np.ndarray, "B S"], ends: list[int]
) -> Float[np.ndarray, "B ends"]:
    """Return the heights at the segment ends of the least-squares broken line through each of the curves."""
    hats = np.stack([np.interp(x, x[ends], unit) for unit in np.eye(len(ends))], axis=1)
    return curves @ np.linalg.pinv(hats).T


def _corners(x: Float[np.ndarray, " S"], curve: Float[np.ndarray, " S"], residual: float) -> tuple[list[int], float]:
    """Return the ends of the segments as indices of points, and the residual sum of squares.

    A corner at a point adds the regressor (x − x_point)₊ to the straight line. With the line projected out of
    regressors and curve, the sum of squares that one or two corners explain has a closed form, computed for all pairs
    at once.
    """
    n, last = len(x), len(x) - 1
    places = np.arange(POINTS_PER_SEGMENT, last - POINTS_PER_SEGMENT + 1)
    line = np.stack([np.ones(n), x], axis=1)
    bends = np.maximum(x[:, None] - x[places], 0)
    bends -= line @ np.linalg.lstsq(line, bends)[0]
    overlap, gain = bends.T @ bends, bends.T @ curve
    own = np.diag(overlap)
    one = gain**2 / own
    apart = places - places[:, None] >= POINTS_PER_SEGMENT
    determinant = np.where(apart, own * own[:, None] - overlap**2, 1)
    crossed = own * gain[:, None] ** 2 - 2 * overlap * np.outer(gain, gain) + own[:, None] * gain**2
    two = np.where(apart, crossed / determinant, -1)

    candidates: list[tuple[list[int], float]] = [([], 0.0)]
    if one.size:
        candidates.append(([int(one.argmax())], float(one.max())))
    if apart.any():
        pair = np.unravel_index(int(two.argmax()), two.shape)
        candidates.append(([int(pair[0]), int(pair[1])], float(two.max())))

    rounding = n * max(1e-12 * float(curve.var()), 1e-26 * float((curve**2).mean()), 1e-300)

    def information(borders: list[int], explained: float) -> float:
        return n * math.log(max(residual - explained, rounding) / n) + 2 * len(borders) * math.log(n)

    borders, explained = min(candidates, key=lambda candidate: information(*candidate))
    return [0, *(int(places[border]) for border in borders), last], residual - explained
