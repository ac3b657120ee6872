"""Do the hubs of a social network speak the majority's code sooner than others?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from hubbub.analysis.crossing import crossing
from hubbub.analysis.dialects import similarity_matrix
from hubbub.analysis.figures.interval_curves import Varied, interval_curves
from hubbub.analysis.hubs import link_counts, most_links
from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import HYPOTHESIS, Claim, Condition
from hubbub.scenarios.reproductions.criteria import Above
from hubbub.scenarios.reproductions.design import Changes, Design
from hubbub.scenarios.reproductions.local_dialects import FAST, graph
from hubbub.scenarios.reproductions.local_dialects.claims import CONVERGED
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Row, Table
from hubbub.simulator.store import Run

FIRST_SEED = 700
SHARE, SPOKEN = 0.1, 0.5
"""Share of the agents that are hubs, and the similarity to the majority's code from which there is such a code."""
REAL, REWIRED = "as observed", "rewired, same degrees"
NETWORKS = {
    "karate club": graph("karate", weighted=False),
    "les misérables": graph("les-miserables", weighted=False),
}
LINKS: Mapping[str, Changes] = {
    REAL: {},
    REWIRED: {"rewiring": [{"at": [1], "rule": {"kind": "degree-preserving", "probability": 1.0}}] * 5},
}


@reproduction("hub-lead")
@sizes(small={"steps": 500, "seeds": 6}, full={"steps": 1500, "seeds": 30})
def hub_lead(*, steps: int, seeds: int, networks: Mapping[str, Changes] = NETWORKS) -> Reproduction:
    """Observed networks, and the same degrees rewired: do hubs speak the majority's code sooner than others?"""
    design = Design(
        "local-dialects",
        "{network}-{links}-s{seed}",
        measure,
        seeds=seeds,
        first_seed=FIRST_SEED,
        common={**FAST, "training.steps": steps, "engine.record_every": max(1, steps // 25)},
        factors={"network": networks, "links": LINKS},
    )
    remarks = [
        f"Hubs are the {SHARE:.0%} of the agents with most links. The majority's code is the message that most agents "
        "have for each referent at the end of the run; hubs have one vote each, as all others.",
        "All agents speak as often; hubs are heard by, and hear, more of the others in a step. Rewired networks keep "
        "this: what is more on the observed network comes from who is linked with whom.",
        "A lead says who arrives first, not who leads: that the others follow the hubs is one reading.",
    ]
    title = "Hubs: do they speak the majority's code sooner?"
    return Reproduction(title, HYPOTHESIS, [design], claims, figures, remarks)


class Approach(NamedTuple):
    """Mean similarity to the majority's code at the end, of hubs and of others, at recorded steps `[T]`."""

    steps: np.ndarray
    hubs: np.ndarray
    others: np.ndarray
    everybody: np.ndarray


def approach(run: Run) -> Approach:
    """Return how hubs and others approach the code that most agents have at the end."""
    last = run.lexicon().splits["train"]
    majority = [_most_common(messages) for messages in last.messages.transpose(1, 0, 2)]
    degree = link_counts(run.edges(), len(last.messages))
    is_hub = np.zeros(len(degree), dtype=bool)
    is_hub[most_links(degree, max(1, round(SHARE * len(degree)))).agents] = True
    steps, alike = run.lexicon_steps(), []
    for step in steps:
        said = run.lexicon(step).splits["train"]
        messages = np.concatenate([said.messages, last.messages[majority, np.arange(len(majority))][None]])
        lengths = np.concatenate([said.lengths, last.lengths[majority, np.arange(len(majority))][None]])
        alike.append(similarity_matrix(messages, lengths=lengths)[-1, :-1])
    curve = np.array(alike)
    return Approach(np.array(steps), curve[:, is_hub].mean(axis=1), curve[:, ~is_hub].mean(axis=1), curve.mean(axis=1))


def _most_common(messages: np.ndarray) -> int:
    """Return the first of the agents that have the most common message `[N, L]`."""
    _, first, counts = np.unique(messages, axis=0, return_index=True, return_counts=True)
    return int(first[counts.argmax()])


def measure(run: Run) -> Row:
    """Return success at the end, and by how much hubs lead."""
    return {"success_over_links": float(run.metric("success_over_links")[1][-1]), **lead(approach(run))}


def lead(found: Approach) -> Row:
    """Return the steps by which hubs lead, half-way to the end of all agents, and half-way to their own."""
    steps, hubs, others, everybody = found

    def arrival(curve: np.ndarray, goal: np.ndarray) -> float:
        return crossing(steps.tolist(), curve.tolist(), level=float(goal[0] + goal[-1]) / 2)

    return {
        "spoken": float(everybody[-1]),
        "spoken_by_hubs": float(hubs[-1]),
        "half_way": arrival(everybody, everybody),
        "lead": arrival(others, everybody) - arrival(hubs, everybody),
        "lead_to_own_end": arrival(others, others) - arrival(hubs, hubs),
    }


def claims(table: Table) -> list[Claim]:
    """Judge whether hubs lead, whether they are only nearer at the end, and whether degrees alone explain it."""
    return [claim for name, part in table.by("network").items() for claim in _of_network(name, part)]


def _of_network(name: str, table: Table) -> list[Claim]:
    real, rewired = table.where(links=REAL), table.where(links=REWIRED)
    conditions = [
        Condition("mean success over links", real.mean("success_over_links").value, at_least=CONVERGED),
        Condition("mean similarity to the majority's code", real.mean("spoken").value, at_least=SPOKEN),
    ]
    return [
        Claim(
            f"hubs lead ({name})",
            "hubs speak the majority's code sooner than others",
            "steps at which others, minus steps at which hubs, are half-way to the similarity to the majority's code "
            f"that all agents have at the end; {name}",
            real.mean("lead"),
            Above(0),
            f"all agents are half-way after {real.mean('half_way').value:.0f} steps; at the end hubs "
            f"{real.mean('spoken_by_hubs').value:.2f}, all {real.mean('spoken').value:.2f}",
            conditions=conditions,
        ),
        Claim(
            f"sooner, and not only nearer ({name})",
            "hubs are sooner half-way to where they end than others are to where these end",
            f"the same, each half-way to its own end; {name}",
            real.mean("lead_to_own_end"),
            Above(0),
            conditions=conditions,
        ),
        Claim(
            f"by their place, not by their degree ({name})",
            "hubs lead more on the observed network than on networks with the same degrees",
            f"lead of hubs as in the first claim, as observed minus rewired, paired by seed; {name}",
            real.minus(rewired, "lead"),
            Above(0),
            f"lead on rewired networks {rewired.mean('lead').value:.1f} steps",
            conditions=conditions,
        ),
    ]


def figures(_: Table, runs: MadeRuns) -> Figures:
    """Draw how hubs and others approach the majority's code."""
    panels: dict[str, dict[str, Varied]] = {}
    for key in dict.fromkeys((made.key["network"], made.key["links"]) for made in runs):
        found = [approach(made.run) for made in runs if (made.key["network"], made.key["links"]) == key]
        panels[", ".join(key)] = {
            said: _varied(found[0].steps, np.array([getattr(one, said) for one in found]))
            for said in ("hubs", "others")
        }
    caption = (
        "Similarity to the code that most agents have at the end, of hubs and of all others; lines: means over seeds, "
        "bands: 95 % intervals, dots: seeds."
    )
    return {"approach": (interval_curves(panels, along="step"), caption)}


def _varied(steps: np.ndarray, curves: np.ndarray) -> Varied:
    """Return the mean over seeds at every step, of the curve of each seed `[S, T]`."""
    return Varied(steps.tolist(), [over_seeds(values) for values in curves.T.tolist()])
