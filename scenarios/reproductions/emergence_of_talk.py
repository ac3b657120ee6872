"""Emergence on systems that talk and remember, side by side: what it goes with, and what not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hubbub.analysis.figures import interval_dots
from hubbub.scenarios.reproductions import emergence_of_agents as agents
from hubbub.scenarios.reproductions import emergence_of_codes as codes
from hubbub.scenarios.reproductions import emergence_of_graphs as graphs
from hubbub.scenarios.reproductions import emergence_of_memories as memories
from hubbub.scenarios.reproductions.catalogue import Outcome, reproduction
from hubbub.scenarios.reproductions.correlating import in_plain_words
from hubbub.scenarios.reproductions.emergence_of_agents_figures import figures
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.recorded_agents import RecordedAgents


@dataclass(frozen=True)
class Size:
    """How many seeds, and how long."""

    populations: int
    training_steps: int
    memories: int
    memory_steps: int
    searches: int
    agents_in_a_search: int
    generations: int


SMALL = Size(8, 1500, 5, 50_000, 5, 8, 20)
FULL = Size(20, 4500, 10, 100_000, 10, 12, 100)
LOAD = 100
NOISE = (0.2, 0.3, 0.34, 0.36, 0.37, 0.38, 0.39, 0.4, 0.41, 0.42, 0.44, 0.48)


@reproduction("emergence-of-talk")
def emergence_of_talk(lab: Lab) -> Outcome:
    """Paths in agents, Ψ of their code and of a memory, effective information of graphs: what goes with what?"""
    size = FULL if lab.is_full else SMALL
    wanted: dict[str, tuple[str, dict[str, Any], int]] = {
        "talk": ("emergence-of-talk", {"training.steps": size.training_steps}, size.populations),
        "memory": (
            "sedam-random-patterns",
            {"copies.noise": list(NOISE), "copies.load": [LOAD], "dynamics.steps": size.memory_steps},
            size.memories,
        ),
        "search": (
            "graph-search",
            {"topology.n_agents": size.agents_in_a_search, "search.generations": size.generations},
            size.searches,
        ),
    }
    jobs = {
        (part, seed): Job(f"{part}-s{seed}", scenario, changes, seed)
        for part, (scenario, changes, seeds) in wanted.items()
        for seed in range(seeds)
    }
    runs = dict(zip(jobs, lab.run(list(jobs.values())), strict=True))
    lab.say("measuring")
    societies = [RecordedAgents.of(runs["talk", seed]) for seed in range(size.populations)]
    rows = [row for seed, society in enumerate(societies) for row in agents.rows_of(society, seed)]
    rows += [row for seed, society in enumerate(societies) for row in codes.rows_of(society.codes, seed)]
    rows += [row for seed in range(size.memories) for row in memories.rows_of(runs["memory", seed], seed)]
    rows += [row for seed in range(size.searches) for row in graphs.rows_of(runs["search", seed], seed)]

    related = [*agents.correlations(rows), *memories.correlations(rows), *graphs.correlations(rows)]
    return Outcome(
        "Emergence on our own systems: what goes with what?",
        [
            *related,
            agents.growth(rows),
            *codes.claims(rows),
            *memories.claims(rows),
            *graphs.claims(rows),
        ],
        rows,
        {
            "correlations": (
                interval_dots(
                    {"what goes with what": {claim.name: claim.value for claim in related}}, along="correlation"
                ),
                "Every correlation, with its interval over seeds; for dialects, the variance of E between them.",
            ),
            **figures(societies, rows),
            "memory": memories.figure(rows),
            "graphs": graphs.figure(rows),
        },
        [
            *in_plain_words(related),
            "E is the path emergence of an agent while it speaks: its network unrolled over the message, in closed "
            "form, which is the mask-aware count as well, for no weight is pruned. "
            f"Karate club, {size.populations} seeds, {size.training_steps:,} steps.",
            f"Memory: {LOAD} random patterns of 784 spins, {size.memories} seeds, {size.memory_steps:,} steps, then "
            f"{memories.STATES:,} states {memories.STRIDE} steps apart. Graphs: {size.searches} searches, "
            f"{size.agents_in_a_search} agents, {size.generations} generations.",
        ],
    )
