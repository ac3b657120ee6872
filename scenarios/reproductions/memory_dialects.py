"""Memories that talk: success and dialects against load and noise, on a ring and around a hub."""

from __future__ import annotations

from typing import Any

from hubbub.analysis.dialects import hop_distances, mantel_test, pair_means, similarity_matrix
from hubbub.analysis.figures.interval_curves import Varied, interval_curves
from hubbub.analysis.language import distinct_messages
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.rows import Rows, difference, mean
from hubbub.simulator.store import Run

RING, STAR = "ring", "star"
REFERENTS = 16
LOADS = (8, 12, 16, 24, 48, 192)
NOISES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
AMPLE, LARGE = 48, 192
"""The loads at which noise is varied."""
OURS = "our hypothesis"


@reproduction("memory-dialects")
def memory_dialects(lab: Lab) -> Outcome:
    """Associative memories on two graphs with (nearly) as many links, loads and noises varied."""
    n_agents, steps, n_seeds = (32, 1500, 5) if lab.is_full else (16, 200, 3)
    settings = [(load, 0.0) for load in LOADS] + [(load, noise) for load in (AMPLE, LARGE) for noise in NOISES[1:]]
    jobs = {
        (graph, load, noise, seed): Job(
            f"{graph}-load{load}-noise{noise}-s{seed}",
            "memory-dialects",
            {
                "topology": {"kind": graph, "n_agents": n_agents},
                "agent.load": load,
                "agent.noise": noise,
                "training.steps": steps,
                "recording.lexicon_every": steps,
            },
            seed,
        )
        for graph in (RING, STAR)
        for load, noise in settings
        for seed in range(n_seeds)
    }
    rows = [_measure(run, *key) for key, run in zip(jobs, lab.run(list(jobs.values())), strict=True)]
    titles = {
        "success over links": "success_over_links",
        "success, all pairs": "success_all_pairs",
        "similarity (edit), all pairs": "similarity_all_pairs",
    }
    by_load = {
        title: {
            graph: Varied(LOADS, [mean(rows, name, graph=graph, load=load, noise=0.0) for load in LOADS])
            for graph in (RING, STAR)
        }
        for title, name in titles.items()
    }
    by_noise = {
        title: {
            f"{graph}, load {load}": Varied(
                NOISES, [mean(rows, name, graph=graph, load=load, noise=noise) for noise in NOISES]
            )
            for graph in (RING, STAR)
            for load in (AMPLE, LARGE)
        }
        for title, name in titles.items()
    }
    shown = "lines: means over seeds, bands: 95 % intervals, dots: seeds."
    return Outcome(
        "Memories that talk: what do load and noise leave of a language?",
        _claims(rows),
        rows,
        {
            "load": (
                interval_curves(by_load, along="load K (pairs kept by an agent)", logarithmic=True),
                f"No noise; {REFERENTS} referents; {shown}",
            ),
            "noise": (
                interval_curves(by_noise, along="noise p (share of bits that flip)"),
                f"Noise while they learn; recorded without noise; {shown}",
            ),
        },
        [
            f"{n_agents} agents, {REFERENTS} referents, {steps} steps of 16 games in each of {n_agents} exchanges.",
            "Success and similarity are those of greedy speech, without noise: what the noise did to the memories. "
            "The column success_in_play is the mean success of the games themselves over the last fifth of the run.",
            "The sources speak of neural agents or of single memories; that it holds for memories that talk is ours.",
        ],
    )


def _measure(run: Run, graph: str, load: int, noise: float, seed: int) -> dict[str, Any]:
    train = run.lexicon().splits["train"]
    edges = run.edges()
    alike = similarity_matrix(train.messages, lengths=train.lengths)
    success, similarity = pair_means(train.success, edges), pair_means(alike, edges)
    steps, earned = run.metric("reward")
    hops = hop_distances(edges, len(alike))
    return {
        "graph": graph,
        "load": load,
        "noise": noise,
        "seed": seed,
        **{f"success_{pairs}": success[pairs] for pairs in ("over_links", "all_pairs", "unlinked", "self")},
        "success_in_play": float(earned[steps > 0.8 * steps[-1]].mean()),
        **{f"similarity_{pairs}": similarity[pairs] for pairs in ("over_links", "all_pairs", "unlinked")},
        "locality": similarity["over_links"] - similarity["unlinked"],
        "mantel": float(mantel_test(1 - alike, hops, permutations=0)),
        "distinct": float(distinct_messages(train.messages, lengths=train.lengths)),
    }


def _claims(rows: Rows) -> list[Claim]:
    usual = {"load": AMPLE, "noise": 0.0}
    ring, star = {"graph": RING, **usual}, {"graph": STAR, **usual}
    talk, dialects = mean(rows, "success_over_links", **ring), mean(rows, "mantel", **ring)
    local, shared = difference(rows, "locality", ring, star), difference(rows, "success_all_pairs", star, ring)
    name = "success_over_links"
    small, enough = ({"graph": RING, "load": load, "noise": 0.0} for load in (12, 24))
    capacity = difference(rows, name, enough, small)
    synonyms = difference(rows, name, {"graph": RING, "load": 192, "noise": 0.0}, enough)
    crowded = difference(rows, name, enough, {**enough, "graph": STAR})
    noisy = {load: {"graph": RING, "load": load, "noise": 0.15} for load in (AMPLE, LARGE)}
    harm = difference(rows, name, noisy[LARGE], {"graph": RING, "load": LARGE, "noise": 0.0})
    fragile = difference(rows, name, noisy[AMPLE], noisy[LARGE])
    return [
        Claim(
            "control: memories learn to talk",
            "control",
            "neighbours understand each other",
            f"success over links on the ring; load {AMPLE}, no noise",
            talk,
            judge(talk, above=0.8),
            "holds above 0.8",
        ),
        Claim(
            "dialects on a ring",
            "Kim & Oh 2021, abstract; here with memories",
            "with local links only, distinct dialects appear",
            "Mantel correlation of dissimilarity with distance on the ring",
            dialects,
            judge(dialects, above=0.0),
            f"success over links {talk.value:.2f}, over all pairs "
            f"{mean(rows, 'success_all_pairs', **ring).value:.2f}: a continuum or borders, but not one code",
        ),
        Claim(
            "one code around a hub",
            OURS,
            "a hub lets all agents share a code, with as many links",
            "success over all pairs, star less ring, by seed",
            shared,
            judge(shared, above=0.0),
            f"star {mean(rows, 'success_all_pairs', **star).value:.2f}",
        ),
        Claim(
            "a ring is more local than a hub",
            OURS,
            "linked agents are more alike than others, more so on a ring",
            "similarity over links less that of unlinked pairs, ring less star, by seed",
            local,
            judge(local, above=0.0),
        ),
        Claim(
            "a load below the number of referents",
            OURS,
            f"a memory of fewer pairs than the {REFERENTS} referents does not carry a language",
            "success over links on the ring, load 24 less load 12, by seed",
            capacity,
            judge(capacity, above=0.5),
            f"load 12 {mean(rows, name, **small).value:.2f}, load 24 {mean(rows, name, **enough).value:.2f}; "
            "holds above 0.5",
        ),
        Claim(
            "room for synonyms",
            OURS,
            "without noise, much more room than that changes little",
            "success over links on the ring, load 192 less load 24, by seed",
            synonyms,
            judge(synonyms, above=-0.05),
            "holds above −0.05",
        ),
        Claim(
            "a hub needs room",
            OURS,
            "whom everybody talks to hears more synonyms, and needs a larger memory",
            "success over links at load 24, ring less star, by seed",
            crowded,
            judge(crowded, above=0.0),
            f"star at load {AMPLE}: {mean(rows, name, **star).value:.2f}",
        ),
        Claim(
            "noise breaks what load allows",
            OURS,
            "noise in the relaxation leads to other pairs, which are then learnt",
            f"success over links on the ring at load {LARGE}, noise 0.15 less none, by seed",
            harm,
            judge(harm, below=0.0),
        ),
        Claim(
            "the noise that is borne falls with load",
            "Cafiso & Paradisi 2025 on single memories: the critical noise moves down with the load",
            "more pairs kept, more ways out of the right one",
            f"success over links on the ring at noise 0.15, load {AMPLE} less load {LARGE}, by seed",
            fragile,
            judge(fragile, above=0.0),
            "around the hub it is the other way, there a larger memory bears more; noise 0.1: "
            + ", ".join(
                f"load {load} {mean(rows, name, graph=STAR, load=load, noise=0.1).value:.2f}" for load in (AMPLE, LARGE)
            ),
        ),
    ]
