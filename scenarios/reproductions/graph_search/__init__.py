"""Kim & Oh 2021, third and fourth claims: optimised graphs succeed more, and show hubs and scale-free form."""

from __future__ import annotations

from functools import partial

from hubbub.scenarios.reproductions.catalogue import Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.graph_search.claims import claims
from hubbub.scenarios.reproductions.graph_search.figures import figures
from hubbub.scenarios.reproductions.graph_search.trials import CHOSEN, PATHS, PENALTY, cap, nothing, rows

FIRST_SEED = 500
"""No seed below was used while the search was made."""


@reproduction("graph-search")
@sizes(
    small={
        "agents": 12,
        "generations": 30,
        "searches": 8,
        "choices": (1,),
        "trial_steps": 500,
        "penalties": (0.5, 2.0, 8.0),
        "penalised": 3,
        "penalised_agents": 12,
    },
    full={
        "agents": 50,
        "generations": 60,
        "searches": 10,
        "choices": (1, 2),
        "trial_steps": 3000,
        "penalties": (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0),
        "penalised": 5,
        "penalised_agents": 100,
    },
)
def graph_search(
    *,
    agents: int,
    generations: int,
    searches: int,
    choices: tuple[int, ...],
    trial_steps: int,
    penalties: tuple[float, ...],
    penalised: int,
    penalised_agents: int,
    pairings: tuple[str, ...] = ("node", "edge"),
) -> Reproduction:
    """Search for good graphs, then train GRU agents on them, and on other graphs with as many links, from scratch."""
    size = {"topology.n_agents": agents, "search.generations": generations, "training.steps": 1}
    caps = {cap(k): {"search.constraint.links_per_agent": k} for k in choices}
    by_paths = {
        PATHS.format(kind=name): {
            **changes,
            "search.objective": {"kind": "paths"},
            "search.generations": 2 * generations,
        }
        for name, changes in caps.items()
    }
    square = {"topology": {"kind": "random-geometric", "n_agents": penalised_agents}}
    designs = [
        Design(
            "graph-search",
            "search/{kind}-s{seed}",
            nothing,
            searches,
            size,
            {"kind": {**caps, **by_paths}},
            first_seed=FIRST_SEED,
        ),
        Design(
            "partner-search",
            "search/{kind}-s{seed}",
            nothing,
            searches,
            {"topology.n_agents": agents, "training.steps": trial_steps},
            labels={"kind": CHOSEN},
            first_seed=FIRST_SEED,
        ),
        Design(
            "graph-search",
            "search/penalty-{penalty}-s{seed}",
            nothing,
            penalised,
            {"search.generations": generations, "training.steps": 1, **square},
            {"penalty": {penalty: {"search.distance_penalty": penalty} for penalty in penalties}},
            labels={"kind": PENALTY},
            first_seed=FIRST_SEED,
        ),
    ]
    return Reproduction(
        "Good graphs: do they succeed more, and do they have hubs?",
        "Kim & Oh 2021, abstract",
        designs,
        partial(claims, caps=tuple(caps)),
        figures,
        [
            f"{agents} agents; {searches} searches of {generations} generations for each cap; every graph is trained "
            f"once from scratch with GRU agents for each seed and pairing, {trial_steps} steps, on seeds that no "
            "search has used. "
            f"Penalty: {penalised} searches for each λ, {penalised_agents} agents placed in the unit square.",
            "A reproduction of the abstract's qualitative claims under our own specification, not a replication of the "
            "paper's numbers.",
        ],
        rows=partial(rows, steps=trial_steps, pairings=pairings),
    )
