"""Path emergence of agents against degree, dialect and success, over training."""

from __future__ import annotations

from typing import Any

import numpy as np

from hubbub.analysis.measure import Measure, against_null
from hubbub.analysis.ranks import rank_correlation
from hubbub.scenarios.reproductions.catalogue import Claim, judge
from hubbub.scenarios.reproductions.correlating import together
from hubbub.scenarios.reproductions.recorded_agents import PARTS, RecordedAgents
from hubbub.scenarios.reproductions.rows import Rows, mean

SOURCE, OURS = "AlShinaifi et al. 2024", "our question"
PROPERTIES = {
    "degree": "degree",
    "success": "success, all pairs",
    "likeness": "similarity to all others' codes",
    "symbols": "symbols in use",
}


def rows_of(agents: RecordedAgents, seed: int) -> list[dict[str, Any]]:
    """Return the correlations of one run, and how they went over its records."""
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


def correlations(rows: Rows) -> list[Claim]:
    """Return what goes with the emergence of agents."""
    about = {
        "degree": "agents with more partners have another path emergence",
        "success": "agents who are understood and understand have another path emergence",
        "likeness": "agents who speak like the others have another path emergence",
        "symbols": "agents who have more symbols in use have another path emergence",
    }
    claims = [
        Claim(
            f"E of agents and {what}",
            "control" if name == "symbols" else OURS,
            about[name],
            f"rank correlation over agents of E with {what}, means over the last fourth of the records",
            mean(rows, name, part="agents"),
            together(mean(rows, name, part="agents")),
            f"{_beyond(rows, name)}; at thresholds {_by_threshold(rows, name)}",
        )
        for name, what in PROPERTIES.items()
    ]
    dialect = mean(rows, "dialect", part="agents")
    learning, head_start, over_steps, changes, settled = (
        mean(rows, name, part="agents")
        for name in ("learning", "head_start", "over_steps", "all_changes", "settled_changes")
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
            "E of agents and success, while they learn",
            OURS,
            "agents who are ahead have another path emergence",
            "rank correlation over agents of E with success, means over the first fourth of the records",
            learning,
            together(learning),
            f"{_beyond(rows, 'learning')}; asked after the curves over steps were seen",
        ),
        Claim(
            "E at the start and early success",
            SOURCE,
            "emergence at the start goes with how fast an agent learns",
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
            "rank correlation of their changes from one record to the next, after the first fourth of the records",
            settled,
            together(settled),
            f"{_beyond(rows, 'settled_changes', 'shuffled records')}; over all records {changes.value:+.2f}, because "
            "both change less and less, which is no link",
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
        "the source trains classifiers; agents come to use more symbols, which E counts: "
        f"{_at(rows, 'symbols_in_use', 0):.1f} before the first step, {_at(rows, 'symbols_in_use', -1):.1f} at the end",
    )


def _beyond(rows: Rows, name: str, null: str = "permuted agents") -> str:
    mine = [row for row in rows if row["part"] == "agents"]
    beyond = sum(abs(row[f"{name}_z"]) > 1.96 for row in mine)
    return f"beyond {null} (|z| > 1.96) in {beyond} of {len(mine)} seeds"


def _at(rows: Rows, name: str, record: int) -> float:
    over = [row for row in rows if row["part"] == "agents over steps"]
    return mean(over, name, step=sorted({row["step"] for row in over})[record]).value


def _by_threshold(rows: Rows, name: str) -> str:
    at = dict.fromkeys(row["threshold"] for row in rows if row["part"] == "agents by threshold")
    found = {level: mean(rows, name, part="agents by threshold", threshold=level).value for level in at}
    return ", ".join(f"{level:g}: {value:+.2f}" for level, value in found.items())


def _correlation(left: np.ndarray, right: np.ndarray) -> float:
    return rank_correlation(left, right, permutations=0).value
