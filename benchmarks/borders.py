"""Whether a true border and a true continuum between dialects are told apart in trained populations.

python benchmarks/borders.py  # two runs of 20 agents, about two minutes of one core

Two communities with one bridge have a border; a ring, on which everybody hears two neighbours, has a continuum.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import networkx as nx

from hubbub.analysis.views.population import sentences
from hubbub.analysis.views.population.findings import find_population
from hubbub.analysis.views.population.verdicts import verdicts
from hubbub.scenarios import run

SETTINGS = {
    "training.steps": 1000,
    "training.learning_rate": 3e-3,
    "channel.temperature": 2.0,
    "agent.hidden": 48,
    "engine.record_every": 200,
    "engine.checkpoint_every": 1000,
}


def two_communities() -> nx.Graph:
    """Return two small worlds of ten agents with one link between them."""
    parts = [nx.connected_watts_strogatz_graph(10, 4, 0.3, seed=seed) for seed in (1, 2)]
    graph = nx.disjoint_union(*parts)
    graph.add_edge(0, 10)
    return graph


def main() -> None:
    """Train both populations and print what their reports conclude."""
    for name, graph in (("two communities, one bridge", two_communities()), ("ring", nx.cycle_graph(20))):
        with tempfile.TemporaryDirectory() as folder:
            found = find_population(run("ring-dialects", SETTINGS, topology=graph, out=Path(folder) / "run"))
        print(f"{name}: {verdicts(found).dialects}; success {found.success['train']['over_links']:.2f}")
        print("  " + " ".join(sentences.continuum(found)))


if __name__ == "__main__":
    main()
