"""Path emergence of agents against degree, dialect and success, over training."""

from __future__ import annotations

from typing import Any

import numpy as np

from hubbub.analysis.measure import Measure, against_null
from hubbub.analysis.ranks import rank_correlation
from hubbub.scenarios.reproductions.claim import CONTROL, Claim
from hubbub.scenarios.reproductions.criteria import Above, Below, Correlates
from hubbub.scenarios.reproductions.emergence_of_talk.recorded_agents import PARTS, RecordedAgents
from hubbub.scenarios.reproductions.table import Table

SOURCE = "AlShinaifi et al. 2024"
PROPERTIES = {
    "degree": "degree",
    "success": "success, all pairs",
    "likeness": "similarity to all others' codes",
    "symbols": "symbols in use",
}


def rows_of(agents: RecordedAgents, seed: int) -> list[dict[str, Any]]:
    """Return the correlations of one run, and how they change over its records."""
    emergence = agents.late(agents.emergence)
    found = {
        name: rank_correlation(emergence, agents.late(agents.property_of(name)), generator=np.random.default_rng(seed))
        for name in PROPERTIES
    }
    found["dialect"] = between_groups(emergence, agents.dialect, generator=np.random.default_rng(seed))
    early = agents.early(agents.success)
    found["learning"] = rank_correlation(agents.early(agents.emergence), early, generator=np.random.default_rng(seed))
    found["head_start"] = rank_correlation(agents.emergence[0], early, generator=np.random.default_rng(seed))
    means = agents.emergence.mean(axis=1), agents.success.mean(axis=1)
    found["over_steps"] = rank_correlation(*means, generator=np.random.default_rng(seed))
    changes = [np.diff(values) for values in means]
    settled = [of[len(of) // PARTS :] for of in changes]
    found["all_changes"] = rank_correlation(*changes, generator=np.random.default_rng(seed))
    found["settled_changes"] = rank_correlation(*settled, generator=np.random.default_rng(seed))
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
            "symbols_in_use": float(agents.symbols[at].mean()),
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


def correlations(table: Table) -> list[Claim]:
    """Return what goes with the emergence of agents."""
    about = {
        "degree": "agents with more partners have another path emergence",
        "success": "agents who understand and are understood have another path emergence",
        "likeness": "agents whose code is similar to those of others have another path emergence",
        "symbols": "agents who have more symbols in use have another path emergence",
    }
    agents = table.where(part="agents")
    claims = [
        Claim(
            f"E of agents and {what}",
            about[name],
            f"rank correlation over agents of E with {what}, means over the last fourth of the records",
            agents.mean(name),
            Correlates(),
            f"{_beyond(agents, name)}; at thresholds {_by_threshold(table, name)}",
            CONTROL if name == "symbols" else "",
        )
        for name, what in PROPERTIES.items()
    ]
    return [
        *claims,
        Claim(
            "E of agents and dialect",
            "agents of one dialect have a similar path emergence",
            "share of the variance of log E that lies between dialects, minus that with agents permuted",
            agents.mean("dialect"),
            Above(0),
            f"{_beyond(agents, 'dialect')}; {agents.mean('dialects').value:.1f} dialects on average",
        ),
        Claim(
            "E of agents and success, while they learn",
            "agents who learn faster have another path emergence",
            "rank correlation over agents of E with success, means over the first fourth of the records",
            agents.mean("learning"),
            Correlates(),
            f"{_beyond(agents, 'learning')}; asked after the curves over steps were seen",
        ),
        Claim(
            "E at the start and early success",
            "emergence at the start goes with how fast an agent learns",
            "rank correlation over agents of E before the first step with success over the first fourth of the records",
            agents.mean("head_start"),
            Correlates(),
            _beyond(agents, "head_start"),
            SOURCE,
        ),
        Claim(
            "E and success over training",
            "mean E and success rise or fall together",
            "rank correlation over records of mean log E with mean success",
            agents.mean("over_steps"),
            Correlates(),
            f"{_beyond(agents, 'over_steps', 'shuffled records')}; two things that both have a trend correlate",
        ),
        Claim(
            "E and success, from record to record",
            "when mean E changes, success changes",
            "rank correlation of their changes from one record to the next, after the first fourth of the records",
            agents.mean("settled_changes"),
            Correlates(),
            f"{_beyond(agents, 'settled_changes', 'shuffled records')}; over all records "
            f"{agents.mean('all_changes').value:+.2f}, because both change less and less, which is no link",
        ),
    ]


def growth(table: Table) -> Claim:
    """Return the source's claim that emergence falls while a network learns."""
    over_steps = table.where(part="agents over steps")
    steps = over_steps.levels("step")
    before, after = (over_steps.where(step=at).mean("symbols_in_use").value for at in (steps[0], steps[-1]))
    return Claim(
        "E falls in training",
        "emergence falls while a network learns",
        "mean log10 E of agents at the end, minus before the first step",
        table.where(part="agents").mean("growth"),
        Below(0),
        "the source trains classifiers; agents come to use more symbols, which E counts: "
        f"{before:.1f} before the first step, {after:.1f} at the end",
        SOURCE,
    )


def _beyond(agents: Table, name: str, null: str = "permuted agents") -> str:
    beyond = sum(abs(z) > 1.96 for z in agents.column(f"{name}_z"))
    return f"beyond {null} (|z| > 1.96) in {beyond} of {len(agents)} seeds"


def _by_threshold(table: Table, name: str) -> str:
    levels = table.where(part="agents by threshold").by("threshold")
    return ", ".join(f"{level:g}: {part.mean(name).value:+.2f}" for level, part in levels.items())


def _correlation(left: np.ndarray, right: np.ndarray) -> float:
    return rank_correlation(left, right, permutations=0).value
