"""Kept results: verdicts follow from claims.json alone, and all of it comes out again from the kept measurements."""

from __future__ import annotations

import json
import math
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hubbub.scenarios.cli import app
from hubbub.scenarios.reproducing import judge_again, reproduce
from hubbub.scenarios.reproductions import Claim
from hubbub.scenarios.reproductions.writing import page
from hubbub.simulator.errors import StoreError

RESULTS = Path(__file__).parents[3] / "docs" / "results"
FOLDERS = sorted(path.parent.name for path in RESULTS.glob("*/claims.json"))
EARLIER = {"graph-search-earlier", "group-size-earlier", "local-dialects-earlier"}
"""Results of an earlier design, whose claims are asked differently now: only their own files are compared."""
SIX_DIGITS = {
    "attention-transition-small",
    "bang-bang-small",
    "concept-space-small",
    "emergence-atlas-small",
    "layer-information-large-small",
    "layer-information-small",
    "neural-collapse-small",
    "percolation-small",
    "pruning-emergence-small",
    "shape-bias-small",
}
"""Measurements that were kept with five or six digits; their claims were computed before they were rounded."""
RANKS = {"emergence-atlas-small": "", "pruning-emergence-small": "E predicts early learning (mnist, convolution)"}
"""Beginnings of the names of claims on ranks, in which rounded numbers may tie."""


def kept(folder: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((RESULTS / folder / "claims.json").read_text(encoding="utf-8"))
    return record


def agrees_with_itself(record: dict[str, Any], text: str) -> bool:
    """Whether all verdicts follow from criteria, conditions and intervals, and the page says what the file says."""
    return all(Claim.of_json(claim).as_json() == claim for claim in record["claims"]) and page(record) == text


def test_all_claims_are_kept() -> None:
    assert len(FOLDERS) == 29
    assert sum(len(kept(folder)["claims"]) for folder in FOLDERS) == 399


@pytest.mark.parametrize("folder", FOLDERS)
def test_verdicts_follow_from_the_file_alone(folder: str) -> None:
    assert agrees_with_itself(kept(folder), (RESULTS / folder / "results.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", ["turnover-small", "group-size-earlier", "emergence-of-talk-small", "sedam-small"])
def test_an_edited_verdict_bound_or_condition_is_found(folder: str) -> None:
    record, text = kept(folder), (RESULTS / folder / "results.md").read_text(encoding="utf-8")
    others = {"holds": "does not hold", "does not hold": "not decided", "not decided": "holds"}
    for number, claim in enumerate(record["claims"]):
        changed = deepcopy(record)
        changed["claims"][number]["verdict"] = others[claim["verdict"]]
        assert not agrees_with_itself(changed, text)
        for name, value in claim["criterion"].items():
            if isinstance(value, float | int):
                changed = deepcopy(record)
                changed["claims"][number]["criterion"][name] = value - 0.02
                assert not agrees_with_itself(changed, text)
        for at in range(len(claim["conditions"])):
            changed = deepcopy(record)
            changed["claims"][number]["conditions"][at]["at_most"] = -1
            assert not agrees_with_itself(changed, text)


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder not in EARLIER])
def test_claims_come_out_again_from_the_measurements(folder: str) -> None:
    outcome, record = judge_again(folder.rpartition("-")[0], RESULTS / folder)
    assert len(outcome.claims) == len(record["claims"])
    for claim, old in zip(outcome.claims, record["claims"], strict=True):
        new = claim.as_json()
        for exact in ("name", "source", "statement", "measured", "unit", "n", "reason", "verdict"):
            assert new[exact] == old[exact], claim.name
        has_ranks = folder in RANKS and claim.name.startswith(RANKS[folder])
        within = {"rel": 0.1, "abs": 0.1} if has_ranks else {"rel": 3e-4, "abs": 3e-4}
        within = within if folder in SIX_DIGITS else {"rel": 1e-9, "abs": 1e-9}
        assert numbers(new) == pytest.approx(numbers(old), nan_ok=True, **within), claim.name
        assert bounds(new) == pytest.approx(bounds(old), rel=1e-9), claim.name


def numbers(claim: dict[str, Any]) -> list[float]:
    values = [claim["value"], *(claim["interval"] or [None]), *(one["value"] for one in claim["conditions"])]
    return [math.nan if value is None else value for value in values]


def bounds(claim: dict[str, Any]) -> dict[str, float]:
    parts = {"": claim["criterion"], **{of["name"]: of for of in claim["conditions"]}}
    return {
        f"{part} {name}": value
        for part, of in parts.items()
        for name, value in of.items()
        if name != "value" and isinstance(value, float | int)
    }


def test_a_folder_is_judged_again_into_the_same_files(tmp_path: Path) -> None:
    folder = RESULTS / "turnover-small"
    _, files = reproduce("turnover", kept=folder, out=tmp_path)
    assert [file.name for file in files] == ["claims.json", "results.md", "measurements.csv"]
    for file in files:
        assert file.read_text(encoding="utf-8") == (folder / file.name).read_text(encoding="utf-8")
    with pytest.raises(
        StoreError, match=r"from: expected a folder .* got .*elsewhere, which has no file measurements\.csv"
    ):
        reproduce("turnover", kept=tmp_path / "elsewhere")


def test_the_command_line_judges_a_folder_again(tmp_path: Path) -> None:
    folder = RESULTS / "turnover-small"
    typed = ["reproduce", "turnover", "--from", str(folder), "--out", str(tmp_path), "--json"]
    told = CliRunner().invoke(app, typed)
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["claims"] == kept("turnover-small")["claims"]


def test_the_command_line_says_which_condition_is_not_met(tmp_path: Path) -> None:
    folder = RESULTS / "group-size-small"
    told = CliRunner().invoke(app, ["reproduce", "group-size", "--from", str(folder), "--out", str(tmp_path)])
    assert told.exit_code == 0, told.output
    judged = [part for claim in kept("group-size-small")["claims"] for part in Claim.of_json(claim).conditions]
    unmet = [str(condition) for condition in judged if not condition.is_met]
    assert unmet
    assert [line.strip() for line in told.stdout.splitlines() if "NOT MET" in line] == unmet
