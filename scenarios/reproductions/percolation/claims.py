"""What the source says of types that percolate, judged by the transitions of networks."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.percolation import critical_probability, giant_component, giant_shares, random_bipartite_graph
from hubbub.scenarios.reproductions.claim import Claim, control
from hubbub.scenarios.reproductions.criteria import Above, Below, Within
from hubbub.scenarios.reproductions.percolation.measures import (
    HALF,
    QUARTER,
    REACHABLE_BY_CHANCE,
    Learning,
    by_size,
    exponent,
    said_steps,
)
from hubbub.scenarios.reproductions.table import Table
from hubbub.scenarios.reproductions.writing import show

EXPONENT, TOLERANCE = 0.5, 0.1
NEAR = Within(EXPONENT - TOLERANCE, EXPONENT + TOLERANCE, f"{TOLERANCE:g} around 1/2: our choice")
SOURCE_GRAPH = 900, 18000


def claims(table: Table) -> list[Claim]:
    """Judge order and exponents of transitions, what is reached, and the tasks."""
    learning = Learning(table)
    said = table.having("said_step").by("entities")
    return [
        *_controls(learning),
        *(_of_said(entities, part) for entities, part in said.items()),
        *_transitions(learning),
        *_abilities(learning),
    ]


def _controls(learning: Learning) -> list[Claim]:
    p = 1.5 * critical_probability(*SOURCE_GRAPH)
    shares = giant_shares(*SOURCE_GRAPH, p)
    learnt = [
        control(
            name,
            statement,
            f"{measured} at the end, at the n_K where it is lowest",
            learning.least(name),
            Above(bound),
            learning.course(name),
        )
        for name, statement, measured, bound in (
            ("grammaticality", "sentences said freely are of the grammar", "share of sentences", 0.8),
            ("relative", "verbs have subjects and objects of their classes", "share of verbs", 0.8),
            ("descriptive", "values are said of entities of their class", "share of values", 0.5),
        )
    ]
    graphs = control(
        "giant component",
        "sampled bipartite graphs have the giant component of the self-consistent equations",
        "largest difference of the two shares at 1.5 p_c, n_E = 900, n_K = 18,000, over ten graphs",
        _graph_differences(p),
        Below(0.03),
        f"p_c = {critical_probability(*SOURCE_GRAPH):.4g}, shares {shares[0]:.3f} and {shares[1]:.3f}",
    )
    return [*learnt, graphs]


def _graph_differences(p: float) -> Measure:
    differences = []
    for seed in range(10):
        edges = random_bipartite_graph(*SOURCE_GRAPH, p, generator=np.random.default_rng(seed))
        seen, expected = giant_component(edges, *SOURCE_GRAPH), giant_shares(*SOURCE_GRAPH, p)
        differences.append(max(abs(one - other) for one, other in zip(seen, expected, strict=True)))
    return over_seeds(differences)


def _of_said(entities: int, said: Table) -> Claim:
    """Judge whether what was said percolates like √n_K."""
    sizes, single, joined = said.levels("values"), said_steps(said, joined=False), said_steps(said, joined=True)
    return control(
        f"data, n_E = {entities}",
        "the values that were said, each of one entity, percolate after steps that grow like √n_K",
        "exponent of the step at which they connect half as many entities of a class as all pairs do",
        exponent(sizes, single),
        NEAR,
        f"{said.rows[0]['batch']} sequences a step, steps: {by_size(sizes, single)}; of all joined subjects, who own "
        f"a value in common: {show(exponent(sizes, joined))}, steps: {by_size(sizes, joined)}",
    )


def _transitions(learning: Learning) -> list[Claim]:
    descriptive, relative = learning.steps("descriptive"), learning.steps("relative")
    first = [
        Claim(
            f"relative first (n_K = {values})",
            "relative types are learnt before descriptive ones",
            "step of the descriptive transition over that of the relative one",
            over_seeds((descriptive[:, at] / relative[:, at]).tolist()),
            Above(1, "1 where both are learnt at the same step"),
            f"step of the relative one: {show(over_seeds(relative[:, at].tolist()))}",
        )
        for at, values in enumerate(learning.values)
    ]
    exponents = []
    for name, way, title, statement in (
        ("descriptive", HALF, "descriptive", "the step of the descriptive transition grows like √n_K"),
        ("descriptive", QUARTER, "descriptive, a quarter of the way", "so does the step at which it begins"),
        ("reachable", HALF, "reachable", "so does the step at which unseen pairs are reached"),
    ):
        value = learning.exponent(name, way=way)
        low, high = value.interval or (np.nan, np.nan)
        exponents.append(
            Claim(
                f"exponent, {title}",
                statement,
                "slope of ln step against ln n_K",
                value,
                NEAR,
                f"1/2 lies {'in' if low <= EXPONENT <= high else 'outside'} the interval; steps: "
                f"{by_size(learning.values, learning.steps(name, way=way))}; exponent of the relative transition: "
                f"{show(learning.exponent('relative'))}",
            )
        )
    return [*first, *exponents]


def _abilities(learning: Learning) -> list[Claim]:
    reached = Claim(
        "unseen pairs",
        "an entity's class tells which values can be said of it, also those that never were",
        "share of unseen pairs of the right class that are reached at the end, at the n_K where it is lowest",
        learning.least("reachable"),
        Above(REACHABLE_BY_CHANCE, "chance"),
        learning.course("reachable"),
    )
    tasks = (
        ("unscrambled", "sentences are unscrambled only after relative types are learnt"),
        ("completed", "sentences are made of given words only after relative types are learnt"),
    )
    return [
        reached,
        *(
            Claim(
                f"tasks, {name}",
                statement,
                f"share {name} exactly at the relative transition, mean over n_K",
                learning.at_relative(name),
                Below(0.05),
                f"at the end: {learning.course(name)}",
            )
            for name, statement in tasks
        ),
    ]
