"""What is measured of a group: how alike its agents speak, and how alike one agent speaks twice."""

from __future__ import annotations

import math

import numpy as np

from hubbub.analysis.dialects import similarity, similarity_matrix
from hubbub.scenarios.reproductions.plateau import late_change
from hubbub.scenarios.reproductions.table import Row
from hubbub.scenarios.running import load_system
from hubbub.simulator.population import Population
from hubbub.simulator.store import Run

PERMUTATIONS = 20
SAMPLES = 2


def language(run: Run) -> Row:
    """Return success, similarity and consistency at the end, how much they still change, and the budget."""
    return {**_at_end(run), "late_change_similarity": late_change(*run.metric("similarity_all_pairs"))}


def switched(run: Run) -> Row:
    """Return the same, and how much similarity changed from the step of the intervention to the end."""
    [change] = run.configuration["interventions"]
    steps, values = run.metric("similarity_all_pairs")
    before = steps <= change["at"]
    _, success = run.metric("success_over_links")
    return {
        **_at_end(run),
        "similarity_before": float(values[before][-1]),
        "change": float(values[-1] - values[before][-1]),
        "success_before": float(success[before][-1]),
        "late_change_similarity": late_change(steps[before], values[before]),
    }


def _at_end(run: Run) -> Row:
    train = run.lexicon().splits["train"]
    n_agents = len(train.messages)
    others = ~np.eye(n_agents, dtype=bool)
    games = float(run.metric("games")[1][-1])
    row = {
        "steps": run.step,
        "games_per_agent": games / n_agents,
        "games_per_pair": games / (n_agents * (n_agents - 1)),
        **{name: float(run.metric(name)[1][-1]) for name in ("success_over_links", "success_self")},
        "late_change_success": late_change(*run.metric("success_over_links")),
        "consistency": _consistency(run, train.referents),
    }
    for kind in ("edit", "exact"):
        alike = similarity(train.messages, lengths=train.lengths, kind=kind, permutations=PERMUTATIONS)
        row[f"similarity_{kind}"] = float(alike.matrix[others].mean())
        row[f"chance_{kind}"] = alike.mean.null.mean if alike.mean.null else math.nan
    return row


def _consistency(run: Run, referents: np.ndarray) -> float:
    """Return the edit similarity of two samples of what the same agent says, drawn as in training."""
    population: Population = load_system(run.path)
    objects = np.tile(referents, (population.topology.n_agents, 1))
    one, other = (population.talk(objects, part=part) for part in range(SAMPLES))
    return float(np.mean([similarity_matrix(np.stack(pair))[0, 1] for pair in zip(one, other, strict=True)]))
