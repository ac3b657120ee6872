"""How often degrees are called scale-free, by the grade of the tail alone and by the form that a claim rests on.

python benchmarks/tail_grades.py --out docs/results/tail-grades.md
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np

from hubbub.analysis.hubs import scale_free_form

Make = Callable[[int, np.random.Generator], nx.Graph]


def capped(n: int, rng: np.random.Generator) -> nx.Graph:
    """Return a graph in which everybody chooses one other at random."""
    return nx.Graph((agent, (agent + int(rng.integers(1, n))) % n) for agent in range(n))


def one_hub(n: int, rng: np.random.Generator) -> nx.Graph:
    """Return a graph in which half choose one hub and the others choose at random, as in the middle of a search."""
    graph = capped(n, rng)
    graph.remove_edges_from(list(graph.edges(range(1, n // 2))))
    graph.add_edges_from((0, agent) for agent in range(1, n // 2))
    return graph


def stars(hubs: int) -> Make:
    """Return a function that makes linked hubs which share all others among them."""

    def make(n: int, _: np.random.Generator) -> nx.Graph:
        graph = nx.complete_graph(hubs)
        graph.add_edges_from((agent, agent % hubs) for agent in range(hubs, n))
        return graph

    return make


def power_law(n: int, rng: np.random.Generator) -> nx.Graph:
    """Return a graph whose degrees are drawn from k^-2.5, up to the square root of 4 n."""
    weights = np.arange(1, int((4 * n) ** 0.5) + 1.0) ** -2.5
    degrees = rng.choice(len(weights), size=n, p=weights / weights.sum()) + 1
    degrees[0] += degrees.sum() % 2
    return nx.Graph(nx.configuration_model(degrees.tolist(), seed=rng))


KINDS: dict[str, tuple[Make, str]] = {
    "star": (stars(1), "no"),
    "one hub, others random": (one_hub, "no"),
    "two stars": (stars(2), "no"),
    "five stars": (stars(5), "no"),
    "random, one choice each": (capped, "no"),
    "random tree": (lambda n, rng: nx.from_prufer_sequence(rng.integers(n, size=n - 2).tolist()), "no"),
    "Erdős–Rényi, 2 n links": (lambda n, rng: nx.gnm_random_graph(n, 2 * n, seed=rng), "no"),
    "Watts–Strogatz, p = .2": (lambda n, rng: nx.watts_strogatz_graph(n, 4, 0.2, seed=rng), "no"),
    "lattice": (lambda n, _: nx.grid_2d_graph(4, n // 4), "no"),
    "Barabási–Albert, m = 1": (lambda n, rng: nx.barabasi_albert_graph(n, 1, seed=rng), "yes"),
    "Barabási–Albert, m = 2": (lambda n, rng: nx.barabasi_albert_graph(n, 2, seed=rng), "yes"),
    "degrees from k^−2.5": (power_law, "yes"),
}
CASES = ((1, 60), (1, 200), (8, 20), (8, 60), (8, 100))
"""Numbers of graphs that are pooled, and of agents in each."""


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--samples", type=int, default=50)
    given = parser.parse_args()
    cases = [f"{pooled} × {n}" for pooled, n in CASES]
    lines = [
        "# How often degrees are called scale-free",
        "",
        "Made by",
        "",
        f"    python benchmarks/tail_grades.py --repetitions {given.repetitions} --samples {given.samples}",
        "",
        f"{given.repetitions} times for every kind, number of graphs that are pooled, and size (8 × 60: eight graphs",
        f"of 60 agents). The goodness of fit has {given.samples} samples. Shares of the repetitions in which the grade",
        "of the tail (Broido & Clauset 2019) is weak or better, in which it is strong or strongest, and in which the",
        "*form* is scale-free (`scale_free_form`): a strong grade, at least three hubs in half of the graphs, the",
        "exponential rejected and no alternative favoured. Stars and lattices have the same degrees every time.",
        "",
        f"| kind | scale-free | {' | '.join(cases)} |",
        f"| --- | --- |{' --- |' * len(cases)}",
    ]
    for kind, (make, truth) in KINDS.items():
        shares = []
        for pooled, n in CASES:
            rng = np.random.default_rng([n, *kind.encode()])
            found = []
            for _ in range(given.repetitions):
                degrees = [np.array([d for _, d in make(n, rng).degree()]) for _ in range(pooled)]
                found.append(scale_free_form(degrees, generator=rng, samples=given.samples))
            weak = np.mean([one.grade.value in ("weak", "strong", "strongest") for one in found])
            strong, form = (
                np.mean([getattr(one, name) for one in found]) for name in ("scale_free_tail", "is_scale_free")
            )
            shares.append(f"{weak:.1f} / {strong:.1f} / {form:.1f}")
        lines.append(f"| {kind} | {truth} | {' | '.join(shares)} |")
        print(lines[-1], flush=True)
    lines += ["", "Each entry: weak or better / strong or strongest / form."]
    if given.out:
        given.out.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
