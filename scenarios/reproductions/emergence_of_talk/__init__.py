"""Emergence on systems that talk and remember, side by side: what it goes with, and what not."""

from __future__ import annotations

from collections.abc import Sequence

from hubbub.analysis.figures import interval_dots
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim
from hubbub.scenarios.reproductions.criteria import WEAK
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.emergence_of_talk import agents, codes, graphs, memories
from hubbub.scenarios.reproductions.emergence_of_talk.figures import figures_of_agents
from hubbub.scenarios.reproductions.emergence_of_talk.recorded_agents import RecordedAgents
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Rows, Table
from hubbub.simulator.store import Run

LOAD = 100
NOISE = (0.2, 0.3, 0.34, 0.36, 0.37, 0.38, 0.39, 0.4, 0.41, 0.42, 0.44, 0.48)

PLAIN_SEARCH = {
    "search.fitness": {"kind": "full"},
    "search.objective": {"kind": "success", "referents": 64},
    "search.children": 4,
    "search.seeds": 2,
    "search.screening": 1,
}
"""Graphs are tried by the agents themselves and no model chooses among children."""


@reproduction("emergence-of-talk")
@sizes(
    small={
        "populations": 8,
        "training_steps": 1500,
        "n_memories": 5,
        "memory_steps": 50_000,
        "searches": 5,
        "n_agents": 8,
        "generations": 20,
    },
    full={
        "populations": 20,
        "training_steps": 4500,
        "n_memories": 10,
        "memory_steps": 100_000,
        "searches": 10,
        "n_agents": 12,
        "generations": 100,
    },
)
def emergence_of_talk(
    *,
    populations: int,
    training_steps: int,
    n_memories: int,
    memory_steps: int,
    searches: int,
    n_agents: int,
    generations: int,
) -> Reproduction:
    """Paths in agents, Ψ of their code and of a memory, effective information of graphs: what correlates with what?"""
    in_memory = {"copies.noise": list(NOISE), "copies.load": [LOAD], "dynamics.steps": memory_steps}
    in_search = {"topology.n_agents": n_agents, "search.generations": generations, **PLAIN_SEARCH}
    designs = [
        Design("emergence-of-talk", "talk-s{seed}", talk_rows, populations, {"training.steps": training_steps}),
        Design("sedam-random-patterns", "memory-s{seed}", memories.measure, n_memories, in_memory),
        Design("graph-search", "search-s{seed}", graphs.measure, searches, in_search),
    ]

    def remarks(table: Table) -> list[str]:
        return [
            *in_plain_words(correlations(table)),
            "E is the path emergence of an agent while it speaks: its network unrolled over the message, in closed "
            "form, which is the mask-aware count as well, for no weight is pruned. "
            f"Karate club, {populations} seeds, {training_steps:,} steps.",
            f"Memory: {LOAD} random patterns of 784 spins, {n_memories} seeds, {memory_steps:,} steps, then "
            f"{memories.STATES:,} states {memories.STRIDE} steps apart. Graphs: {searches} searches, "
            f"{n_agents} agents, {generations} generations.",
        ]

    title = "Emergence on our own systems: what correlates with what?"
    return Reproduction(title, "our question", designs, claims, figures, remarks)


def talk_rows(run: Run) -> Rows:
    """Return the emergence of agents, and that of the code that they share."""
    society, seed = RecordedAgents.of(run), int(run.configuration["seed"])
    return [*agents.rows_of(society, seed), *codes.rows_of(society.codes, seed)]


def correlations(table: Table) -> list[Claim]:
    """Return what goes with emergence."""
    return [*agents.correlations(table), *memories.correlations(table), *graphs.correlations(table)]


def claims(table: Table) -> list[Claim]:
    """Judge what goes with emergence, and whether there is any."""
    others = [*codes.claims(table), *memories.claims(table), *graphs.claims(table)]
    return [*correlations(table), agents.growth(table), *others]


def in_plain_words(judged: Sequence[Claim]) -> list[str]:
    """Return what correlates, what does not, and what is not decided, a sentence each."""
    said = {"holds": "Correlates", "does not hold": f"Does not (all of the interval within ±{WEAK:g})"}
    sentences = []
    for verdict in ("holds", "does not hold", "not decided"):
        names = [f"{claim.name} ({claim.value.value:+.2f})" for claim in judged if claim.verdict == verdict]
        sentences.append(f"{said.get(verdict, 'Not decided')}: {'; '.join(names) or 'nothing'}.")
    return sentences


def figures(table: Table, runs: MadeRuns) -> Figures:
    """Draw every correlation, and each of the systems."""
    values = {claim.name: claim.value for claim in correlations(table)}
    societies = [RecordedAgents.of(made.run) for made in runs if made.design.measure is talk_rows]
    return {
        "correlations": (
            interval_dots({"what correlates with what": values}, along="correlation"),
            "Every correlation, with its interval over seeds; for dialects, the variance of E between them.",
        ),
        **figures_of_agents(societies, table),
        "memory": memories.figure(table),
        "graphs": graphs.figure(table),
    }
