"""Memories that talk: success and dialects against load and noise, on a ring and around a hub."""

from __future__ import annotations

from hubbub.analysis.dialects import hop_distances, mantel_test, pair_means, similarity_matrix
from hubbub.analysis.figures.interval_curves import interval_curves
from hubbub.analysis.language import distinct_messages
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim, control
from hubbub.scenarios.reproductions.criteria import Above, Below
from hubbub.scenarios.reproductions.design import Design, level
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Row, Table
from hubbub.simulator.store import Run

RING, STAR = "ring", "star"
REFERENTS = 16
LOADS = (8, 12, 16, 24, 48, 192)
NOISES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
AMPLE, LARGE = 48, 192
"""The loads at which noise is varied."""


@reproduction("memory-dialects")
@sizes(small={"n_agents": 16, "steps": 200, "seeds": 3}, full={"n_agents": 32, "steps": 1500, "seeds": 5})
def memory_dialects(*, n_agents: int, steps: int, seeds: int) -> Reproduction:
    """Associative memories on two graphs with (nearly) as many links, loads and noises varied."""
    graphs = {kind: {"topology": {"kind": kind, "n_agents": n_agents}} for kind in (RING, STAR)}
    designs = [
        Design(
            "memory-dialects",
            "{graph}-load{load}-noise{noise}-s{seed}",
            measure,
            seeds=seeds,
            common={"training.steps": steps, "recording.lexicon_every": steps},
            factors={"graph": graphs, "load": level("agent.load", *loads), "noise": level("agent.noise", *noises)},
        )
        for loads, noises in ((LOADS, NOISES[:1]), ((AMPLE, LARGE), NOISES[1:]))
    ]
    remarks = [
        f"{n_agents} agents, {REFERENTS} referents, {steps} steps of 16 games in each of {n_agents} exchanges.",
        "Success and similarity are those of greedy speech, without noise: what the noise did to the memories. "
        "The column success_in_play is the mean success of the games themselves over the last fifth of the run.",
        "The sources speak of neural agents or of single memories; that it holds for memories that talk is ours.",
    ]
    title = "Memories that talk: what do load and noise leave of a language?"
    return Reproduction(title, "our hypothesis", designs, claims, figures, remarks)


def measure(run: Run) -> Row:
    """Return success and similarity of linked and of other pairs, and how both go with distance."""
    train = run.lexicon().splits["train"]
    edges = run.edges()
    alike = similarity_matrix(train.messages, lengths=train.lengths)
    success, similarity = pair_means(train.success, edges), pair_means(alike, edges)
    steps, earned = run.metric("reward")
    hops = hop_distances(edges, len(alike))
    return {
        **{f"success_{pairs}": success[pairs] for pairs in ("over_links", "all_pairs", "unlinked", "self")},
        "success_in_play": float(earned[steps > 0.8 * steps[-1]].mean()),
        **{f"similarity_{pairs}": similarity[pairs] for pairs in ("over_links", "all_pairs", "unlinked")},
        "locality": similarity["over_links"] - similarity["unlinked"],
        "mantel": float(mantel_test(1 - alike, hops, permutations=0)),
        "distinct": float(distinct_messages(train.messages, lengths=train.lengths)),
    }


def claims(table: Table) -> list[Claim]:
    """Judge what load, noise and the graph do to a language of memories."""
    name = "success_over_links"

    def at(graph: str, load: int, noise: float = 0.0) -> Table:
        return table.where(graph=graph, load=load, noise=noise)

    ring, star, small, enough, large = at(RING, AMPLE), at(STAR, AMPLE), at(RING, 12), at(RING, 24), at(RING, LARGE)
    noisy, noisy_large = at(RING, AMPLE, 0.15), at(RING, LARGE, 0.15)
    return [
        control(
            "memories learn to talk",
            "neighbours understand each other",
            f"success over links on the ring; load {AMPLE}, no noise",
            ring.mean(name),
            Above(0.8),
        ),
        Claim(
            "dialects on a ring",
            "with local links only, distinct dialects appear",
            "Mantel correlation of dissimilarity with distance on the ring",
            ring.mean("mantel"),
            Above(0),
            f"success over links {ring.mean(name).value:.2f}, over all pairs "
            f"{ring.mean('success_all_pairs').value:.2f}: a continuum or borders, but not one code",
            "Kim & Oh 2021, abstract; here with memories",
        ),
        Claim(
            "one code around a hub",
            "a hub lets all agents share a code, with as many links",
            "success over all pairs, star minus ring, paired by seed",
            star.minus(ring, "success_all_pairs"),
            Above(0),
            f"star {star.mean('success_all_pairs').value:.2f}",
        ),
        Claim(
            "a ring is more local than a hub",
            "linked agents are more alike than others, more so on a ring",
            "similarity over links minus that of unlinked pairs, ring minus star, paired by seed",
            ring.minus(star, "locality"),
            Above(0),
        ),
        Claim(
            "a load below the number of referents",
            f"a memory of fewer pairs than the {REFERENTS} referents does not carry a language",
            "success over links on the ring, load 24 minus load 12, paired by seed",
            enough.minus(small, name),
            Above(0.5),
            f"load 12 {small.mean(name).value:.2f}, load 24 {enough.mean(name).value:.2f}",
        ),
        Claim(
            "a larger memory changes little",
            "without noise, a much larger memory than that changes little",
            "success over links on the ring, load 192 minus load 24, paired by seed",
            large.minus(enough, name),
            Above(-0.05),
        ),
        Claim(
            "a hub needs a larger memory",
            "an agent to whom all others talk hears more synonyms, and needs a larger memory",
            "success over links at load 24, ring minus star, paired by seed",
            enough.minus(at(STAR, 24), name),
            Above(0),
            f"star at load {AMPLE}: {star.mean(name).value:.2f}",
        ),
        Claim(
            "noise breaks what load allows",
            "noise in the relaxation leads to other pairs, which are then learnt",
            f"success over links on the ring at load {LARGE}, noise 0.15 minus none, paired by seed",
            noisy_large.minus(large, name),
            Below(0),
        ),
        Claim(
            "the tolerated noise falls with load",
            "the more pairs are kept, the more other pairs noise can lead to",
            f"success over links on the ring at noise 0.15, load {AMPLE} minus load {LARGE}, paired by seed",
            noisy.minus(noisy_large, name),
            Above(0),
            "around the hub it is the other way, there a larger memory bears more; noise 0.1: "
            + ", ".join(f"load {load} {at(STAR, load, 0.1).mean(name).value:.2f}" for load in (AMPLE, LARGE)),
            "Cafiso & Paradisi 2025 on single memories: the critical noise moves down with the load",
        ),
    ]


def figures(table: Table, _: MadeRuns) -> Figures:
    """Draw success and similarity over load and over noise."""
    titles = {
        "success over links": "success_over_links",
        "success, all pairs": "success_all_pairs",
        "similarity (edit), all pairs": "similarity_all_pairs",
    }
    by_load = {title: table.where(noise=0.0).curves("graph", "load", name, "{}") for title, name in titles.items()}
    by_noise = {
        title: {
            f"{graph}, load {load}": table.where(graph=graph, load=load).curve("noise", name)
            for graph in (RING, STAR)
            for load in (AMPLE, LARGE)
        }
        for title, name in titles.items()
    }
    shown = "lines: means over seeds, bands: 95 % intervals, dots: seeds."
    return {
        "load": (
            interval_curves(by_load, along="load K (pairs kept by an agent)", logarithmic=True),
            f"No noise; {REFERENTS} referents; {shown}",
        ),
        "noise": (
            interval_curves(by_noise, along="noise p (share of bits that flip)"),
            f"Noise while they learn; recorded without noise; {shown}",
        ),
    }
