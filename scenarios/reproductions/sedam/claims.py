"""What the source says of exponential memories, judged by what was measured."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions.claim import CONTROL, Claim, Condition, control
from hubbub.scenarios.reproductions.criteria import Above, Below, Within
from hubbub.scenarios.reproductions.sedam.measures import ABOVE, MARGIN, NoiseSweep
from hubbub.scenarios.reproductions.table import Table, mean_of_known, slope

LOST = 0.99


def claims(table: Table, *, steps: int) -> list[Claim]:
    """Return the claims on each kind of patterns, in records of so many steps, and those that compare the two."""
    sweeps = {patterns: NoiseSweep(patterns, table.where(patterns=patterns)) for patterns in ("MNIST", "random")}
    of_each = [claim for one in sweeps.values() for claim in _of_patterns(one, steps)]
    return [*of_each, *_ordering(sweeps["MNIST"], sweeps["random"])]


def _of_patterns(one: NoiseSweep, steps: int) -> list[Claim]:
    return [*_controls(one, steps), _interval(one), *_outside(one), *_inside(one), _drift(one), *_waiting(one)]


def _controls(one: NoiseSweep, steps: int) -> list[Claim]:
    off = one.table.filter(one.below).each(
        lambda mine: max(abs(row["mean_overlap"] - 1 + 2 * row["noise"]) for row in mine)
    )
    return [
        control(
            f"Q below ({one.patterns})",
            "below the onset the mean overlap is 1 − 2p",
            f"largest distance of the mean overlap from 1 − 2p, noise at least {MARGIN:g} below the onset",
            off,
            Below(0.01),
        ),
        Claim(
            f"onset ({one.patterns})",
            "the pattern is first lost at the noise of the closed form",
            "noise at which the mean overlap first falls short of 1 − 2p by 1 %, minus half a step of the noise levels "
            "and the onset in closed form for the same patterns; mean over loads",
            _onset_gap(one),
            Within(-0.02, 0.02),
            f"T = {steps:,}; noise levels {one.grid:g} apart",
            CONTROL,
        ),
    ]


def _interval(one: NoiseSweep) -> Claim:
    critical = one.phases.critical
    widths = {load: _minus({load: one.upper[load]}, {load: one.lower[load]}) for load in one.loads}
    narrow = min(one.loads, key=lambda load: np.nan_to_num(widths[load].value))  # no interval is the narrowest
    ends = zip(one.loads, critical.lower, critical.upper, strict=True)
    edges = ", ".join(f"K = {load}: {low:.3f} … {high:.3f}" for load, low, high in ends)
    lacking = sum(math.isnan(width.value) for width in widths.values())
    unbounded = {"loads without a critical interval": lacking, "intervals open at an end": int(critical.open.sum())}
    return Claim(
        f"interval ({one.patterns})",
        "the critical region is an interval of noise of finite width at every load",
        f"width of the critical interval at the load where it is narrowest (K = {narrow})",
        widths[narrow],
        Above(one.grid, "one step of the noise levels"),
        f"mean over seeds: {edges}",
        conditions=[Condition(name, n, at_most=0, otherwise="does not hold") for name, n in unbounded.items()],
    )


def _outside(one: NoiseSweep) -> list[Claim]:
    sides = (
        ("below", one.below, f"noise levels at least {MARGIN:g} below the onset"),
        ("above", one.above, f"noise from {ABOVE:g}"),
    )
    return [
        Claim(
            f"H {side} ({one.patterns})",
            f"{side} the interval H = 0.5",
            f"H, all loads and {place}",
            one.over_levels("h", where),
            Within(0.45, 0.55),
        )
        for side, where, place in sides
    ]


def _inside(one: NoiseSweep) -> list[Claim]:
    lowest = min(one.loads, key=lambda load: one.at_peak("h", load).value)
    low, high = (one.at_peak(f"h_segment_{end}", lowest).value for end in ("low", "high"))
    peaks = ", ".join(
        f"K = {load}: {one.at_peak('h', load).value:.2f} (widest segment {one.at_peak('h_segment', load).value:.2f}) "
        f"at p = {noise:g}"
        for load, noise in one.peaks.items()
    )
    judged = (
        (
            "one slope",
            "h",
            "H over windows of 10 … T/10 at the noise of the largest mean; the load where it is lowest, ",
            peaks,
        ),
        (
            "segment",
            "h_segment",
            "slope of the widest straight segment at the same noise; ",
            f"segments reach from {low:.0f} to {high:.0f} steps on average",
        ),
    )
    return [
        Claim(
            f"H inside, {name} ({one.patterns})",
            "inside the interval H rises above 1",
            f"{measured}K = {lowest}",
            one.at_peak(column, lowest),
            Above(1, "the source's bound"),
            note,
        )
        for name, column, measured, note in judged
    ]


def _drift(one: NoiseSweep) -> Claim:
    ends = [[[edge.value for edge in edges[load].each] for load in one.loads] for edges in (one.lower, one.upper)]
    decades = np.log10(one.loads)

    def drift(middles: np.ndarray) -> float:
        known = np.isfinite(middles)
        return slope(decades[known].tolist(), middles[known].tolist()) if known.sum() > 1 else math.nan

    return Claim(
        f"moves down ({one.patterns})",
        "the interval moves slightly down as the load grows",
        "change of the middle of the critical interval per decade of load, least squares",
        over_seeds([drift(of_seed) for of_seed in np.mean(ends, axis=0).T]),
        Below(0),
    )


def _waiting(one: NoiseSweep) -> list[Claim]:
    """Claims on the distribution of inter-event times, by likelihood ratios in standard deviations of their sums."""
    tail, every = "coincidences_against_exponential", "coincidences_against_exponential_all"
    births, births_below = (one.over_levels("births_against_exponential", where) for where in (one.inside, one.below))
    return [
        Claim(
            f"exponential below ({one.patterns})",
            "in weak noise the times between coincidences are exponential",
            "log-likelihood ratio of power law over exponential, all times, in its standard deviations, below onset",
            one.over_levels(every, one.below),
            Below(0, "0 where both fit equally well"),
            f"on the tail that suits a power law best: {one.over_levels(tail, one.below).value:+.2f}",
        ),
        Claim(
            f"power law inside ({one.patterns})",
            "in stronger noise the times between coincidences follow a power law",
            "the same at the noise where H is largest",
            one.over_levels(every, one.inside),
            Above(0, "0 where both fit equally well"),
            f"on the tail that suits a power law best: {one.over_levels(tail, one.inside).value:+.2f}. A change of "
            "pattern switches on few spins beside those that the noise switches on in every step, so coincidences of "
            "mean + 2 standard deviations are those of the noise",
        ),
        Claim(
            f"births inside ({one.patterns})",
            "births of avalanches show the power law that coincidences do",
            "log-likelihood ratio for the times between births of avalanches, on the tail that suits a power law best, "
            "in its standard deviations, where H is largest",
            births,
            Above(0, "0 where both fit equally well"),
            f"mean exponent {one.over_levels('mu_births', one.inside).value:.2f}; below the onset "
            f"{births_below.value:+.2f}" + (f" ({births_below.reason})" if births_below.reason else ""),
        ),
    ]


def _ordering(digits: NoiseSweep, random: NoiseSweep) -> list[Claim]:
    slopes, segments = (
        _minus(*({load: one.at_peak(name, load) for load in one.loads} for one in (random, digits)))
        for name in ("h", "h_segment")
    )
    return [
        Claim(
            "ordering of noise",
            "digits are lost in weaker noise than random patterns",
            "lower end of the critical interval, random minus MNIST, mean over loads",
            _minus(random.lower, digits.lower),
            Above(0),
            "digits are more alike than random patterns",
        ),
        Claim(
            "ordering of H",
            "H is higher for random patterns than for digits",
            "H where it is largest, random minus MNIST, mean over loads",
            slopes,
            Above(0),
            f"widest segments {segments.value:+.3f}",
        ),
    ]


def _onset_gap(one: NoiseSweep) -> Measure:
    def gap(rows: Table) -> float:
        lost = rows.filter(lambda row: row["mean_overlap"] < LOST * (1 - 2 * row["noise"])).column("noise")
        return min(lost, default=math.nan) - one.grid / 2 - float(rows.rows[0]["onset"])

    return mean_of_known([[(f"K = {load}", gap(rows.where(load=load))) for load in one.loads] for rows in one.by_seed])


def _minus(one: Mapping[int, Measure], other: Mapping[int, Measure]) -> Measure:
    """Return the mean over loads of one minus the other, seed by seed."""
    differences = {
        load: [a.value - b.value for a, b in zip(one[load].each, other[load].each, strict=True)] for load in one
    }
    names = [f"K = {load}" for load in differences]
    return mean_of_known([list(zip(names, seed, strict=True)) for seed in zip(*differences.values(), strict=True)])
