"""The table that claims are computed from, the design that its rows come from, and criteria."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions import (
    Above,
    Below,
    Claim,
    Condition,
    Correlates,
    Design,
    Table,
    Within,
    level,
    minus,
    slope,
)
from hubbub.scenarios.reproductions.criteria import Criterion, criterion_of

ROWS = [
    {"kind": kind, "seed": seed, "x": x, "y": lead + seed * x}
    for kind, lead in (("b", 1.0), ("a", 3.0))
    for seed in (1, 0)
    for x in (0, 2)
]


def test_rows_are_split_and_curves_and_slopes_follow() -> None:
    table = Table(ROWS)
    assert (len(table.where(kind="a", x=2)), table.levels("kind"), list(table.by("kind"))) == (
        2,
        ["a", "b"],
        ["b", "a"],
    )
    assert [one.value for one in table.where(kind="b").slope("x", "y").each] == pytest.approx([0, 1], abs=1e-9)
    curve = table.where(kind="b").curve("x", "y")
    assert (curve.settings, [at.value for at in curve.measures]) == ([0, 2], [1.0, 2.0])
    assert list(table.curves("kind", "x", "y", "kind {}")) == ["kind b", "kind a"]
    assert table.where(kind="a").minus(table.where(kind="b"), "y", "x").value == pytest.approx(2.5)
    assert table.added("double", lambda row: 2 * row["x"]).column("double")[:2] == [0, 4]
    assert minus(over_seeds([3.0, 5.0]), over_seeds([1.0, 1.0])).value == minus(over_seeds([3.0, 5.0]), 1.0).value == 3
    assert math.isnan(slope([0, 1, 2], [0, math.nan, 2]))


def test_a_column_crosses_that_of_other_rows_seed_by_seed() -> None:
    falling = Table({"seed": seed, "x": x, "y": 1.0 + seed - x} for seed in (0, 1) for x in (0, 1, 2, 3))
    level_rows = Table({"seed": seed, "x": x, "y": 0.5} for seed in (0, 1) for x in (0, 1, 2, 3))
    assert [at.value for at in level_rows.crossing("x", "y", falling).each] == [0.5, 1.5]


def test_a_table_that_was_written_is_read_as_it_was(tmp_path: Path) -> None:
    rows = [
        {"n": 1, "x": 0.1 + 0.2, "last": True, "name": "a, b", "reason": ""},
        {"n": 2, "x": math.nan, "last": None, "name": "nan", "only": 1e-17},
    ]
    Table(rows).write(tmp_path / "table.csv")
    one, other = Table.read(tmp_path / "table.csv")
    assert one == {**rows[0], "only": None}
    assert math.isnan(other["x"]) and {**other, "x": 0} == {**rows[1], "x": 0, "reason": None}
    assert Table(rows).rounded(2).rows[0]["x"] == 0.3
    assert Table(rows).rounded(None).rows[0]["x"] == 0.1 + 0.2


def test_a_design_is_every_combination_with_every_seed() -> None:
    design = Design(
        "karate",
        "{who}/n{n:03d}-s{seed}",
        lambda run: {},
        seeds=2,
        first_seed=5,
        common={"a": 1, "b": 1},
        factors={"who": {"all, of us": {"b": 2}, "no": {}}, "n": level("topology.n_agents", 4, 10)},
        labels={"part": "p"},
    )
    jobs = list(design.jobs())
    assert [job.name for job in jobs[:3]] == ["all-of-us/n004-s5", "all-of-us/n004-s6", "all-of-us/n010-s5"]
    assert (len(jobs), jobs[-1].seed, jobs[-1].overrides) == (8, 6, {"a": 1, "b": 1, "topology.n_agents": 10})
    assert jobs[0].overrides == {"a": 1, "b": 2, "topology.n_agents": 4}
    assert jobs[0].key == {"part": "p", "who": "all, of us", "n": 4, "seed": 5}


@pytest.mark.parametrize(
    "criterion", [Above(0), Below(-0.5, "why"), Within(-1, 2), Correlates(), Within.near(4, share=0.5)]
)
def test_a_criterion_comes_back_from_json(criterion: Criterion) -> None:
    record = {**criterion.as_json(), "unit": "bits"}
    again = criterion_of(record)
    assert (type(again), again, str(again), again.why) == (type(criterion), criterion, str(criterion), criterion.why)


def test_a_condition_that_is_not_met_decides_before_the_criterion() -> None:
    value = over_seeds([1.0, 1.1])

    def verdict(*conditions: Condition) -> str:
        return Claim("name", "statement", "measured", value, Above(0), conditions=conditions).verdict

    met, unmet = Condition("success", 0.95, at_least=0.95, at_most=1), Condition("open ends", 1, at_most=0)
    assert met.is_met and not unmet.is_met and not Condition("nothing", math.nan, at_least=0).is_met
    assert (verdict(met), verdict(met, unmet)) == ("holds", "not decided")
    assert verdict(met, Condition("open ends", 1, at_most=0, otherwise="does not hold")) == "does not hold"
    claim = Claim("name", "", "", Measure(math.nan, "1", "fit", 0, reason="too few"), Below(1), conditions=[met, unmet])
    assert claim.remark == "success 0.95 (at least 0.95 and at most 1); NOT MET: open ends 1 (at most 0)"
    assert Claim.of_json(claim.as_json()).as_json() == claim.as_json()
