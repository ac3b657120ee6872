from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hubbub.scenarios.reproductions import RunSet, Table, reproduction
from hubbub.scenarios.reproductions.concept_space.claims import of_over_prompting
from hubbub.scenarios.reproductions.concept_space.measures import GAP, Painters
from hubbub.scenarios.reproductions.writing import write_outcome

COLOURS, SIZES = (0.2, 0.8), (0.2, 0.3)


def test_from_end_to_end(here: Callable[..., RunSet], tmp_path: Path) -> None:
    tiny = {"seeds": 2, "over_prompted_seeds": 2, "colours": COLOURS, "sizes_of_discs": SIZES}
    tiny |= {"side": 8, "channels": (3,), "batch": 4, "steps": 16, "records": 4}
    outcome = reproduction["concept-space"]("small", **tiny).reproduce(here())
    assert len(outcome.table) == (2 * 2 * 2 + 2) * 5
    assert all(row["retried"] >= row["prompted"] <= row["over_prompted"] for row in outcome.table)
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
    for colour in COLOURS:
        for size in SIZES:
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
    found = Painters(Table(rows))
    assert found.steps == [0, 10, 20, 30, 40]
    assert found.learnt("colour", (0.2, 0.3), 0) == (pytest.approx(20), True)
    assert found.learnt("size", (0.8, 0.3), 1) == (pytest.approx(20), True)
    assert found.slope("colour").value == pytest.approx(-1)
    assert found.slope("size").value == pytest.approx(-1)
    assert found.lead("prompted", GAP).value == pytest.approx(math.log(3))
    assert found.lead("retried", GAP).value == pytest.approx(math.log(2))
    assert found.meanwhile("prompted", GAP).value == pytest.approx(1 / 6)
    hidden, leads = of_over_prompting(found, found)
    assert (hidden.verdict, leads.verdict) == ("holds", "holds")
    assert "one try: 1.10, so 3.00 times the steps" in leads.note
    assert found.bend((0.8, 0.2)).value == pytest.approx((0.5 - 0.25) / 2)
