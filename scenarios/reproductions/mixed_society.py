"""Neural agents and associative memories in one society: who understands whom."""

from __future__ import annotations

from typing import Any

import numpy as np

from hubbub.analysis.dialects import similarity
from hubbub.analysis.figures import success_heatmap
from hubbub.analysis.figures.interval_curves import Varied, interval_curves
from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.rows import Rows, column, mean
from hubbub.simulator.store import Run

MIXED, NEURAL, MEMORIES = "mixed", "neural only", "memories only"
HALF = 6
"""Agents below this number are neural in the mixed society."""
DIRECTIONS = {
    "memory_to_memory": (False, False),
    "memory_to_neural": (False, True),
    "neural_to_memory": (True, False),
    "neural_to_neural": (True, True),
}
OURS = "our hypothesis"


@reproduction("mixed-society")
def mixed_society(lab: Lab) -> Outcome:
    """Two kinds of agents on a complete graph, beside societies of one kind."""
    steps, seeds = (3000 if lab.is_full else 500), range(10 if lab.is_full else 5)
    memory = {"kind": "associative", "load": 64}
    settings: dict[str, dict[str, Any]] = {
        MIXED: {},
        NEURAL: {"others": None},
        MEMORIES: {"others": None, "agent": memory},
    }
    jobs = {
        (name, seed): Job(
            f"{name.replace(' ', '-')}-s{seed}", "mixed-society", {**changes, "training.steps": steps}, seed
        )
        for name, changes in settings.items()
        for seed in seeds
    }
    runs = dict(zip(jobs, lab.run(list(jobs.values())), strict=True))
    rows = [_measure(run, step, *key) for key, run in runs.items() for step in run.lexicon_steps()]
    times = runs[MIXED, 0].lexicon_steps()

    def over_time(name: str, society: str) -> Varied:
        return Varied(times, [mean(rows, name, society=society, step=step) for step in times])

    panels = {
        "who understands whom, mixed": {name.replace("_", " "): over_time(name, MIXED) for name in DIRECTIONS},
        "all pairs": {society: over_time("all_pairs", society) for society in settings},
    }
    success = runs[MIXED, 0].lexicon().splits["train"].success
    kinds = (np.arange(len(success)) >= HALF).astype(int)
    names = [f"{'memory' if kind else 'neural'} {agent}" for agent, kind in enumerate(kinds)]
    return Outcome(
        "A mixed society: who understands whom?",
        _claims(rows, half=times[len(times) // 2], end=times[-1]),
        rows,
        {
            "over-time": (
                interval_curves(panels, along="step"),
                "Success from speakers of one kind to listeners of the other, and in societies of one kind; bands: "
                "95 % intervals over seeds.",
            ),
            "matrix": (
                success_heatmap(success, kinds, names=names),
                f"Success of every pair after {steps} steps, seed 0; row speaks, column listens.",
            ),
        },
        [
            f"12 agents on a complete graph, {HALF} of each kind in the mixed society; {steps} steps of 32 games in "
            "each of 12 exchanges. Neural speakers learn by REINFORCE from their listeners' log-likelihood, memories "
            "by what worked.",
        ],
    )


def _measure(run: Run, step: int, society: str, seed: int) -> dict[str, Any]:
    train = run.lexicon(step).splits["train"]
    n_agents = len(train.success)
    is_neural = np.arange(n_agents) < HALF
    others = ~np.eye(n_agents, dtype=bool)
    alike = similarity(train.messages, lengths=train.lengths, end_symbol=None, permutations=20)
    assert alike.mean.null is not None
    row: dict[str, Any] = {
        "society": society,
        "seed": seed,
        "step": step,
        "all_pairs": float(train.success[others].mean()),
    }
    for name, (speaks, listens) in DIRECTIONS.items():
        pairs = others & np.outer(is_neural == speaks, is_neural == listens)
        row[name] = float(train.success[pairs].mean()) if society == MIXED else None
    row["similarity_across"] = float(alike.matrix[is_neural][:, ~is_neural].mean()) if society == MIXED else None
    row["similarity_chance"] = alike.mean.null.mean
    return row


def _claims(rows: Rows, *, half: int, end: int) -> list[Claim]:
    at_end, early = [row for row in rows if row["step"] == end], [row for row in rows if row["step"] == half]
    mixed = {"society": MIXED}
    alone = mean(at_end, "all_pairs", society=MEMORIES)
    understood = mean(at_end, "memory_to_neural", **mixed)
    ahead = over_seeds([row["memory_to_neural"] - row["neural_to_memory"] for row in early if row["society"] == MIXED])
    taught, slowed = (
        over_seeds(
            [
                among - alone
                for among, alone in zip(
                    column(at_end, name, **mixed), column(at_end, "all_pairs", society=society), strict=True
                )
            ]
        )
        for name, society in (("neural_to_neural", NEURAL), ("memory_to_memory", MEMORIES))
    )
    shared = over_seeds(
        [row["similarity_across"] - row["similarity_chance"] for row in at_end if row["society"] == MIXED]
    )
    ends = ", ".join(f"{name.replace('_', ' ')} {mean(at_end, name, **mixed).value:.2f}" for name in DIRECTIONS)
    return [
        Claim(
            "control: memories alone talk",
            "control",
            "a society of memories has a language",
            "all-pairs success at the end, memories only",
            alone,
            judge(alone, above=0.8),
            f"neural agents only: {mean(at_end, 'all_pairs', society=NEURAL).value:.2f}; holds above 0.8",
        ),
        Claim(
            "neural agents understand memories",
            OURS,
            "a neural listener learns the code of memories",
            "success from memories to neural agents at the end",
            understood,
            judge(understood, above=0.8),
            f"at the end: {ends}; holds above 0.8",
        ),
        Claim(
            "they understand before they are understood",
            OURS,
            "neural agents understand memories better than memories understand them, on the way",
            f"success from memories to neural agents less the other way, at step {half}",
            ahead,
            judge(ahead, above=0.0),
            "a listener is shown the right answer, a speaker only what it earned",
        ),
        Claim(
            "memories are teachers",
            OURS,
            "neural agents understand each other sooner where there are memories",
            "success among the neural agents of the mixed society less that of neural agents alone, at the end",
            taught,
            judge(taught, above=0.0),
            "as many games for every agent in both",
        ),
        Claim(
            "neural agents cost memories little",
            OURS,
            "memories among neural agents understand each other as well as alone",
            "success among the memories of the mixed society less that of memories alone, by seed, at the end",
            slowed,
            judge(slowed, above=-0.1),
            "holds above −0.1",
        ),
        Claim(
            "one code",
            OURS,
            "both kinds come to speak one language",
            "similarity of messages between the kinds at the end, less chance (messages permuted)",
            shared,
            judge(shared, above=0.0),
        ),
    ]
