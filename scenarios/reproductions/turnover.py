"""Turnover: agents are replaced one after the other until none of the first generation is left."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.dialects import similarity, similarity_matrix
from hubbub.analysis.figures.learning_curves import Curve, learning_curves
from hubbub.analysis.language import topographic_similarity
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim
from hubbub.scenarios.reproductions.criteria import Above
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Row, Table
from hubbub.simulator.store import Run

CHANGING, STAYING = "turnover", "nobody leaves"
ESTABLISHED = 1000
"""The step at which the first agent leaves."""


@reproduction("turnover")
@sizes(small={"n_agents": 12, "every": 50, "lives": 1}, full={"n_agents": 24, "every": 50, "lives": 3})
def turnover(*, n_agents: int, every: int, lives: int) -> Reproduction:
    """A complete graph whose agents are replaced, oldest first, beside one in which everybody stays."""
    steps = ESTABLISHED + every * (lives * n_agents + 4)  # the last newcomer has some time to learn

    def figures(_: Table, runs: MadeRuns) -> Figures:
        names = ("success_over_links", "generalisation_over_links", "similarity_all_pairs")
        run = runs.find(setting=CHANGING, seed=0)
        caption = f"One run; from step {ESTABLISHED} on an agent leaves every {every} steps."
        return {"turnover": (learning_curves({name: Curve(*run.metric(name)) for name in names}), caption)}

    design = Design(
        "turnover",
        "{setting}-s{seed}",
        measure,
        seeds=5,
        common={"topology.n_agents": n_agents, "training.steps": steps, "engine.record_every": every},
        factors={
            "setting": {
                CHANGING: {"turnover.every": every, "turnover.until": ESTABLISHED + every * (lives * n_agents - 1)},
                STAYING: {"turnover": None},
            }
        },
    )
    remark = (
        f"{n_agents} agents; one is replaced every {every} steps, oldest first, until each place has changed hands "
        f"{'once' if lives == 1 else f'{lives} times'}."
    )
    title = "Turnover: does a language outlive its speakers?"
    return Reproduction(title, "Li & Bowling 2019", [design], claims, figures, [remark])


def measure(run: Run) -> Row:
    """Return what is left at the end of the code before anyone left, and how good the code is."""
    early, late = run.lexicon(ESTABLISHED).splits["train"], run.lexicon().splits["train"]
    _, attributes, _ = run.referents("train")
    n, others = len(early.messages), ~np.eye(len(early.messages), dtype=bool)
    both = similarity_matrix(
        np.concatenate([early.messages, late.messages]), lengths=np.concatenate([early.lengths, late.lengths])
    )
    chance = similarity(late.messages, lengths=late.lengths, permutations=20).mean.null
    assert chance is not None
    kept = float(both[:n, n:].mean())
    return {
        "replaced": run.events()["kind"].to_pylist().count("agent-replaced"),
        "success_before": float(early.success[others].mean()),
        "success": float(late.success[others].mean()),
        "kept": kept,
        "kept_above_chance": kept - chance.mean,
        "topographic_similarity": float(
            topographic_similarity(late.messages, attributes, lengths=late.lengths, permutations=0)
        ),
        "generalisation": float(run.metric("generalisation_over_links")[1][-1]),
    }


def claims(table: Table) -> list[Claim]:
    """Judge what remains of a language, and what it is like."""
    one, other = table.where(setting=CHANGING), table.where(setting=STAYING)
    return [
        Claim(
            "a language outlives its speakers",
            "newcomers take over the language of the agents before them",
            "similarity of the code at the end to that before anyone left, minus chance (messages permuted)",
            one.mean("kept_above_chance"),
            Above(0),
            f"at least {min(one.column('replaced'))} replacements; where nobody leaves the code keeps "
            f"{other.mean('kept_above_chance').value:.3f} above chance",
        ),
        Claim(
            "success holds",
            "success is kept through turnover",
            "all-pairs success at the end",
            one.mean("success"),
            Above(0.9),
            f"before {one.mean('success_before').value:.3f}",
        ),
        Claim(
            "turnover makes a language easier to learn",
            "languages under turnover are more compositional",
            "topographic similarity at the end, turnover minus nobody leaves, paired by seed",
            one.minus(other, "topographic_similarity"),
            Above(0),
        ),
        Claim(
            "turnover makes a language general",
            "languages under turnover generalise better",
            "success on held-out combinations at the end, turnover minus nobody leaves, paired by seed",
            one.minus(other, "generalisation"),
            Above(0),
        ),
    ]
