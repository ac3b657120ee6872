"""The measures of the atlas on agents that learn to talk, at every record."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from hubbub.analysis.emergence import participation_ratio
from hubbub.scenarios.reproductions.emergence_atlas.psi import psi_between
from hubbub.scenarios.reproductions.emergence_of_talk.recorded_agents import symbols_said
from hubbub.scenarios.reproductions.table import Rows
from hubbub.simulator.store import Run


def population_rows(run: Run) -> Rows:
    """Return a row for each lexicon: success over links, and the measures on what agents say of every referent.

    Agents stand where networks have units: the participation ratio is that of all their messages over referents, the
    parts of Ψ are groups of agents, each agent's message seen along the direction in which messages vary most.
    """
    import pyarrow.compute as pc

    steps, success = run.metric("success_over_links")
    recorded = run.metric_rows()
    paths = recorded.filter(pc.equal(recorded["name"], "path_emergence"))
    each, emergence = paths["step"].to_numpy(), paths["value"].to_numpy()
    n_symbols = run.configuration["channel"]["vocabulary"]
    rows: list[dict[str, Any]] = []
    before: np.ndarray | None = None
    for step in run.lexicon_steps():
        said = symbols_said(run.lexicon(step).splits["train"], n_symbols).swapaxes(0, 1).astype(float)  # [R, N, L · V]
        direction = np.linalg.svd((said - said.mean(axis=(0, 1))).reshape(-1, said.shape[2]), full_matrices=False)[2][0]
        seen = said @ direction
        rows.append(
            {
                "seed": int(run.configuration["seed"]),
                "step": step,
                "order": float(success[steps == step][0]),
                "paths": float(emergence[each == step].mean()),
                "dimensions": participation_ratio(said.reshape(len(said), -1)).value,
                "learning_coefficient": math.nan,
                "psi": math.nan if before is None else psi_between(before @ direction, seen),
            }
        )
        before = said
    return rows
