"""Path emergence of agents against degree, dialect and success, over training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from analysis.dialects import cluster, similarity_matrix
from analysis.figures import Trajectories, Varied, agent_scatter, interval_curves, phase_plane
from analysis.hubs import link_counts, success_of_agents
from analysis.measure import Measure, against_null, over_seeds
from analysis.ranks import rank_correlation
from scenarios.agent_emergence import agent_emergence
from scenarios.reproductions.catalogue import Claim, judge
from scenarios.reproductions.correlating import together
from scenarios.reproductions.rows import Rows, mean
from scenarios.running import revive
from simulator.store import Run

SOURCE, OURS = "AlShinaifi et al. 2024", "our question"
LATE = 4
"""Agents are compared by their means over the last fourth of the records."""
PROPERTIES = {
    "degree": "degree",
    "success": "success, all pairs",
    "likeness": "similarity to all others' codes",
}


@dataclass(frozen=True)
class Agents:
    """What a run recorded of its N agents at T steps.

    Attributes
    ----------
    steps
        Steps of the records `[T]`.
    emergence
        log10 of the path emergence of each agent `[T, N]`.
    success, likeness
        Mean success with all others, speaking and listening, and mean similarity to their codes `[T, N]`.
    codes
        Share of the messages of each agent that have each symbol in each place `[T, N, L · V]`.
    degree, dialect
        Number of partners, and dialect at the end `[N]`.
    swept
        log10 of the path emergence at the end at each threshold `[N, thresholds]`.
    """

    steps: np.ndarray
    emergence: np.ndarray
    success: np.ndarray
    likeness: np.ndarray
    codes: np.ndarray
    degree: np.ndarray
    dialect: np.ndarray
    thresholds: np.ndarray
    swept: np.ndarray

    @classmethod
    def of(cls, run: Run) -> Agents:
        """Read a run that recorded the emergence of its agents."""
        import pyarrow.compute as pc

        n_agents, n_symbols = len(run.agents().names), run.configuration["channel"]["vocabulary"]
        rows = run.metrics()
        rows = rows.filter(pc.equal(rows["name"], "path_emergence"))
        emergence = rows["value"].to_numpy().reshape(-1, n_agents)  # written record by record, agent by agent
        others = ~np.eye(n_agents, dtype=bool)
        success, likeness, codes = [], [], []
        for step in run.lexicon_steps():
            train = run.lexicon(step).splits["train"]
            alike = similarity_matrix(train.messages, lengths=train.lengths)
            success.append(np.mean(success_of_agents(train.success), axis=0))
            likeness.append((alike * others).sum(axis=1) / (n_agents - 1))
            said = (train.messages[..., None] == np.arange(n_symbols)) & _within(train.lengths, train.messages.shape[2])
            codes.append(said.mean(axis=1).reshape(n_agents, -1))
        at_end = agent_emergence(revive(run.path), run.lexicon())
        return cls(
            np.array(run.lexicon_steps()),
            _log(emergence),
            np.array(success),
            np.array(likeness),
            np.array(codes),
            link_counts(run.edges(), n_agents),
            cluster(alike).labels,
            at_end.thresholds,
            _log(at_end.swept),
        )

    def late(self, values: np.ndarray) -> np.ndarray:
        """Return the mean of values `[T, N]` over the last records `[N]`."""
        mean_of: np.ndarray = values[-max(len(values) // LATE, 1) :].mean(axis=0)
        return mean_of

    def property_of(self, name: str) -> np.ndarray:
        """Return a property at every record `[T, N]`."""
        return np.broadcast_to(getattr(self, name), self.emergence.shape)


def rows_of(agents: Agents, seed: int) -> list[dict[str, Any]]:
    """Return the correlations of one run, and how they went over its records."""
    emergence = agents.late(agents.emergence)
    found = {
        name: rank_correlation(emergence, agents.late(agents.property_of(name)), generator=np.random.default_rng(seed))
        for name in PROPERTIES
    }
    found["dialect"] = between_groups(emergence, agents.dialect, generator=np.random.default_rng(seed))
    early = agents.success[: max(len(agents.steps) // LATE, 1)].mean(axis=0)
    found["head_start"] = rank_correlation(agents.emergence[0], early, generator=np.random.default_rng(seed))
    means = agents.emergence.mean(axis=1), agents.success.mean(axis=1)
    found["over_steps"] = rank_correlation(*means, generator=np.random.default_rng(seed))
    found["between_records"] = rank_correlation(*map(np.diff, means), generator=np.random.default_rng(seed))
    whole: dict[str, Any] = {
        "part": "agents",
        "seed": seed,
        "agents": len(emergence),
        "dialects": int(agents.dialect.max()) + 1,
        "growth": float(means[0][-1] - means[0][0]),
        **{name: measure.value for name, measure in found.items()},
        **{f"{name}_z": measure.z_score for name, measure in found.items()},
    }
    whole["dialect"] -= found["dialect"].null.mean if found["dialect"].null else 0.0
    over_steps = [
        {
            "part": "agents over steps",
            "seed": seed,
            "step": int(step),
            "log_emergence": float(means[0][at]),
            "success_all_pairs": float(means[1][at]),
            **{name: _correlation(agents.emergence[at], agents.property_of(name)[at]) for name in PROPERTIES},
        }
        for at, step in enumerate(agents.steps)
    ]
    swept = [
        {
            "part": "agents by threshold",
            "seed": seed,
            "threshold": float(threshold),
            **{name: _correlation(values, agents.property_of(name)[-1]) for name in PROPERTIES},
        }
        for threshold, values in zip(agents.thresholds, agents.swept.T, strict=True)
    ]
    return [whole, *over_steps, *swept]


def between_groups(
    values: np.ndarray, groups: np.ndarray, *, generator: np.random.Generator, permutations: int = 1000
) -> Measure:
    """Return the share of the variance of values `[N]` that lies between groups `[N]`; the null permutes values."""
    member = np.equal.outer(groups, np.unique(groups)) / np.unique(groups, return_counts=True)[1]
    centred = values - values.mean()

    def share(columns: np.ndarray) -> np.ndarray:
        of_groups = columns @ member  # means of groups
        between: np.ndarray = (of_groups**2 * np.unique(groups, return_counts=True)[1]).sum(axis=-1)
        return between / (columns**2).sum(axis=-1)

    null = share(generator.permuted(np.tile(centred, (permutations, 1)), axis=1))
    return against_null(
        float(share(centred)), null, unit="1", estimator="η²", n=len(values), model="values permuted over agents"
    )


def correlations(rows: Rows) -> list[Claim]:
    """Return what goes with the emergence of agents."""
    about = {
        "degree": "agents with more partners have another path emergence",
        "success": "agents who are understood and understand have another path emergence",
        "likeness": "agents who speak like the others have another path emergence",
    }
    claims = [
        Claim(
            f"E of agents and {what}",
            OURS,
            about[name],
            f"rank correlation over agents of E with {what}, means over the last fourth of the records",
            mean(rows, name, part="agents"),
            together(mean(rows, name, part="agents")),
            f"{_beyond(rows, name)}; at thresholds {_by_threshold(rows, name)}",
        )
        for name, what in PROPERTIES.items()
    ]
    dialect = mean(rows, "dialect", part="agents")
    head_start, over_steps, between = (
        mean(rows, name, part="agents") for name in ("head_start", "over_steps", "between_records")
    )
    return [
        *claims,
        Claim(
            "E of agents and dialect",
            OURS,
            "agents of one dialect have a like path emergence",
            "share of the variance of log E that lies between dialects, less that with agents permuted",
            dialect,
            judge(dialect, above=0.0),
            f"{_beyond(rows, 'dialect')}; {mean(rows, 'dialects', part='agents').value:.1f} dialects on average",
        ),
        Claim(
            "E at the start and early success",
            SOURCE,
            "a network with more emergence at the start learns faster",
            "rank correlation over agents of E before the first step with success over the first fourth of the records",
            head_start,
            together(head_start),
            _beyond(rows, "head_start"),
        ),
        Claim(
            "E and success over training",
            OURS,
            "mean E and success rise or fall together",
            "rank correlation over records of mean log E with mean success",
            over_steps,
            together(over_steps),
            f"{_beyond(rows, 'over_steps', 'shuffled records')}; two things that both have a trend correlate",
        ),
        Claim(
            "E and success, from record to record",
            OURS,
            "when mean E changes, success changes",
            "the same of their changes from one record to the next, in which a common trend has little part",
            between,
            together(between),
            _beyond(rows, "between_records", "shuffled records"),
        ),
    ]


def growth(rows: Rows) -> Claim:
    """Return the source's claim that emergence falls while a network learns."""
    value = mean(rows, "growth", part="agents")
    return Claim(
        "E falls in training",
        SOURCE,
        "emergence falls while a network learns",
        "mean log10 E of agents at the end, less before the first step",
        value,
        judge(value, below=0.0),
        "the source trains classifiers; there the output is not fed back",
    )


def figures(agents: Sequence[Agents], rows: Rows) -> dict[str, tuple[Figure, str]]:
    """Return emergence over steps, against degree, success and dialect, and its phase plane with success."""
    over = [row for row in rows if row["part"] == "agents over steps"]
    steps = agents[0].steps.tolist()

    def curve(name: str) -> Varied:
        return Varied(steps, [mean(over, name, step=step) for step in steps])

    shown = {
        "path emergence, log10": {"mean over agents": curve("log_emergence")},
        "success, all pairs": {"mean over agents": curve("success_all_pairs")},
        "rank correlation of E over agents": {what: curve(name) for name, what in PROPERTIES.items()},
    }
    first = agents[0]
    against: Mapping[str, np.ndarray] = {
        what: first.late(first.property_of(name)) for name, what in PROPERTIES.items()
    }
    return {
        "agents-over-steps": (
            interval_curves(shown, along="step", limits=None),
            "Path emergence and success over training, and how E of agents correlates with what else is known of them; "
            "bands: 95 % intervals over seeds.",
        ),
        "agents-by-degree": (
            interval_curves({"E of agents by degree": {"E": _by_degree(agents)}}, along="degree", limits=None),
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


def _by_degree(agents: Sequence[Agents]) -> Varied:
    degrees = np.unique(agents[0].degree)
    late = [one.late(one.emergence) for one in agents]
    return Varied(
        degrees.tolist(),
        [
            over_seeds([float(values[one.degree == degree].mean()) for one, values in zip(agents, late, strict=True)])
            for degree in degrees
        ],
    )


def _beyond(rows: Rows, name: str, null: str = "permuted agents") -> str:
    mine = [row for row in rows if row["part"] == "agents"]
    beyond = sum(abs(row[f"{name}_z"]) > 1.96 for row in mine)
    return f"beyond {null} (|z| > 1.96) in {beyond} of {len(mine)} seeds"


def _by_threshold(rows: Rows, name: str) -> str:
    at = dict.fromkeys(row["threshold"] for row in rows if row["part"] == "agents by threshold")
    found = {level: mean(rows, name, part="agents by threshold", threshold=level).value for level in at}
    return ", ".join(f"{level:g}: {value:+.2f}" for level, value in found.items())


def _correlation(left: np.ndarray, right: np.ndarray) -> float:
    return rank_correlation(left, right, permutations=0).value


def _within(lengths: np.ndarray, n_places: int) -> np.ndarray:
    """Return which places of messages are not padding `[N, R, L, 1]`, from lengths `[N, R]`."""
    inside: np.ndarray = (np.arange(n_places) < lengths[..., None])[..., None]
    return inside


def _log(emergence: np.ndarray) -> np.ndarray:
    logs: np.ndarray = np.log10(np.maximum(emergence, 1))
    return logs
