"""Reproductions about memories that talk: their claims follow from their rows, and mixed societies run end to end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hubbub.scenarios.reproductions import RunSet, Table, memory_dialects, mixed_society, reproduction
from hubbub.scenarios.reproductions.writing import write_outcome


def test_a_mixed_society_runs_from_end_to_end(here: Callable[..., RunSet], tmp_path: Path) -> None:
    tiny = here({"training.steps": 2, "engine.record_every": 1, "training.games_per_step": 2})
    outcome = reproduction["mixed-society"]("small", seeds=2).reproduce(tiny)
    assert len(outcome.table) == 3 * 2 * 3  # societies, seeds, records
    assert {claim.verdict for claim in outcome.claims} <= {"holds", "does not hold", "not decided"}
    assert outcome.claims[0].verdict == "does not hold"  # nobody talks after two steps
    files = write_outcome(outcome, tmp_path / "out", command="hubbub …")
    assert all(file.stat().st_size > 0 for file in files)


def society(across: float, among: float, alone: float) -> list[dict[str, Any]]:
    """Return rows of three seeds at half-time and end; `across` is how much better memories are understood."""
    return [
        {
            "society": name,
            "seed": seed,
            "step": step,
            "all_pairs": value + seed / 1000,
            "memory_to_memory": 0.95 if name == mixed_society.MIXED else None,
            "memory_to_neural": 0.5 + across if name == mixed_society.MIXED else None,
            "neural_to_memory": 0.5 + seed / 1000 if name == mixed_society.MIXED else None,
            "neural_to_neural": among if name == mixed_society.MIXED else None,
            "similarity_across": 0.5 + across if name == mixed_society.MIXED else None,
            "similarity_chance": 0.5 + seed / 1000,
        }
        for name, value in ((mixed_society.MIXED, 0.8), (mixed_society.NEURAL, alone), (mixed_society.MEMORIES, 0.95))
        for seed in range(3)
        for step in (0, 10, 20)
    ]


def test_the_mixed_society_is_compared_with_societies_of_one_kind() -> None:
    claims = mixed_society.claims(Table(society(0.4, 0.9, 0.5)))
    assert [claim.verdict for claim in claims] == ["holds"] * 6
    assert claims[3].value.value == pytest.approx(0.4, abs=0.002)
    claims = mixed_society.claims(Table(society(-0.1, 0.3, 0.5)))
    assert [claim.verdict for claim in claims] == ["holds", *["does not hold"] * 3, "holds", "does not hold"]


def measured(success: dict[tuple[str, int, float], float], mantel: float) -> list[dict[str, Any]]:
    return [
        {
            "graph": graph,
            "load": load,
            "noise": noise,
            "seed": seed,
            "success_over_links": success.get((graph, load, noise), 0.9) + seed / 1000,
            "success_all_pairs": (0.95 if graph == memory_dialects.STAR else 0.95 - mantel) + seed / 1000,
            "locality": (0.0 if graph == memory_dialects.STAR else mantel) + seed / 1000,
            "mantel": mantel + seed / 1000,
        }
        for graph in (memory_dialects.RING, memory_dialects.STAR)
        for load in (*memory_dialects.LOADS,)
        for noise in memory_dialects.NOISES
        for seed in range(3)
    ]


def test_load_and_noise_are_compared_with_enough_room_and_silence() -> None:
    ring, star = memory_dialects.RING, memory_dialects.STAR
    as_claimed = {(ring, 12, 0.0): 0.1, (star, 24, 0.0): 0.2, (ring, 192, 0.15): 0.4}
    claims = memory_dialects.claims(Table(measured(as_claimed, mantel=0.5)))
    assert [claim.verdict for claim in claims] == ["holds"] * 9
    alike = memory_dialects.claims(Table(measured({}, mantel=-0.1)))
    verdicts = {claim.name: claim.verdict for claim in alike}
    assert [name for name, verdict in verdicts.items() if verdict == "holds"] == [
        "control: memories learn to talk",
        "a larger memory changes little",
    ]
