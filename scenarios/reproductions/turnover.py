"""Turnover: agents are replaced one after the other until nobody of the first is left."""

from __future__ import annotations

from typing import Any

import numpy as np

from hubbub.analysis.dialects import similarity, similarity_matrix
from hubbub.analysis.figures.learning_curves import Curve, learning_curves
from hubbub.analysis.language import topographic_similarity
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.rows import Rows, difference, mean
from hubbub.simulator.store import Run

SOURCE = "Li & Bowling 2019"
CHANGING, STAYING = "turnover", "nobody leaves"
ESTABLISHED = 1000
"""The step at which the first agent leaves."""


@reproduction("turnover")
def turnover(lab: Lab) -> Outcome:
    """A complete graph whose agents are replaced, oldest first, beside one in which everybody stays."""
    n_agents, every, lives = (24, 50, 3) if lab.is_full else (12, 50, 1)
    steps = ESTABLISHED + every * (lives * n_agents + 4)  # the last newcomer has some time to learn
    common = {"topology.n_agents": n_agents, "training.steps": steps, "engine.record_every": every}
    settings: dict[str, dict[str, Any]] = {
        CHANGING: {"turnover.every": every, "turnover.until": ESTABLISHED + every * (lives * n_agents - 1)},
        STAYING: {"turnover": None},
    }
    jobs = {
        (name, seed): Job(f"{name.replace(' ', '-')}-s{seed}", "turnover", {**common, **changes}, seed)
        for name, changes in settings.items()
        for seed in range(5)
    }
    runs = dict(zip(jobs, lab.run(list(jobs.values())), strict=True))
    rows = [_measure(run, *key) for key, run in runs.items()]
    names = ("success_over_links", "generalisation_over_links", "similarity_all_pairs")
    curves = {name: Curve(*runs[CHANGING, 0].metric(name)) for name in names}
    return Outcome(
        "Turnover: does a language outlive its speakers?",
        _claims(rows, n_agents),
        rows,
        {
            "turnover": (
                learning_curves(curves),
                f"One run; from step {ESTABLISHED} on an agent leaves every {every} steps.",
            )
        },
        [
            f"{n_agents} agents; one is replaced every {every} steps, oldest first, until each place has changed hands "
            f"{'once' if lives == 1 else f'{lives} times'}."
        ],
    )


def _measure(run: Run, setting: str, seed: int) -> dict[str, Any]:
    early, late = run.lexicon(ESTABLISHED).splits["train"], run.lexicon().splits["train"]
    _, attributes, _ = run.referents("train")
    n_agents = len(early.messages)
    both = similarity_matrix(
        np.concatenate([early.messages, late.messages]), lengths=np.concatenate([early.lengths, late.lengths])
    )
    chance = similarity(late.messages, lengths=late.lengths, permutations=20).mean.null
    assert chance is not None
    replaced = sum(kind == "agent-replaced" for kind in run.events()["kind"].to_pylist())
    kept = float(both[:n_agents, n_agents:].mean())
    return {
        "setting": setting,
        "seed": seed,
        "replaced": replaced,
        "success_before": float(np.mean(early.success[~np.eye(n_agents, dtype=bool)])),
        "success": float(np.mean(late.success[~np.eye(n_agents, dtype=bool)])),
        "kept": kept,
        "kept_above_chance": kept - chance.mean,
        "topographic_similarity": float(
            topographic_similarity(late.messages, attributes, lengths=late.lengths, permutations=0)
        ),
        "generalisation": float(run.metric("generalisation_over_links")[1][-1]),
    }


def _claims(rows: Rows, n_agents: int) -> list[Claim]:
    one, other = {"setting": CHANGING}, {"setting": STAYING}
    kept, success = mean(rows, "kept_above_chance", **one), mean(rows, "success", **one)
    shape = difference(rows, "topographic_similarity", one, other)
    general = difference(rows, "generalisation", one, other)
    replaced = int(min(row["replaced"] for row in rows if row["setting"] == CHANGING))
    return [
        Claim(
            "a language outlives its speakers",
            SOURCE,
            "newcomers take over the language of those who were there",
            "similarity of the code at the end to that before anyone left, less chance (messages permuted)",
            kept,
            judge(kept, above=0.0),
            f"{replaced} replacements among {n_agents} agents; where nobody leaves the code keeps "
            f"{mean(rows, 'kept_above_chance', **other).value:.3f} above chance",
        ),
        Claim(
            "success holds",
            SOURCE,
            "success is kept through turnover",
            "all-pairs success at the end",
            success,
            judge(success, above=0.9),
            f"before {mean(rows, 'success_before', **one).value:.3f}; holds above 0.9",
        ),
        Claim(
            "turnover makes a language easier to learn",
            SOURCE,
            "languages under turnover are more compositional",
            "topographic similarity at the end, turnover less nobody leaves, by seed",
            shape,
            judge(shape, above=0.0),
        ),
        Claim(
            "turnover makes a language general",
            SOURCE,
            "languages under turnover generalise better",
            "success on held-out combinations at the end, turnover less nobody leaves, by seed",
            general,
            judge(general, above=0.0),
        ),
    ]
