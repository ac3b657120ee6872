"""Path emergence of agents, drawn: over steps, against degree, success and dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.figures import Trajectories, Varied, agent_scatter, interval_curves, phase_plane
from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.reproductions.emergence_of_talk.agents import PROPERTIES
from hubbub.scenarios.reproductions.emergence_of_talk.recorded_agents import RecordedAgents
from hubbub.scenarios.reproductions.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN_EVERY = 5
"""Records from one that is drawn over steps to the next."""


def figures_of_agents(agents: Sequence[RecordedAgents], table: Table) -> dict[str, tuple[Figure, str]]:
    """Return emergence over steps, against degree, success and dialect, and its phase plane with success."""
    steps = agents[0].steps[::SHOWN_EVERY].tolist()
    over = table.where(part="agents over steps").filter(lambda row: row["step"] in steps)
    shown = {
        "path emergence, log10": {"mean over agents": over.curve("step", "log_emergence")},
        "success, all pairs": {"mean over agents": over.curve("step", "success_all_pairs")},
        "rank correlation of E over agents": {what: over.curve("step", name) for name, what in PROPERTIES.items()},
    }
    first = agents[0]
    against: Mapping[str, np.ndarray] = {what: first.late(first.property_of(name)) for name, what in PROPERTIES.items()}
    return {
        "agents-over-steps": (
            interval_curves(shown, along="step", limits=None),
            "Path emergence and success over training, and how E of agents correlates with what else is known of them; "
            "bands: 95 % intervals over seeds.",
        ),
        "agents-by-degree": (
            interval_curves({"path emergence, log10": {"E": _by_degree(agents)}}, along="degree", limits=None),
            "log10 E, mean over the last fourth of the records, against the number of partners; dots: seeds.",
        ),
        "agents": (
            agent_scatter(first.late(first.emergence), against, label="path emergence, log10", groups=first.dialect),
            "Agents of the first seed; colours and shapes: dialects at the end.",
        ),
        "phase-plane": (
            phase_plane(
                {
                    "agents": Trajectories(
                        np.array([one.success.mean(axis=1) for one in agents]),
                        np.array([one.emergence.mean(axis=1) for one in agents]),
                    )
                },
                x_label="success, all pairs",
                y_label="path emergence, log10",
            ),
            "Means over agents from the first record (hollow) to the last (full); thin: seeds.",
        ),
    }


def _by_degree(agents: Sequence[RecordedAgents]) -> Varied:
    degrees = np.unique(agents[0].degree)
    late = [one.late(one.emergence) for one in agents]
    return Varied(
        degrees.tolist(),
        [
            over_seeds([float(values[one.degree == degree].mean()) for one, values in zip(agents, late, strict=True)])
            for degree in degrees
        ],
    )
