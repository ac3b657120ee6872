from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from hubbub.scenarios.reproductions import Lab, concept_space, reproduction
from hubbub.scenarios.reproductions.concept_space import _over_prompting_claims
from hubbub.scenarios.reproductions.concept_space_found import GAP, Found, Size
from hubbub.scenarios.reproductions.writing import write_outcome

TINY = Size(2, 2, (0.2, 0.8), (0.2, 0.3), 8, (3,), 4, 16, 4)


def test_from_end_to_end(here: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concept_space, "SMALL", TINY)
    outcome = reproduction["concept-space"](lab=here)
    assert len(outcome.rows) == (2 * 2 * 2 + 2) * 5
    assert all(row["retried"] >= row["prompted"] <= row["over_prompted"] for row in outcome.rows)
    claims = {claim.name: claim for claim in outcome.claims}
    assert claims["control: shown kinds"].verdict == "does not hold"  # nothing is learnt in 16 steps
    assert claims["over-prompting leads"].value.value == 0
    unreached = "prompted 8 of 8, retried 8 of 8, over-prompted 8 of 8, colour 8 of 8, size 8 of 8"
    assert unreached in " ".join(outcome.remarks)
    assert "falls to 0.108, rises to 0.212" in outcome.remarks[-1]
    assert set(outcome.figures) == {"paths", "capability", "speed", "identity-mapping", "pictures"}
    files = write_outcome(outcome, tmp_path / "out", command="hubbub …")
    assert all(file.stat().st_size > 0 for file in files)


def told(colour: float, size: float, seed: int, step: int, **metrics: float) -> dict[str, Any]:
    return {"colour_signal": colour, "size_signal": size, "seed": seed, "step": step, "last": step == 40} | metrics


def test_claims_follow_from_the_rows() -> None:
    rows = []
    for colour in TINY.colours:
        for size in TINY.sizes:
            for seed in range(2):
                for step in (0, 10, 20, 30, 40):
                    blue, small = 0.5 + 0.3 * step * colour / 4, 0.5 + 0.3 * step * size / 6  # .8 at 4/signal, 6/signal
                    ways = {"prompted": 60.0, "retried": 40.0, "over_prompted": 20.0}
                    metrics = {way: min(1.0, step / steps) for way, steps in ways.items()}
                    metrics |= {
                        "red_big_colour": 1 - blue,
                        "red_small_colour": 1.2 - blue,
                        "blue_big_colour": blue + 0.1,
                    }
                    metrics |= {"red_big_size": 1 - small, "blue_big_size": 1.2 - small, "red_small_size": small + 0.1}
                    metrics |= {"blue_small_colour": step / 40, "blue_small_size": (step / 40) ** 2}
                    rows.append(told(colour, size, seed, step, **metrics))
    found = Found(rows, TINY)
    assert found.steps == [0, 10, 20, 30, 40]
    assert found.learnt("colour", (0.2, 0.3), 0) == (pytest.approx(20), True)
    assert found.learnt("size", (0.8, 0.3), 1) == (pytest.approx(20), True)
    assert found.slope("colour").value == pytest.approx(-1)
    assert found.slope("size").value == pytest.approx(-1)
    assert found.lead("prompted", GAP).value == pytest.approx(math.log(3))
    assert found.lead("retried", GAP).value == pytest.approx(math.log(2))
    assert found.meanwhile("prompted", GAP).value == pytest.approx(1 / 6)
    hidden, leads = _over_prompting_claims(found, found)
    assert (hidden.verdict, leads.verdict) == ("holds", "holds")
    assert "one go: 1.10, so 3.00 times the steps" in leads.note
    assert found.bend((0.8, 0.2)).value == pytest.approx((0.5 - 0.25) / 2)
