"""Neural agents and associative memories in one society: who understands whom."""

from __future__ import annotations

from typing import Any

import numpy as np

from hubbub.analysis.dialects import similarity
from hubbub.analysis.figures import success_heatmap
from hubbub.analysis.figures.interval_curves import interval_curves
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim, control
from hubbub.scenarios.reproductions.criteria import Above
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Rows, Table
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


@reproduction("mixed-society")
@sizes(small={"steps": 500, "seeds": 5}, full={"steps": 3000, "seeds": 10})
def mixed_society(*, steps: int, seeds: int) -> Reproduction:
    """Two kinds of agents on a complete graph, beside societies of one kind."""
    societies: dict[str, dict[str, Any]] = {
        MIXED: {},
        NEURAL: {"others": None},
        MEMORIES: {"others": None, "agent": {"kind": "associative", "load": 64}},
    }
    design = Design(
        "mixed-society",
        "{society}-s{seed}",
        measure,
        seeds=seeds,
        common={"training.steps": steps},
        factors={"society": societies},
    )
    remark = (
        f"12 agents on a complete graph, {HALF} of each kind in the mixed society; {steps} steps of 32 games in "
        "each of 12 exchanges. Neural speakers learn by REINFORCE from their listeners' log-likelihood, memories "
        "by what worked."
    )
    title = "A mixed society: who understands whom?"
    return Reproduction(title, "our hypothesis", [design], claims, figures, [remark])


def measure(run: Run) -> Rows:
    """Return success in all directions between the kinds, and similarity, at every record of the lexicon."""
    is_mixed = run.configuration["others"] is not None
    rows = []
    for step in run.lexicon_steps():
        train = run.lexicon(step).splits["train"]
        n_agents = len(train.success)
        is_neural = np.arange(n_agents) < HALF
        others = ~np.eye(n_agents, dtype=bool)
        alike = similarity(train.messages, lengths=train.lengths, end_symbol=None, permutations=20)
        assert alike.mean.null is not None
        row: dict[str, Any] = {"step": step, "all_pairs": float(train.success[others].mean())}
        for name, (speaks, listens) in DIRECTIONS.items():
            pairs = others & np.outer(is_neural == speaks, is_neural == listens)
            row[name] = float(train.success[pairs].mean()) if is_mixed else None
        row["similarity_across"] = float(alike.matrix[is_neural][:, ~is_neural].mean()) if is_mixed else None
        row["similarity_chance"] = alike.mean.null.mean
        rows.append(row)
    return rows


def claims(table: Table) -> list[Claim]:
    """Judge who understands whom, at the end and half-way there."""
    steps = table.levels("step")
    half, end = steps[len(steps) // 2], table.where(step=steps[-1])
    mixed, neural, memories = (end.where(society=society) for society in (MIXED, NEURAL, MEMORIES))
    early = table.where(step=half, society=MIXED)
    ends = ", ".join(f"{name.replace('_', ' ')} {mixed.mean(name).value:.2f}" for name in DIRECTIONS)
    return [
        control(
            "memories alone talk",
            "a society of memories has a language",
            "all-pairs success at the end, memories only",
            memories.mean("all_pairs"),
            Above(0.8),
            f"neural agents only: {neural.mean('all_pairs').value:.2f}",
        ),
        Claim(
            "neural agents understand memories",
            "a neural listener learns the code of memories",
            "success from memories to neural agents at the end",
            mixed.mean("memory_to_neural"),
            Above(0.8),
            f"at the end: {ends}",
        ),
        Claim(
            "neural agents understand before they are understood",
            "half-way through training neural agents understand memories better than memories understand them",
            f"success from memories to neural agents minus the other way, at step {half}",
            early.minus(early, "memory_to_neural", "neural_to_memory"),
            Above(0),
            "a listener is shown the right answer, a speaker only what it earned",
        ),
        Claim(
            "memories help neural agents to learn",
            "neural agents understand each other sooner where there are memories",
            "success among the neural agents of the mixed society minus that of neural agents alone, at the end",
            mixed.minus(neural, "neural_to_neural", "all_pairs"),
            Above(0),
            "as many games for every agent in both",
        ),
        Claim(
            "neural agents cost memories little",
            "memories among neural agents understand each other as well as alone",
            "success among the memories of the mixed society minus that of memories alone, by seed, at the end",
            mixed.minus(memories, "memory_to_memory", "all_pairs"),
            Above(-0.1),
        ),
        Claim(
            "one code",
            "both kinds come to speak one language",
            "similarity of messages between the kinds at the end, minus chance (messages permuted)",
            mixed.minus(mixed, "similarity_across", "similarity_chance"),
            Above(0),
        ),
    ]


def figures(table: Table, runs: MadeRuns) -> Figures:
    """Draw success over time, and that of every pair at the end."""
    mixed = table.where(society=MIXED)
    panels = {
        "who understands whom, mixed": {name.replace("_", " "): mixed.curve("step", name) for name in DIRECTIONS},
        "all pairs": table.curves("society", "step", "all_pairs"),
    }
    run = runs.find(society=MIXED, seed=0)
    success = run.lexicon().splits["train"].success
    kinds = (np.arange(len(success)) >= HALF).astype(int)
    names = [f"{'memory' if kind else 'neural'} {agent}" for agent, kind in enumerate(kinds)]
    return {
        "over-time": (
            interval_curves(panels, along="step"),
            "Success from speakers of one kind to listeners of the other, and in societies of one kind; bands: "
            "95 % intervals over seeds.",
        ),
        "matrix": (
            success_heatmap(success, kinds, names=names),
            f"Success of every pair after {run.step} steps, seed 0; row speaks, column listens.",
        ),
    }
