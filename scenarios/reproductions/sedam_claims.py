"""What the source says of exponential memories, judged by what was found."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions.catalogue import Claim, judge
from hubbub.scenarios.reproductions.rows import Rows, mean_of_known
from hubbub.scenarios.reproductions.sedam_found import ABOVE, MARGIN, Found

SOURCE = "Cafiso & Paradisi, arXiv 2509.17152 and 2601.11478, abstracts"
CONTROL = "control"
LOST = 0.99


def claims(found: Mapping[str, Found], *, steps: int) -> list[Claim]:
    """Return the claims on each kind of patterns, in records of so many steps, and those that compare the two."""
    return [
        *(claim for one in found.values() for claim in _of_patterns(one, steps)),
        *_ordering(found["MNIST"], found["random"]),
    ]


def _of_patterns(one: Found, steps: int) -> list[Claim]:
    return [*_controls(one, steps), _interval(one), *_outside(one), *_inside(one), _drift(one), *_waiting(one)]


def _controls(one: Found, steps: int) -> list[Claim]:
    off, gap = _off(one), _onset_gap(one)
    return [
        Claim(
            f"control: Q below ({one.patterns})",
            CONTROL,
            "below the onset the mean overlap is 1 − 2p",
            f"largest distance of the mean overlap from 1 − 2p, noise at least {MARGIN:g} below the onset",
            off,
            judge(off, below=0.01),
            "holds below 0.01",
        ),
        Claim(
            f"onset ({one.patterns})",
            CONTROL,
            "the pattern is first lost at the noise of the closed form",
            "noise at which the mean overlap first falls short of 1 − 2p by 1 %, less half a step of the noise levels, "
            "less the onset in closed form for the same patterns; mean over loads",
            gap,
            judge(gap, within=(-0.02, 0.02)),
            f"holds within ± 0.02; T = {steps:,}; noise levels {one.grid:g} apart",
        ),
    ]


def _interval(one: Found) -> Claim:
    critical = one.phases.critical
    widths = {load: _less({load: one.upper[load]}, {load: one.lower[load]}) for load in one.loads}
    narrow = min(one.loads, key=lambda load: np.nan_to_num(widths[load].value))  # no interval is the narrowest
    is_bounded = math.isfinite(widths[narrow].value) and not critical.open.any()
    ends = zip(one.loads, critical.lower, critical.upper, strict=True)
    edges = ", ".join(f"K = {load}: {low:.3f} … {high:.3f}" for load, low, high in ends)
    return Claim(
        f"interval ({one.patterns})",
        SOURCE,
        "the critical region is an interval of noise of finite width at every load",
        f"width of the critical interval at the load where it is narrowest (K = {narrow})",
        widths[narrow],
        judge(widths[narrow], above=one.grid) if is_bounded else "does not hold",
        f"holds above one step of the noise levels ({one.grid:g}) where no interval reaches an end of them; mean over "
        f"seeds: {edges}",
    )


def _outside(one: Found) -> list[Claim]:
    places = {
        "below": (one.below, f"noise levels at least {MARGIN:g} below the onset"),
        "above": (one.above, f"noise from {ABOVE:g}"),
    }
    h = {side: one.over_levels("h", where) for side, (where, _) in places.items()}
    return [
        Claim(
            f"H {side} ({one.patterns})",
            SOURCE,
            f"{side} the interval H = 0.5",
            f"H, all loads and {place}",
            h[side],
            judge(h[side], within=(0.45, 0.55)),
            "holds within 0.5 ± 0.05",
        )
        for side, (_, place) in places.items()
    ]


def _inside(one: Found) -> list[Claim]:
    lowest = min(one.loads, key=lambda load: one.at_peak("h", load).value)
    slope, segment, low, high = (
        one.at_peak(name, lowest) for name in ("h", "h_segment", "h_segment_low", "h_segment_high")
    )
    peaks = ", ".join(
        f"K = {load}: {one.at_peak('h', load).value:.2f} (widest segment {one.at_peak('h_segment', load).value:.2f}) "
        f"at p = {noise:g}"
        for load, noise in one.peaks.items()
    )
    return [
        Claim(
            f"H inside, one slope ({one.patterns})",
            SOURCE,
            "inside the interval H rises above 1",
            f"H over windows of 10 … T/10 at the noise of the largest mean; the load where it is lowest, K = {lowest}",
            slope,
            judge(slope, above=1.0),
            peaks,
        ),
        Claim(
            f"H inside, segment ({one.patterns})",
            SOURCE,
            "inside the interval H rises above 1",
            f"slope of the widest straight segment at the same noise; K = {lowest}",
            segment,
            judge(segment, above=1.0),
            f"segments reach from {low.value:.0f} to {high.value:.0f} steps on average",
        ),
    ]


def _drift(one: Found) -> Claim:
    ends = [[[edge.value for edge in edges[load].each] for load in one.loads] for edges in (one.lower, one.upper)]
    middles = np.mean(ends, axis=0)  # [K, seeds]
    drift = over_seeds([_slope(np.log10(one.loads), of_seed) for of_seed in middles.T])
    return Claim(
        f"moves down ({one.patterns})",
        SOURCE,
        "the interval moves slightly down as the load grows",
        "change of the middle of the critical interval per decade of load, least squares",
        drift,
        judge(drift, below=0.0),
    )


def _waiting(one: Found) -> list[Claim]:
    """Claims on the distribution of inter-event times, by likelihood ratios in standard deviations of their sums."""
    tail, every = "coincidences_against_exponential", "coincidences_against_exponential_all"
    below, inside = one.over_levels(every, one.below), one.over_levels(every, one.inside)
    births, births_below = (one.over_levels("births_against_exponential", where) for where in (one.inside, one.below))
    return [
        Claim(
            f"exponential below ({one.patterns})",
            SOURCE,
            "in weak noise the times between coincidences are exponential",
            "log-likelihood ratio of power law over exponential, all times, in its standard deviations, below onset",
            below,
            judge(below, below=0.0),
            f"on the tail that suits a power law best: {one.over_levels(tail, one.below).value:+.2f}",
        ),
        Claim(
            f"power law inside ({one.patterns})",
            SOURCE,
            "in stronger noise the times between coincidences follow a power law",
            "the same at the noise where H is largest",
            inside,
            judge(inside, above=0.0),
            f"on the tail that suits a power law best: {one.over_levels(tail, one.inside).value:+.2f}. A change of "
            "pattern switches on few spins beside those that the noise switches on in every step, so coincidences of "
            "mean + 2 standard deviations are those of the noise",
        ),
        Claim(
            f"births inside ({one.patterns})",
            SOURCE,
            "births of avalanches show the power law that coincidences do",
            "log-likelihood ratio for the times between births of avalanches, on the tail that suits a power law best, "
            "in its standard deviations, where H is largest",
            births,
            judge(births, above=0.0),
            f"mean exponent {one.over_levels('mu_births', one.inside).value:.2f}; below the onset "
            f"{births_below.value:+.2f}" + (f" ({births_below.reason})" if births_below.reason else ""),
        ),
    ]


def _ordering(digits: Found, coins: Found) -> list[Claim]:
    edges = _less(coins.lower, digits.lower)
    slopes, segments = (
        _less(*({load: one.at_peak(name, load) for load in one.loads} for one in (coins, digits)))
        for name in ("h", "h_segment")
    )
    return [
        Claim(
            "ordering of noise",
            SOURCE,
            "digits are lost in weaker noise than random patterns",
            "lower end of the critical interval, random less MNIST, mean over loads",
            edges,
            judge(edges, above=0.0),
            "digits are more alike than random patterns",
        ),
        Claim(
            "ordering of H",
            SOURCE,
            "H is higher for random patterns than for digits",
            "H where it is largest, random less MNIST, mean over loads",
            slopes,
            judge(slopes, above=0.0),
            f"widest segments {segments.value:+.3f}",
        ),
    ]


def _off(one: Found) -> Measure:
    def off(rows: Rows) -> float:
        return max(abs(row["mean_overlap"] - 1 + 2 * row["noise"]) for row in rows if one.below(row))

    return over_seeds([off(rows) for rows in one.by_seed])


def _onset_gap(one: Found) -> Measure:
    def gap(rows: Rows) -> float:
        lost = [row["noise"] for row in rows if row["mean_overlap"] < LOST * (1 - 2 * row["noise"])]
        return min(lost, default=math.nan) - one.grid / 2 - float(rows[0]["onset"])

    return mean_of_known(
        [
            [(f"K = {load}", gap([row for row in rows if row["load"] == load])) for load in one.loads]
            for rows in one.by_seed
        ]
    )


def _less(one: Mapping[int, Measure], other: Mapping[int, Measure]) -> Measure:
    """Return the mean over loads of one less the other, seed by seed."""
    differences = {
        load: [a.value - b.value for a, b in zip(one[load].each, other[load].each, strict=True)] for load in one
    }
    names = [f"K = {load}" for load in differences]
    return mean_of_known([list(zip(names, seed, strict=True)) for seed in zip(*differences.values(), strict=True)])


def _slope(x: np.ndarray, y: np.ndarray) -> float:
    known = np.isfinite(y)
    return float(np.polyfit(x[known], y[known], 1)[0]) if known.sum() > 1 else math.nan
