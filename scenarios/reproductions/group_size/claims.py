"""Which conditions make languages drift apart, and by which mechanism."""

from __future__ import annotations

import math
from collections.abc import Mapping

from hubbub.analysis.measure import Measure
from hubbub.scenarios.reproductions.claim import HYPOTHESIS, Claim, Condition
from hubbub.scenarios.reproductions.criteria import Above, Below
from hubbub.scenarios.reproductions.table import Row, Table, minus

CONVERGED, SETTLED, KEPT = 0.95, 0.03, 0.01
"""Mean success that every size must reach, the largest mean change in the last fifth of the steps that counts as a
plateau, and the loss of success per doubling of N that counts as none."""
OWN, SHARED, ENTROPY = "own first words", "shared first words", "entropy bonus"
THERE, BACK = "from 0.2 to 0.8", "from 0.8 to 0.2"
STAYS = {THERE: "stays at 0.2", BACK: "stays at 0.8"}
"""Each change of self-talk, and its control: the same runs without it."""
FACTORS = ("self_talk", "pairing", "coupling", "channel", "variant")
BASE: Row = {"self_talk": 0.8, "pairing": "node", "coupling": "tied", "channel": "tight", "variant": OWN}


def claims(table: Table) -> list[Claim]:
    """Judge every condition by itself, and then the mechanism."""
    sized = table.where(part="size")
    of_conditions = [
        claim
        for condition, part in by_condition(sized).items()
        if part.rows[0]["variant"] == OWN
        for claim in _of_condition(condition, part)
    ]
    return [*of_conditions, *_mechanism(sized), *_switches(table.where(part="switch")), *_bonus(sized)]


def by_condition(table: Table) -> dict[str, Table]:
    """Return the rows of each condition, by its name."""
    return table.added("condition", _name).by("condition")


def _name(row: Row) -> str:
    plain = () if row["variant"] == OWN else (row["variant"],)
    return ", ".join((f"self-talk {row['self_talk']}", row["pairing"], row["coupling"], row["channel"], *plain))


def slope(table: Table, name: str) -> Measure:
    """Return the change of a column per doubling of the group, seed by seed."""
    return table.added("doublings", lambda row: math.log2(row["n_agents"])).slope("doublings", name)


def settled(table: Table) -> list[Condition]:
    """Return what must be so at every size: converged, and at a plateau."""

    def means(name: str) -> list[float]:
        return [measure.value for measure in table.curve("n_agents", name).measures]

    conditions = [Condition("lowest mean success", min(means("success_over_links")), at_least=CONVERGED)]
    for what in ("success", "similarity"):
        change = max(means(f"late_change_{what}"), key=abs)
        name = f"largest mean change of {what} in the last fifth of the steps"
        conditions.append(Condition(name, change, at_least=-SETTLED, at_most=SETTLED))
    return conditions


def _of_condition(condition: str, table: Table) -> list[Claim]:
    numbers = _sizes(table)
    exact = slope(table, "similarity_exact")
    ends = [table.curve("n_agents", name).measures for name in ("similarity_edit", "consistency", "chance_edit")]
    said = "; ".join(
        f"{what} {measures[0].value:.2f} → {measures[-1].value:.2f}"
        for what, measures in zip(("similarity", "one agent twice", "chance"), ends, strict=True)
    )
    return [
        Claim(
            f"C1 success ({condition})",
            "success is kept as the group grows",
            f"change of success over links per doubling of N; complete graphs, N = {numbers}; {condition}",
            slope(table, "success_over_links"),
            Above(-KEPT, "a smaller loss per doubling counts as none: our choice"),
            conditions=settled(table),
        ),
        Claim(
            f"C1 similarity ({condition})",
            "languages grow less alike as the group grows",
            f"change of edit similarity of all pairs per doubling of N; complete graphs, N = {numbers}; {condition}",
            slope(table, "similarity_edit"),
            Below(0),
            f"{said}; exact matches {exact.value:+.3f} per doubling",
            conditions=settled(table),
        ),
    ]


def _mechanism(table: Table) -> list[Claim]:
    def of(changes: Mapping[str, object]) -> Table:
        return table.where(**{**BASE, **changes})

    base = of({})
    cases = (
        ("agents must be anchored in themselves", {"self_talk": 0.2}, "self-talk is 0.2"),
        ("partners must be sampled", {"pairing": "all-links"}, "everybody is heard in every step"),
        ("first words must differ", {"variant": SHARED}, "all have the same first words"),
    )
    made = []
    for name, changes, said in cases:
        other = of(changes)
        one, two = _of_shared_sizes(base, other)
        if len(one.levels("n_agents")) < 2:
            continue
        made.append(
            Claim(
                f"mechanism: {name}",
                f"similarity falls more with self-talk 0.8 and one partner a step than where {said}",
                "change of edit similarity per doubling of N, the first minus the second, paired by seed; "
                f"N = {_sizes(one)}; tied, tight",
                minus(slope(one, "similarity_edit"), slope(two, "similarity_edit")),
                Below(0),
                f"{slope(one, 'similarity_edit').value:+.3f} against {slope(two, 'similarity_edit').value:+.3f}",
                source=HYPOTHESIS,
                conditions=[*settled(one), *settled(two)],
            )
        )
    return made


def _switches(table: Table) -> list[Claim]:
    made = []
    for switch, direction, criterion in ((THERE, "less", Below(0)), (BACK, "more", Above(0))):
        part, control = table.where(switch=switch), table.where(switch=STAYS[switch])
        made.append(
            Claim(
                f"intervention: self-talk {switch}",
                f"a trained group grows {direction} alike when its self-talk changes {switch} than when it stays",
                "change of edit similarity of all pairs from half-way, when self-talk changes, to the end, minus that "
                f"of the same group without the change, paired by seed; N = {part.rows[0]['n_agents']}",
                part.minus(control, "change"),
                criterion,
                f"{part.mean('change').value:+.3f} with and {control.mean('change').value:+.3f} without the change; "
                f"similarity before {part.mean('similarity_before').value:.2f}; success before "
                f"{part.mean('success_before').value:.2f}, at the end {part.mean('success_over_links').value:.2f}",
                source=HYPOTHESIS,
                conditions=[
                    Condition("mean success at the change", part.mean("success_before").value, at_least=CONVERGED),
                    Condition(
                        "mean change of similarity in the last fifth of the steps before",
                        part.mean("late_change_similarity").value,
                        at_least=-SETTLED,
                        at_most=SETTLED,
                    ),
                ],
            )
        )
    return made


def _bonus(table: Table) -> list[Claim]:
    """Judge what an entropy bonus does at the same sizes, which is no drift."""
    made = []
    for self_talk, bonus in table.where(variant=ENTROPY).by("self_talk").items():
        plain = table.where(**{**BASE, "self_talk": self_talk})
        one, two = _of_shared_sizes(bonus, plain)
        made.append(
            Claim(
                f"apart: an entropy bonus (self-talk {self_talk})",
                "an entropy bonus lowers similarity whatever the size: agents use synonyms, which is no drift",
                "edit similarity with a bonus of .02 minus without, mean over sizes, paired by seed; "
                f"N = {_sizes(one)}",
                minus(_mean(one, "similarity_edit"), _mean(two, "similarity_edit")),
                Below(0),
                f"one agent twice: {_mean(one, 'consistency').value:.2f} with, {_mean(two, 'consistency').value:.2f} "
                f"without; per doubling of N {slope(one, 'similarity_edit').value:+.3f} with, "
                f"{slope(two, 'similarity_edit').value:+.3f} without",
                source=HYPOTHESIS,
                conditions=[*settled(one), *settled(two)],
            )
        )
    return made


def _of_shared_sizes(one: Table, other: Table) -> tuple[Table, Table]:
    """Return the rows of the sizes that both have."""
    shared = set(one.levels("n_agents")) & set(other.levels("n_agents"))
    return one.filter(lambda row: row["n_agents"] in shared), other.filter(lambda row: row["n_agents"] in shared)


def _sizes(table: Table) -> str:
    return ", ".join(map(str, table.levels("n_agents")))


def _mean(table: Table, name: str) -> Measure:
    """Return the mean of a column over sizes, seed by seed."""
    return table.each(lambda mine: sum(mine.column(name)) / len(mine))
