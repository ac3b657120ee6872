"""The dialects of the last lexicon of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool

from hubbub.analysis.dialects.clusters import Dialects, cluster
from hubbub.analysis.language.similarity import similarity_matrix

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


def heard_agents(run: Run) -> Bool[np.ndarray, " N"]:
    """Return which agents `[N]` another agent may hear, or could hear earlier in the run; all where there are no links.

    The others are not trained to speak.
    """
    n_agents = len(run.agents().names)
    heard = np.zeros(n_agents, dtype=bool)
    heard[run.edges(-1)[:, 0]] = True
    added = [event["source"] for event in run.events().to_pylist() if event["kind"] == "edge-added"]
    heard[np.array(added, dtype=np.int64)] = True
    return heard if heard.any() else np.ones(n_agents, dtype=bool)


def recorded_dialects(run: Run, *, found: Dialects | None = None) -> Dialects:
    """Return the dialects at the last lexicon of a run, with −1 as the label of agents that nobody hears.

    Parameters
    ----------
    found
        The dialects of the agents that are heard, where they have been computed already.
    """
    heard = heard_agents(run)
    if found is None:
        trained = run.lexicon().splits["train"]
        found = cluster(similarity_matrix(trained.messages[heard], lengths=trained.lengths[heard]))
    labels = np.full(len(heard), -1)
    labels[heard] = found.labels
    return replace(found, labels=labels)
