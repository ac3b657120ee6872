"""Lubana et al.: types of a formal language are learnt one kind after the other, the later the more properties."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.figures.power_scaling import power_scaling
from hubbub.analysis.figures.seed_curves import SeedCurves, seed_curves
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.percolation import (
    critical_probability,
    giant_component,
    giant_shares,
    random_bipartite_graph,
    transition_step,
)
from hubbub.scenarios.devices import device_named
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.network_rows import network_rows, shortened
from hubbub.scenarios.reproductions.rows import Rows, column
from hubbub.scenarios.reproductions.writing import show
from hubbub.scenarios.systems import assemble
from hubbub.simulator.randomness import RandomStreams

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from hubbub.simulator.training.grammar import Grammar
    from hubbub.simulator.training.tasks.formal_language import FormalLanguage

SOURCE = "Lubana, Kawaguchi, Dick & Tanaka, arXiv 2408.12578"
CLASSES, REACHABLE_BY_CHANCE = 10, 0.15
FLOORS = {
    "grammaticality": 0.0,
    "relative": 0.0,
    "descriptive": 1 / CLASSES,
    "reachable": REACHABLE_BY_CHANCE,
    "unscrambled": 0.0,
    "completed": 0.0,
}
"""The measures, and what each is by chance once values are said where values belong."""
TYPES, FEWEST = ("relative", "descriptive"), 0.05
"""Types are judged where such a share of sentences is grammatical; before, one sentence would be all there is."""
TIMED = {
    "relative": "relative types",
    "descriptive": "descriptive types",
    "reachable": "reachable pairs",
    "data": "values said",
}
HALF, QUARTER = 0.5, 0.25
EXPONENT, TOLERANCE = 0.5, 0.1
SOURCE_GRAPH, SOURCE_VALUES = (900, 18000), (3600, 8000, 18000)


@dataclass(frozen=True)
class Size:
    """How much is trained: steps by number of values."""

    entities: int
    steps: tuple[tuple[int, int], ...]
    seeds: int
    width: int
    batch: int
    learning_rate: float
    warm_up_steps: int
    record_every: int

    @property
    def values(self) -> tuple[int, ...]:
        """The numbers of values."""
        return tuple(values for values, _ in self.steps)


SMALL = Size(120, ((300, 1000), (650, 1200), (1400, 1500), (3000, 2000)), 4, 64, 64, 0.003, 100, 50)
FULL = Size(900, tuple((values, 40000) for values in (3600, 6400, 10000, 14400, 18000)), 5, 128, 128, 0.001, 200, 200)


@reproduction("percolation")
def percolation(lab: Lab) -> Outcome:
    """Grammar, relative and descriptive types and three tasks over training, by the number of descriptive values."""
    size = FULL if lab.is_full else SMALL
    runs = lab.run([_job(size, values, steps) for values, steps in size.steps])
    rows: list[dict[str, Any]] = []
    for values, run in zip(size.values, runs, strict=True):
        rows += [{"values": values, **row} for row in network_rows(run, [*FLOORS, "loss"])]
    said = [Said(size.entities, size.batch, size.values, [assemble(parse(run.configuration)).task for run in runs])]
    if not lab.is_full:
        said.append(Said(SOURCE_GRAPH[0], FULL.batch, SOURCE_VALUES, _tasks_of_source()))
    found = Found(rows, size, said[0].steps(size.seeds, joined=False))
    return Outcome(
        "Percolation and formal language",
        [*_controls(found), *(_data_claim(each, size.seeds) for each in said), *_claims(found)],
        [*shortened(rows), *found.transitions],
        _figures(found),
        [
            f"n_E = {size.entities} entities, n_K = {', '.join(f'{values:,}' for values in size.values)} values, "
            f"{', '.join(f'{steps:,}' for _, steps in size.steps)} steps; width {size.width}, batch {size.batch}, "
            f"learning rate {size.learning_rate:g}, {size.seeds} seeds, each with its own language. The source has "
            "n_E = 900, n_K = 3,600 to 18,000, width 128, batch 128, learning rate .001.",
            "A transition is where a running mean over three records first rises half-way from chance to 1; half-way "
            "is ours. A quarter of the way was added when the curves were seen, because exponents depend on it. Chance "
            "is .1 for descriptive types, .15 for reachable pairs and taken as 0 for relative types. Types count as 0 "
            "while fewer than a twentieth of the sentences are grammatical.",
            "Caution: a seed that does not come so far within its steps is left out of an exponent and of a ratio, "
            "which makes both too small.",
            "Caution: √n_K follows from the percolation of pairs that were said, if a network needs a fixed multiple "
            "of the pairs at the critical point. The pairs themselves percolate far earlier, so that a network's "
            "exponent is about the multiple too.",
            "Caution: joined subjects own a value in common, so that a sentence links them at once; counted with "
            "these, the pairs percolate sooner, and the exponent is lower.",
            "Caution: exact unscrambling has no score of 1: subjects, objects and phrases that are joined may stand "
            "in any order. Reachable pairs fall again where a network has learnt by heart who owns what.",
            "Values that no entity owns are never said; they are not among the reachable pairs.",
        ],
    )


def _job(size: Size, values: int, steps: int) -> Job:
    return Job(
        f"values-{values}",
        "percolation",
        {
            "task.entities": size.entities,
            "task.values": values,
            "task.width": size.width,
            "task.batch": size.batch,
            "networks.seeds": size.seeds,
            "networks.learning_rate": [size.learning_rate],
            "optimiser.warm_up_steps": size.warm_up_steps,
            "training.steps": steps,
            "engine.block_agents": size.seeds,
            "engine.record_every": size.record_every,
            "engine.checkpoint_every": steps // 4,
        },
    )


def _tasks_of_source() -> list[FormalLanguage]:
    """Return languages of the source's sizes; nothing is trained on them."""
    from hubbub.simulator.training.tasks.formal_language import formal_language

    return [
        formal_language(
            entities=SOURCE_GRAPH[0], values=values, batch=FULL.batch, rng=RandomStreams(0), device=device_named("cpu")
        )
        for values in SOURCE_VALUES
    ]


@dataclass(frozen=True)
class Said:
    """Languages that differ in their number of values, and how many sequences of them are said in a step."""

    entities: int
    batch: int
    values: Sequence[int]
    tasks: Sequence[FormalLanguage]

    def steps(self, seeds: int, *, joined: bool) -> np.ndarray:
        """Return the steps `[seeds, sizes]` after which the pairs said so far percolate."""
        return np.array([[_data_step(task, seed, joined=joined) for task in self.tasks] for seed in range(seeds)])


def _data_step(task: FormalLanguage, seed: int, *, joined: bool) -> float:
    """Return when pairs connect half as many entities of a class, in the mean, as all pairs of the language do."""
    grammar, step, pairs = task.grammar(seed), 0, set[tuple[int, int]]()
    whole = _connected(grammar, {(entity, value) for entity, of in enumerate(grammar.owned.tolist()) for value in of})
    while not step or _connected(grammar, pairs) < whole / 2:
        pairs.update(task.pairs_said(seed, step, joined=joined))
        step += 1
    return float(step)


def _connected(grammar: Grammar, pairs: set[tuple[int, int]]) -> float:
    """Return the share of entities in the largest component of their class, in the mean over classes."""
    entities, values = grammar.n_entities // grammar.n_classes, grammar.n_values // grammar.n_classes
    edges = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    classes = (edges[edges[:, 0] // entities == own] % (entities, values) for own in range(grammar.n_classes))
    return float(np.mean([giant_component(of, entities, values)[0] for of in classes]))


class Found:
    """All rows, steps of transitions, and how numbers are picked from them."""

    def __init__(self, rows: Rows, size: Size, data: np.ndarray) -> None:
        self.rows, self.size, self.data = rows, size, data

    def curves(self, name: str, values: int) -> SeedCurves:
        """Return a measure over training at one number of values."""
        steps = sorted(set(column(self.rows, "step", values=values)))
        seen, grammatical = (
            np.array([column(self.rows, each, values=values, seed=seed) for seed in range(self.size.seeds)])
            for each in (name, "grammaticality")
        )
        judged = name not in TYPES or grammatical >= FEWEST
        return SeedCurves(np.array(steps), np.where(judged, seen, 0.0))

    def steps(self, name: str, *, way: float = HALF) -> np.ndarray:
        """Return the steps `[seeds, sizes]` at which a measure is so far on its way from chance to 1, or of the data.

        NaN where it never is.
        """
        if name == "data":
            return self.data
        level = FLOORS[name] + way * (1 - FLOORS[name])
        return np.array(
            [
                [transition_step(of.at.tolist(), each.tolist(), level=level) for each in of.values]
                for of in (self.curves(name, values) for values in self.size.values)
            ]
        ).T

    @property
    def transitions(self) -> list[dict[str, Any]]:
        """A row of the steps of transitions for each network, None where there is none."""
        steps = {name: self.steps(name) for name in (*FLOORS, "data")}
        return [
            {"values": values, "seed": seed}
            | {
                f"transition_{name}": round(float(of[seed, at]), 1) if np.isfinite(of[seed, at]) else None
                for name, of in steps.items()
            }
            for at, values in enumerate(self.size.values)
            for seed in range(self.size.seeds)
        ]

    def exponent(self, name: str, *, way: float = HALF) -> Measure:
        """Return the slope of ln step against ln n_K, seed by seed; a seed without one of the transitions has none."""
        sizes = np.log(self.size.values)
        return over_seeds([_slope(sizes, np.log(each)) for each in self.steps(name, way=way)])

    def at_relative(self, name: str) -> Measure:
        """Return the mean of a measure over n_K where relative types have their transition, on straight lines."""
        by_seed = []
        for seed in range(self.size.seeds):
            of = [self.curves(name, values) for values in self.size.values]
            when = self.steps("relative")[seed]
            by_seed.append(
                float(np.mean([np.interp(at, c.at, c.values[seed]) for at, c in zip(when, of, strict=True)]))
            )
        return over_seeds(by_seed)

    def least(self, name: str) -> Measure:
        """Return the least end value of a measure over n_K, by seed."""
        ends = [self.curves(name, values).values[:, -1] for values in self.size.values]
        return over_seeds(np.min(ends, axis=0).tolist())

    def course(self, name: str) -> str:
        """Return the end value, and the highest, in the mean over seeds at every n_K."""
        parts = []
        for values in self.size.values:
            seen = self.curves(name, values).values
            parts.append(f"n_K = {values}: {seen[:, -1].mean():.2f} (highest {seen.max(axis=1).mean():.2f})")
        return "; ".join(parts)


def _slope(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.polyfit(x, y, 1)[0]) if np.isfinite(y).all() else math.nan


def _controls(found: Found) -> list[Claim]:
    learnt = [
        Claim(
            f"control: {name}",
            "control",
            statement,
            f"{measured} at the end, at the n_K where it is lowest",
            value := found.least(name),
            judge(value, above=bound),
            f"holds above {bound:g}, which is ours; {found.course(name)}",
        )
        for name, statement, measured, bound in (
            ("grammaticality", "sentences said freely are of the grammar", "share of sentences", 0.8),
            ("relative", "verbs have subjects and objects of their classes", "share of verbs", 0.8),
            ("descriptive", "values are said of entities of their class", "share of values", 0.5),
        )
    ]
    graphs = _graph_differences()
    shares = giant_shares(*SOURCE_GRAPH, 1.5 * critical_probability(*SOURCE_GRAPH))
    return [
        *learnt,
        Claim(
            "control: giant component",
            "control",
            "sampled bipartite graphs have the giant component of the self-consistent equations",
            "largest difference of the two shares at 1.5 p_c, n_E = 900, n_K = 18,000, over ten graphs",
            graphs,
            judge(graphs, below=0.03),
            f"p_c = {critical_probability(*SOURCE_GRAPH):.4g}, shares {shares[0]:.3f} and {shares[1]:.3f}",
        ),
    ]


def _data_claim(said: Said, seeds: int) -> Claim:
    """Return whether what was said percolates like √n_K."""
    steps = {joined: said.steps(seeds, joined=joined) for joined in (False, True)}
    sizes = np.log(said.values)
    exponent, of_joined = (over_seeds([_slope(sizes, np.log(each)) for each in steps[of]]) for of in (False, True))
    return Claim(
        f"control: data, n_E = {said.entities}",
        "control",
        "the values that were said, each of one entity, percolate after steps that grow like √n_K",
        "exponent of the step at which they connect half as many entities of a class as all pairs do",
        exponent,
        judge(exponent, within=(EXPONENT - TOLERANCE, EXPONENT + TOLERANCE)),
        f"{said.batch} sequences a step, steps: {_by_size(said.values, steps[False])}; of all joined subjects, who own "
        f"a value in common: {show(of_joined)}, steps: {_by_size(said.values, steps[True])}",
    )


def _graph_differences() -> Measure:
    left, right = SOURCE_GRAPH
    p, differences = 1.5 * critical_probability(left, right), []
    for seed in range(10):
        edges = random_bipartite_graph(left, right, p, generator=np.random.default_rng(seed))
        seen, expected = giant_component(edges, left, right), giant_shares(left, right, p)
        differences.append(max(abs(one - other) for one, other in zip(seen, expected, strict=True)))
    return over_seeds(differences)


def _claims(found: Found) -> list[Claim]:
    claims = []
    for at, values in enumerate(found.size.values):
        ratio = over_seeds((found.steps("descriptive")[:, at] / found.steps("relative")[:, at]).tolist())
        claims.append(
            Claim(
                f"relative first (n_K = {values})",
                SOURCE,
                "relative types are learnt before descriptive ones",
                "step of the descriptive transition over that of the relative one",
                ratio,
                judge(ratio, above=1.0),
                f"step of the relative one: {show(over_seeds(found.steps('relative')[:, at].tolist()))}",
            )
        )
    for name, way, title, statement in (
        ("descriptive", HALF, "descriptive", "the step of the descriptive transition grows like √n_K"),
        ("descriptive", QUARTER, "descriptive, a quarter of the way", "so does the step of its beginning"),
        ("reachable", HALF, "reachable", "so does the step at which unseen pairs are reached"),
    ):
        exponent = found.exponent(name, way=way)
        claims.append(
            Claim(
                f"exponent, {title}",
                SOURCE,
                statement,
                "slope of ln step against ln n_K",
                exponent,
                judge(exponent, within=(EXPONENT - TOLERANCE, EXPONENT + TOLERANCE)),
                f"holds within {TOLERANCE:g} of 1/2, which is ours; 1/2 lies {_where(exponent)} the interval; steps: "
                f"{_by_size(found.size.values, found.steps(name, way=way))}; exponent of the relative transition: "
                f"{show(found.exponent('relative'))}",
            )
        )
    reached = found.least("reachable")
    claims.append(
        Claim(
            "unseen pairs",
            SOURCE,
            "an entity's class tells which values can be said of it, also those that never were",
            "share of unseen pairs of the right class that are reached at the end, at the n_K where it is lowest",
            reached,
            judge(reached, above=REACHABLE_BY_CHANCE),
            f"chance is {REACHABLE_BY_CHANCE}; {found.course('reachable')}",
        )
    )
    for name, statement in (
        ("unscrambled", "sentences are unscrambled only after relative types are learnt"),
        ("completed", "sentences are made of given words only after relative types are learnt"),
    ):
        before = found.at_relative(name)
        claims.append(
            Claim(
                f"tasks, {name}",
                SOURCE,
                statement,
                f"share {name} exactly at the relative transition, mean over n_K",
                before,
                judge(before, below=0.05),
                f"holds below .05, which is ours; at the end: {found.course(name)}",
            )
        )
    return claims


def _by_size(sizes: Sequence[int], steps: np.ndarray) -> str:
    """Return the mean over seeds of `steps [seeds, sizes]` at each size, in words."""
    parts = []
    for values, of in zip(sizes, steps.T, strict=True):
        known = of[np.isfinite(of)]
        parts.append(f"n_K = {values}: {known.mean():.0f}" if len(known) else f"n_K = {values}: none")
    return ", ".join(parts)


def _where(value: Measure) -> str:
    low, high = value.interval or (math.nan, math.nan)
    return "in" if low <= EXPONENT <= high else "outside"


def _figures(found: Found) -> dict[str, tuple[Figure, str]]:
    names: Sequence[str] = tuple(FLOORS)
    phases = {f"n_K = {values}": {name: found.curves(name, values) for name in names} for values in found.size.values}
    scaled: dict[str, dict[str, SeedCurves]] = {}
    along = {}
    for name, label in (("descriptive", "descriptive types"), ("reachable", "reachable pairs")):
        for root in (False, True):
            title = f"{label}, steps over √n_K" if root else label
            along[title] = "training step / √n_K" if root else "training step"
            scaled[title] = {}
            for values in found.size.values:
                of = found.curves(name, values)
                scaled[title][f"n_K = {values}"] = SeedCurves(of.at / math.sqrt(values) if root else of.at, of.values)
    return {
        "phases": (
            seed_curves(phases, along=dict.fromkeys(phases, "training step")),
            "Measures over training at every number of values: mean and single seeds.",
        ),
        "scaled": (
            seed_curves(scaled, along=along),
            "Descriptive types and reachable pairs over training, and over training steps divided by √n_K.",
        ),
        "transitions": (
            power_scaling(
                {label: found.steps(name) for name, label in TIMED.items()},
                np.array(found.size.values, dtype=float),
                exponent=EXPONENT,
                x_label="number of values n_K",
                y_label="step of the transition",
            ),
            "Steps of the transitions by number of values: geometric means of the seeds that have one, and single "
            "seeds; dashed: √n_K; values said: where these percolate, each said of one entity.",
        ),
    }
