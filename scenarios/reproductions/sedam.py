"""Cafiso & Paradisi: an exponential memory is critical in an interval of noise, not at a point."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from analysis.figures import Varied, activity_raster, interval_curves, phase_diagram, scaling_curves, survival_curves
from analysis.measure import Measure, over_seeds
from analysis.memories import CopyStatistics, Phases, copy_statistics
from analysis.tails import compare
from analysis.temporal import avalanches
from scenarios.loading import parse
from scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from scenarios.reproductions.lab import Job, Lab
from scenarios.reproductions.rows import Rows, column, mean
from scenarios.systems import assemble
from simulator.memory import Grid
from simulator.memory.copies import lay_out
from simulator.memory.onset import onset
from simulator.randomness import Luck
from simulator.store import Run

SOURCE = "Cafiso & Paradisi, arXiv 2509.17152 and 2601.11478, abstracts"
CONTROL = "control"
SCENARIOS = {"MNIST": "sedam", "random": "sedam-random-patterns"}
SHOWN_LOAD = 100
LOST = 0.99
MARGIN, ABOVE = 0.04, 0.48
"""Noise so far below the onset counts as below the critical interval, from this level up as above it."""


@dataclass(frozen=True)
class Sweep:
    """Noise levels by kind of patterns, loads, and seeds; every seed draws its own patterns and its own noise."""

    noise: Mapping[str, tuple[float, ...]]
    loads: tuple[int, ...]
    seeds: int


def _levels(first: float, last: float, step: float) -> tuple[float, ...]:
    return tuple(round(first + step * k, 3) for k in range(round((last - first) / step) + 1))


SMALL = Sweep(
    {"MNIST": (0.1, 0.2, *_levels(0.22, 0.5, 0.02)), "random": (0.1, 0.2, 0.3, *_levels(0.34, 0.48, 0.01), 0.5)},
    (2, 10, 100, 1000),
    5,
)
FULL = Sweep(dict.fromkeys(SCENARIOS, _levels(0.0, 0.5, 0.01)), (2, 5, 10, 20, 50, 100, 200, 500, 1000), 10)
STEPS = 100_000


@reproduction("sedam")
def sedam(lab: Lab) -> Outcome:
    """Noise × load of an exponential memory of MNIST digits and of random patterns: where is it critical?"""
    sweep = FULL if lab.is_full else SMALL
    jobs = {
        (patterns, load, seed): Job(
            f"{patterns.lower()}-k{load:04d}-s{seed}",
            scenario,
            {"copies.noise": list(sweep.noise[patterns]), "copies.load": [load], "dynamics.steps": STEPS},
            seed,
        )
        for patterns, scenario in SCENARIOS.items()
        for load in sweep.loads
        for seed in range(sweep.seeds)
    }
    runs = dict(zip(jobs, lab.run(list(jobs.values())), strict=True))
    rows: list[dict[str, Any]] = []
    shown: dict[str, list[CopyStatistics]] = {}
    for (patterns, load, seed), run in runs.items():
        lab.say(f"measuring {patterns}, load {load}, seed {seed}")
        copies = copy_statistics(run)
        closed = _closed_onset(run)
        rows += [{"patterns": patterns, "seed": seed, **copy.row(), "onset": closed} for copy in copies]
        if load == SHOWN_LOAD and seed == 0:
            shown[patterns] = copies
    found = {patterns: Found.of(patterns, rows) for patterns in SCENARIOS}
    return Outcome(
        "Exponential memories: critical in an interval of noise?",
        _claims(found),
        rows,
        _figures(found, shown, runs),
        [
            f"T = {STEPS:,} steps for every load, because the noise at which a pattern is lost falls with log T. "
            f"D = 784; loads {', '.join(map(str, sweep.loads))}; {sweep.seeds} seeds, each with patterns of its own.",
            "H is the slope of DFA of the overlap over windows of 10 … T/10 steps, unless a segment is named. The "
            "critical interval is where the mean H over seeds, less its bootstrap error, is above 0.6; intervals of "
            "its ends come from leaving out one seed at a time.",
            "The source's 1.25 (MNIST) and 1.5 (random) come without a fitted range; the segments are given beside the "
            "one slope for that reason.",
        ],
    )


def _closed_onset(run: Run) -> float:
    """Return the onset in closed form for the patterns that a run stored."""
    scenario: Any = parse(run.configuration)
    load = scenario.copies.load[0]
    stored = lay_out(Grid(noise=(0.0,), load=(load,)), Luck(scenario.seed), patterns=scenario.patterns).patterns[0]
    return onset(stored, 0, scenario.dynamics.steps)


@dataclass(frozen=True)
class Found:
    """One kind of patterns: its rows, and its edges of the critical interval with a value for each seed.

    `lower` and `upper` are by load.
    """

    patterns: str
    rows: Rows
    phases: Phases
    lower: Mapping[int, Measure]
    upper: Mapping[int, Measure]

    @classmethod
    def of(cls, patterns: str, rows: Rows) -> Found:
        """Pick the rows of these patterns and measure the edges."""
        mine = [dict(row) for row in rows if row["patterns"] == patterns]
        phases = Phases.of(mine)

        def edge(which: str) -> dict[int, Measure]:
            return {int(load): _left_out(mine, which, int(load)) for load in phases.loads}

        return cls(patterns, mine, phases, edge("lower"), edge("upper"))

    @property
    def loads(self) -> list[int]:
        """The loads, ascending."""
        return [int(load) for load in self.phases.loads]

    def peak(self, load: int) -> float:
        """The noise at which the mean H is largest."""
        h = self.phases.mean("h")[self.loads.index(load)]
        return float(self.phases.noise[np.nanargmax(h)])

    def at_peak(self, name: str, load: int) -> Measure:
        """Return a statistic there, over seeds."""
        return mean(self.rows, name, load=load, noise=self.peak(load))

    def below(self, row: Mapping[str, Any]) -> bool:
        """Return whether a copy has clearly less noise than the onset for its patterns."""
        return bool(row["noise"] <= row["onset"] - MARGIN)

    def over_levels(self, name: str, where: Callable[[Mapping[str, Any]], bool]) -> Measure:
        """Return the mean over all loads and the noise levels that are meant, one value for each seed."""
        seeds = sorted({row["seed"] for row in self.rows})
        return over_seeds([_mean([row[name] for row in self.rows if row["seed"] == s and where(row)]) for s in seeds])


def _left_out(rows: Sequence[dict[str, Any]], which: str, load: int) -> Measure:
    """Return an edge of the critical interval of a load, with the jackknife's value for each seed (Tukey 1958)."""
    mine = [row for row in rows if row["load"] == load]

    def edge(of: Sequence[dict[str, Any]]) -> float:
        return float(getattr(Phases.of(of).critical, which)[0])

    seeds = sorted({row["seed"] for row in mine})
    n, whole = len(seeds), edge(mine)
    return over_seeds([n * whole - (n - 1) * edge([row for row in mine if row["seed"] != seed]) for seed in seeds])


def _less(one: Sequence[Measure], other: Sequence[Measure]) -> Measure:
    """Return the mean over loads of one less the other, seed by seed."""
    pairs = zip(one, other, strict=True)
    differences = [[a.value - b.value for a, b in zip(mine.each, theirs.each, strict=True)] for mine, theirs in pairs]
    return over_seeds(np.mean(differences, axis=0).tolist())


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else math.nan


def _claims(found: Mapping[str, Found]) -> list[Claim]:
    return [claim for one in found.values() for claim in _of_patterns(one)] + _ordering(found)


def _of_patterns(one: Found) -> list[Claim]:
    name, loads = one.patterns, one.loads
    grid = float(np.diff(one.phases.noise).min())
    widths = {load: _less([one.upper[load]], [one.lower[load]]) for load in loads}
    narrow = min(loads, key=lambda load: widths[load].value)
    is_open = bool(one.phases.critical.open.any())
    drift = _drift(one)
    lowest = min(loads, key=lambda load: one.at_peak("h", load).value)
    peaks = ", ".join(
        f"K = {load}: {one.at_peak('h', load).value:.2f} (widest segment {one.at_peak('h_segment', load).value:.2f}) "
        f"at p = {one.peak(load):g}"
        for load in loads
    )
    edges = ", ".join(f"K = {load}: {one.lower[load].value:.3f} … {one.upper[load].value:.3f}" for load in loads)
    below = one.over_levels("h", one.below)
    above = one.over_levels("h", lambda row: row["noise"] >= ABOVE)
    off, gap = _off(one), _onset_gap(one, grid)
    return [
        Claim(
            f"control: Q below ({name})",
            CONTROL,
            "below the onset the mean overlap is 1 − 2p",
            f"largest distance of the mean overlap from 1 − 2p, noise at least {MARGIN:g} below the onset",
            off,
            judge(off, below=0.01),
            "holds below 0.01",
        ),
        Claim(
            f"onset ({name})",
            CONTROL,
            "the pattern is first lost at the noise of the closed form",
            "noise at which the mean overlap first falls short of 1 − 2p by 1 %, less half a step of the noise levels, "
            "less the onset in closed form for the same patterns; mean over loads",
            gap,
            judge(gap, within=(-0.02, 0.02)),
            f"holds within ± 0.02; T = {STEPS:,}; noise levels {grid:g} apart",
        ),
        Claim(
            f"interval ({name})",
            SOURCE,
            "the critical region is an interval of noise of finite width at every load",
            f"width of the critical interval at the load where it is narrowest (K = {narrow})",
            widths[narrow],
            "does not hold" if is_open else judge(widths[narrow], above=grid),
            f"holds above one step of the noise levels ({grid:g}) where no interval reaches an end of them; {edges}",
        ),
        Claim(
            f"H below ({name})",
            SOURCE,
            "below the interval H = 0.5",
            f"H, all loads and noise levels at least {MARGIN:g} below the onset",
            below,
            judge(below, within=(0.45, 0.55)),
            "holds within 0.5 ± 0.05",
        ),
        Claim(
            f"H above ({name})",
            SOURCE,
            "above the interval H = 0.5",
            f"H, all loads and noise from {ABOVE:g}",
            above,
            judge(above, within=(0.45, 0.55)),
            "holds within 0.5 ± 0.05",
        ),
        Claim(
            f"H inside, one slope ({name})",
            SOURCE,
            "inside the interval H rises above 1",
            f"H over windows of 10 … T/10 at the noise of the largest mean; the load where it is lowest, K = {lowest}",
            one.at_peak("h", lowest),
            judge(one.at_peak("h", lowest), above=1.0),
            peaks,
        ),
        Claim(
            f"H inside, segment ({name})",
            SOURCE,
            "inside the interval H rises above 1",
            f"slope of the widest straight segment at the same noise; K = {lowest}",
            one.at_peak("h_segment", lowest),
            judge(one.at_peak("h_segment", lowest), above=1.0),
            f"segments reach from {one.at_peak('h_segment_low', lowest).value:.0f} to "
            f"{one.at_peak('h_segment_high', lowest).value:.0f} steps on average",
        ),
        Claim(
            f"moves down ({name})",
            SOURCE,
            "the interval moves slightly down as the load grows",
            "change of the middle of the critical interval per decade of load, least squares",
            drift,
            judge(drift, below=0.0),
        ),
        *_waiting(one),
    ]


def _waiting(one: Found) -> list[Claim]:
    """Claims on the distribution of inter-event times, by likelihood ratios in standard deviations of their sums."""

    def at_peak(row: Mapping[str, Any]) -> bool:
        return bool(row["noise"] == one.peak(row["load"]))

    name, ratio = one.patterns, "coincidences_against_exponential"
    below, inside = (one.over_levels(f"{ratio}_all", where) for where in (one.below, at_peak))
    births = one.over_levels("births_against_exponential", at_peak)
    births_below = one.over_levels("births_against_exponential", one.below)
    return [
        Claim(
            f"exponential below ({name})",
            SOURCE,
            "in weak noise the times between coincidences are exponential",
            "log-likelihood ratio of power law over exponential, all times, in its standard deviations, below onset",
            below,
            judge(below, below=0.0),
            f"on the tail that suits a power law best: {one.over_levels(ratio, one.below).value:+.2f}",
        ),
        Claim(
            f"power law inside ({name})",
            SOURCE,
            "in stronger noise the times between coincidences follow a power law",
            "the same at the noise where H is largest",
            inside,
            judge(inside, above=0.0),
            f"on the tail that suits a power law best: {one.over_levels(ratio, at_peak).value:+.2f}. A change of "
            "pattern switches on few spins beside those that the noise switches on in every step, so coincidences of "
            "mean + 2 standard deviations are those of the noise",
        ),
        Claim(
            f"births inside ({name})",
            SOURCE,
            "births of avalanches show the power law that coincidences do",
            "log-likelihood ratio for the times between births of avalanches, on the tail that suits a power law best, "
            "in its standard deviations, where H is largest",
            births,
            judge(births, above=0.0),
            f"below the onset {births_below.value:+.2f}; mean exponent "
            f"{one.over_levels('mu_births', at_peak).value:.2f} inside",
        ),
    ]


def _ordering(found: Mapping[str, Found]) -> list[Claim]:
    digits, coins = found["MNIST"], found["random"]
    edges = _less(list(coins.lower.values()), list(digits.lower.values()))
    peaks = _less(*([one.at_peak("h", load) for load in one.loads] for one in (coins, digits)))
    segments = _less(*([one.at_peak("h_segment", load) for load in one.loads] for one in (coins, digits)))
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
            peaks,
            judge(peaks, above=0.0),
            f"widest segments {segments.value:+.3f}",
        ),
    ]


def _off(one: Found) -> Measure:
    seeds = sorted({row["seed"] for row in one.rows})
    below = [row for row in one.rows if one.below(row)]
    off = [[abs(row["mean_overlap"] - 1 + 2 * row["noise"]) for row in below if row["seed"] == s] for s in seeds]
    return over_seeds([max(values) for values in off])


def _onset_gap(one: Found, grid: float) -> Measure:
    def gap(load: int, seed: int) -> float:
        mine = [row for row in one.rows if row["load"] == load and row["seed"] == seed]
        lost = [row["noise"] for row in mine if row["mean_overlap"] < LOST * (1 - 2 * row["noise"])]
        return min(lost, default=math.nan) - grid / 2 - float(mine[0]["onset"])

    seeds = sorted({row["seed"] for row in one.rows})
    return over_seeds([_mean([gap(load, seed) for load in one.loads]) for seed in seeds])


def _drift(one: Found) -> Measure:
    """Return the change of the middle of the critical interval per decade of load, by seed."""
    decades = np.log10(one.loads)
    ends = [
        [(low.value, high.value) for low, high in zip(one.lower[k].each, one.upper[k].each, strict=True)]
        for k in one.loads
    ]
    middles = np.mean(ends, axis=2)
    return over_seeds([float(np.polyfit(decades, of_seed, 1)[0]) for of_seed in middles.T])


def _figures(
    found: Mapping[str, Found], shown: Mapping[str, Sequence[CopyStatistics]], runs: Mapping[Any, Run]
) -> dict[str, tuple[Figure, str]]:
    drawn: dict[str, tuple[Figure, str]] = {}
    panels = {name: {**_curves(one, "mean_overlap"), "1 − 2p": _straight(one)} for name, one in found.items()}
    drawn["overlap"] = (
        interval_curves(panels, along="noise p"),
        "Mean overlap with the target pattern by load; lines: means over seeds, bands: 95 % intervals, dots: seeds.",
    )
    for name, of in (("h", "h"), ("h-segment", "h_segment")):
        panels = {patterns: _curves(one, of) for patterns, one in found.items()}
        text = "H over windows of 10 … T/10 steps" if name == "h" else "Slope of the widest straight segment"
        drawn[name] = interval_curves(panels, along="noise p", limits=None), f"{text}, by load."
    for patterns, one in found.items():
        onsets = np.array([_mean(column(one.rows, "onset", load=load)) for load in one.loads])
        h, critical = one.phases.mean("h"), one.phases.critical
        drawn[f"phase-{patterns.lower()}"] = (
            phase_diagram(one.phases.noise, one.phases.loads, h, interval=critical, onset=onsets),
            f"H over noise and load, {patterns} patterns: the critical interval, and the onset in closed form for T = "
            f"{STEPS:,}.",
        )
    panels = {
        f"{patterns}, {what}": _curves(one, statistic)
        for patterns, one in found.items()
        for what, statistic in (
            ("coincidences, all times", "coincidences_against_exponential_all"),
            ("births, tail", "births_against_exponential"),
        )
    }
    drawn["power-law-or-exponential"] = (
        interval_curves(panels, along="noise p", limits=None),
        "Log-likelihood ratio of a power law over an exponential, in its standard deviations; above 0: power law.",
    )
    for patterns, copies in shown.items():
        one, lower = found[patterns], patterns.lower()
        peak = one.peak(SHOWN_LOAD)
        at = {copy.noise: copy for copy in copies}
        levels = {"below": 0.2, "inside": peak, "above": ABOVE}
        scalings = {f"{where}, p = {noise:g}": at[noise].h for where, noise in levels.items()}
        drawn[f"scaling-{lower}"] = (
            scaling_curves(scalings),
            f"DFA of the overlap with its segments; {patterns}, K = {SHOWN_LOAD}, first seed.",
        )
        for what in ("coincidences", "births"):
            waiting = getattr(at[peak], what)
            drawn[f"{what}-{lower}"] = (
                survival_curves(
                    waiting.times, waiting.fit, compare(waiting.times, waiting.fit), label="steps between events"
                ),
                f"Times between {what if what == 'coincidences' else 'births of avalanches'} at p = {peak:g}; "
                f"{patterns}, K = {SHOWN_LOAD}, first seed.",
            )
        drawn[f"raster-{lower}"] = (
            _raster(runs[patterns, SHOWN_LOAD, 0], peak),
            f"Spins that are on and their number, avalanches shaded, at p = {peak:g}; {patterns}, K = {SHOWN_LOAD}.",
        )
    return drawn


def _curves(one: Found, name: str) -> dict[str, Varied]:
    noise = [float(p) for p in one.phases.noise]
    return {f"K = {k}": Varied(noise, [mean(one.rows, name, load=k, noise=p) for p in noise]) for k in one.loads}


def _straight(one: Found) -> Varied:
    noise = [float(p) for p in one.phases.noise]
    return Varied(noise, [Measure(1 - 2 * p, "1", "1 − 2p", 1) for p in noise])


def _raster(run: Run, noise: float, *, steps: int = 300) -> Figure:
    """Draw the copy of a run at this noise, stepped once more because runs keep no states."""
    settings = run.configuration
    settings = {**settings, "copies": {**settings["copies"], "noise": [noise]}}
    made = assemble(parse(settings))
    made.step(settings["recording"]["burn_in_steps"])
    states = []
    for _ in range(steps):
        made.step(1)
        states.append(made.state().tensors["spins"][0].numpy().copy())
    activity = (np.array(states) > 0).sum(axis=1)
    return activity_raster(activity, avalanches(activity), states=np.array(states))
