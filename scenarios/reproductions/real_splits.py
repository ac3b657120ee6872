"""Do dialects of agents on a real network foretell how it split, beyond what a cut of the graph says?"""

from __future__ import annotations

import networkx as nx
import numpy as np

from hubbub.analysis.dialects import agreement, cluster, similarity_matrix
from hubbub.analysis.dialects.agreement import group_numbers
from hubbub.analysis.figures.interval_dots import interval_dots
from hubbub.analysis.hubs import graph_communities
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import HYPOTHESIS, Claim, Condition
from hubbub.scenarios.reproductions.criteria import Above
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.local_dialects import FAST, REAL
from hubbub.scenarios.reproductions.local_dialects.claims import AGREES, CONVERGED
from hubbub.scenarios.reproductions.local_dialects.measures import known_communities
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Row, Table
from hubbub.simulator.store import Run

FIRST_SEED = 600
GREEDY, SPECTRAL, LOUVAIN = "greedy modularity", "spectral", "Louvain"
DIALECTS, AT_END = "dialects", "dialects at the end"


@reproduction("real-splits")
@sizes(small={"steps": 600, "seeds": 20}, full={"steps": 2000, "seeds": 50})
def real_splits(*, steps: int, seeds: int) -> Reproduction:
    """Agents on networks that split, and cuts of the same networks: do dialects foretell the split, and beyond cuts?"""
    design = Design(
        "karate",
        "{network}-s{seed}",
        measure,
        seeds=seeds,
        first_seed=FIRST_SEED,
        common={**FAST, "training.learning_rate": 3e-3, "training.steps": steps, "engine.record_every": 25},
        factors={"network": REAL},
    )
    remarks = [
        "Dialects are the two groups in which average linkage ends on the similarity of messages, averaged over all "
        "records of a run; no number is chosen by the split.",
        "The split of the club is the faction that each member joined; that of the women are the groups in which 21 "
        "analyses agree (Freeman 2003). No other network with a known split comes with networkx.",
        f"All cuts are of the graph without weights, and into two groups, but for {LOUVAIN}, which chooses the number. "
        "The greedy cut is followed by moves of single members that raise the modularity: by mergers alone, the order "
        "of ties decides on the women's graph whether it agrees with the split at 0.58, 0.78 or 1.",
    ]
    title = "Real splits: do dialects foretell how a network split?"
    return Reproduction(title, HYPOTHESIS, [design], claims, figures, remarks)


def measure(run: Run) -> Row:
    """Return how well dialects and cuts of the graph agree with the split, and who is right where one cut is wrong."""
    known = known_communities(run)
    assert known is not None
    groups = group_numbers(known, n_agents=len(known))
    alike = []
    for step in run.lexicon_steps():
        train = run.lexicon(step).splits["train"]
        alike.append(similarity_matrix(train.messages, lengths=train.lengths))
    cuts = {
        DIALECTS: cluster(np.mean(alike, axis=0)).cut(2),
        AT_END: cluster(alike[-1]).cut(2),
        **cuts_of_graph(run.edges(), len(known), seed=run.info["seed"]),
    }
    right = {name: on_right_side(cuts[name], groups) for name in (DIALECTS, GREEDY)}
    wrong = ~right[GREEDY]
    return {
        "success_over_links": float(run.metric("success_over_links")[1][-1]),
        **{name: float(agreement(labels, known, permutations=0).rand) for name, labels in cuts.items()},
        "right": float(right[DIALECTS].mean()),
        "greedy_wrong": int(wrong.sum()),
        "put_right": float(right[DIALECTS][wrong].mean()) if wrong.any() else None,
        "put_wrong": float(1 - right[DIALECTS][~wrong].mean()),
    }


def cuts_of_graph(edges: np.ndarray, n_agents: int, *, seed: int) -> dict[str, np.ndarray]:
    """Return the group of each agent `[N]` by greedy modularity, a spectral cut (both into two) and Louvain."""
    graph = nx.empty_graph(n_agents)
    graph.add_edges_from(edges.tolist())
    louvain = np.zeros(n_agents, dtype=int)
    for number, members in enumerate(nx.community.louvain_communities(graph, seed=seed)):
        louvain[list(members)] = number
    second = np.linalg.eigh(nx.normalized_laplacian_matrix(graph).toarray())[1][:, 1]
    return {GREEDY: graph_communities(edges, n_agents, 2), SPECTRAL: (second > 0).astype(int), LOUVAIN: louvain}


def on_right_side(cut: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return whether a cut into two puts each agent with a known group, of two, on its side, the best way round."""
    same = cut[groups >= 0] == groups[groups >= 0]
    return same if same.mean() >= 0.5 else ~same


def claims(table: Table) -> list[Claim]:
    """Judge whether dialects foretell the split, more than cuts of the graph do, and where the greedy cut is wrong."""
    return [claim for name, part in table.by("network").items() for claim in _of_network(name, part)]


def _of_network(name: str, table: Table) -> list[Claim]:
    learnt = Condition("mean success over links", table.mean("success_over_links").value, at_least=CONVERGED)
    near = sum(value > AGREES for value in table.column(DIALECTS))
    found = [
        Claim(
            f"foretold ({name})",
            "the two dialects of a population on the network are the two sides of its split",
            f"adjusted Rand index of dialects and split; {name}",
            table.mean(DIALECTS),
            Above(AGREES),
            f"above {AGREES} in {near} of {len(table)} runs; at the end of the runs "
            f"{table.mean(AT_END).value:.2f}; share of members on their side {table.mean('right').value:.2f}",
            conditions=[learnt],
        )
    ]
    for cut in (GREEDY, SPECTRAL, LOUVAIN):
        said = table.mean(cut).value
        found.append(
            Claim(
                f"beyond the graph: {cut} ({name})",
                f"dialects agree more with the split than the {cut} cut of the same graph does",
                f"adjusted Rand index of dialects and split, minus that of the cut and the split; {name}",
                table.minus(table, DIALECTS, cut),
                Above(0),
                conditions=[learnt, Condition("adjusted Rand index of the cut", said, at_most=0.999)],
            )
        )
    mistaken = table.having("put_right")
    if len(mistaken):
        found.append(
            Claim(
                f"right where the greedy cut is wrong ({name})",
                "members whom the greedy cut puts on the wrong side are in the dialect of their side",
                f"share of the members whom the greedy cut puts on the wrong side; {name}",
                mistaken.mean("put_right"),
                Above(0.5),
                f"{mistaken.column('greedy_wrong')[0]} members; of those whom it puts on their side, dialects put "
                f"{mistaken.mean('put_wrong').value:.2f} on the other",
                conditions=[learnt],
            )
        )
    return found


def figures(table: Table, _: MadeRuns) -> Figures:
    """Draw how well dialects and cuts of the graph agree with the split of each network."""
    cuts = (DIALECTS, AT_END, GREEDY, SPECTRAL, LOUVAIN)
    panels = {name: {cut: part.mean(cut) for cut in cuts} for name, part in table.by("network").items()}
    caption = (
        "Agreement of dialects, and of cuts of the graph alone, with the split of each network; means over seeds, "
        "95 % intervals, dots: seeds."
    )
    return {"splits": (interval_dots(panels, along="adjusted Rand index with the split"), caption)}
