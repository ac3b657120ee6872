"""When a network has learnt each part of the language, and when what was said percolates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.figures.seed_curves import SeedCurves
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.percolation import giant_component, transition_step
from hubbub.scenarios.devices import device_named
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.run_set import MadeRuns, RunSet
from hubbub.scenarios.reproductions.table import Row, Rows, Table, slope
from hubbub.scenarios.systems import assemble
from hubbub.simulator.randomness import RandomStreams

if TYPE_CHECKING:
    from hubbub.simulator.training.grammar import Grammar
    from hubbub.simulator.training.tasks.formal_language import FormalLanguage

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
HALF, QUARTER = 0.5, 0.25


def rows(runs: RunSet, made: MadeRuns, *, seeds: int, of_source: Mapping[str, Any]) -> list[Row]:
    """Return the metrics of all networks, when what was said percolates, and the transitions of every network."""
    measured = runs.rows(made)
    runs.say("counting what was said")
    tasks = {one.key["values"]: assemble(parse(one.run.configuration)).task for one in made}
    task = made[0].run.configuration["task"]
    said = said_rows(tasks, entities=task["entities"], batch=task["batch"], seeds=seeds)
    said += source_rows(**of_source, seeds=seeds)
    return [*measured, *said, *Learning(Table([*measured, *said])).transitions()]


def source_rows(*, entities: int, batch: int, values: Sequence[int], seeds: int) -> Rows:
    """Return when what is said in languages of the source's sizes percolates; nothing is trained on them."""
    from hubbub.simulator.training.tasks.formal_language import formal_language

    common: dict[str, Any] = {
        "entities": entities,
        "batch": batch,
        "rng": RandomStreams(0),
        "device": device_named("cpu"),
    }
    tasks = {of: formal_language(values=of, **common) for of in values}
    return said_rows(tasks, entities=entities, batch=batch, seeds=seeds)


def said_rows(tasks: Mapping[int, FormalLanguage], *, entities: int, batch: int, seeds: int) -> list[Row]:
    """Return the steps after which the pairs said so far percolate, by number of values."""
    return [
        {"entities": entities, "batch": batch, "values": values, "seed": seed, "joined": joined}
        | {"said_step": _said_step(task, seed, joined=joined)}
        for values, task in tasks.items()
        for joined in (False, True)
        for seed in range(seeds)
    ]


def _said_step(task: FormalLanguage, seed: int, *, joined: bool) -> float:
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


class Learning:
    """The course of learning, and its transitions; `said` are the steps at which what was said percolates."""

    def __init__(self, table: Table) -> None:
        self.table = table.having("step")
        self.values: list[int] = self.table.levels("values")
        self.seeds: list[int] = self.table.levels("seed")
        said = list(table.having("said_step").by("entities").values())
        self.said = said_steps(said[0], joined=False) if said else np.zeros((0, 0))

    def curves(self, name: str, values: int) -> SeedCurves:
        """Return a measure over training at one number of values."""
        of = self.table.where(values=values).by("seed")
        seen, grammatical = (
            np.array([of[seed].column(each) for seed in self.seeds], dtype=float) for each in (name, "grammaticality")
        )
        judged = name not in TYPES or grammatical >= FEWEST
        return SeedCurves(np.array(self.table.where(values=values).levels("step")), np.where(judged, seen, 0.0))

    def steps(self, name: str, *, way: float = HALF) -> np.ndarray:
        """Return the steps `[seeds, sizes]` at which a measure is so far on its way from chance to 1, or `said`.

        NaN where it never is.
        """
        if name == "said":
            return self.said
        level = FLOORS[name] + way * (1 - FLOORS[name])
        curves = [self.curves(name, values) for values in self.values]
        return np.array(
            [[transition_step(of.at.tolist(), each.tolist(), level=level) for each in of.values] for of in curves]
        ).T

    def transitions(self) -> list[Row]:
        """Return a row of the steps of transitions for each network, None where there is none."""
        steps = {name: self.steps(name) for name in (*FLOORS, "said")}
        return [
            {"values": values, "seed": seed}
            | {
                f"transition_{name}": round(float(of[row, at]), 1) if np.isfinite(of[row, at]) else None
                for name, of in steps.items()
            }
            for at, values in enumerate(self.values)
            for row, seed in enumerate(self.seeds)
        ]

    def exponent(self, name: str, *, way: float = HALF) -> Measure:
        """Return the slope of ln step against ln n_K, seed by seed; a seed without one of the transitions has none."""
        return exponent(self.values, self.steps(name, way=way))

    def at_relative(self, name: str) -> Measure:
        """Return the mean of a measure over n_K where relative types have their transition, on straight lines."""
        of, when = [self.curves(name, values) for values in self.values], self.steps("relative")
        return over_seeds(
            [
                float(np.mean([np.interp(at, c.at, c.values[row]) for at, c in zip(when[row], of, strict=True)]))
                for row in range(len(self.seeds))
            ]
        )

    def least(self, name: str) -> Measure:
        """Return the least end value of a measure over n_K, by seed."""
        ends = [self.curves(name, values).values[:, -1] for values in self.values]
        return over_seeds(np.min(ends, axis=0).tolist())

    def course(self, name: str) -> str:
        """Return the end value, and the highest, in the mean over seeds at every n_K."""
        parts = []
        for values in self.values:
            seen = self.curves(name, values).values
            parts.append(f"n_K = {values}: {seen[:, -1].mean():.2f} (highest {seen.max(axis=1).mean():.2f})")
        return "; ".join(parts)


def said_steps(said: Table, *, joined: bool) -> np.ndarray:
    """Return the steps `[seeds, sizes]` after which what was said percolates."""
    parts = said.where(joined=joined).by("values")
    return np.array([part.column("said_step") for part in parts.values()]).T


def exponent(sizes: Sequence[int], steps: np.ndarray) -> Measure:
    """Return the slope of ln of `steps [seeds, sizes]` against ln size, seed by seed."""
    return over_seeds([slope(np.log(sizes).tolist(), np.log(each).tolist()) for each in steps])


def by_size(sizes: Sequence[int], steps: np.ndarray) -> str:
    """Return the mean over seeds of `steps [seeds, sizes]` at each size, in words."""
    parts = []
    for values, of in zip(sizes, steps.T, strict=True):
        known = of[np.isfinite(of)]
        parts.append(f"n_K = {values}: {known.mean():.0f}" if len(known) else f"n_K = {values}: none")
    return ", ".join(parts)
