"""The atlas: that it runs from end to end in small, and that its numbers follow from its rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from hubbub.scenarios.reproductions import RunSet, reproduction
from hubbub.scenarios.reproductions.emergence_atlas import networks
from hubbub.scenarios.reproductions.emergence_atlas.claims import Course, beyond_schedule
from hubbub.scenarios.reproductions.emergence_atlas.psi import psi_between
from hubbub.scenarios.reproductions.emergence_atlas.systems import SYSTEMS
from hubbub.scenarios.reproductions.emergence_of_talk import memories


def seen(*orders: Sequence[float], **quantities: Sequence[float]) -> Course:
    """Return a system whose seeds have these order parameters, and quantities that are the same for all."""
    return Course(
        SYSTEMS["sparse-parity"],
        [
            [
                {"step": 10 * at, "order": value, **{name: of[at] for name, of in quantities.items()}}
                for at, value in enumerate(order)
            ]
            for order in orders
        ],
    )


def test_the_transition_is_halfway_whether_the_order_parameter_rises_or_falls() -> None:
    found = seen([0, 0, 1, 1], [4, 4, 4, 2]).transition()
    assert [each.value for each in found.each] == [15, 25]


def test_a_measure_that_moves_with_the_order_parameter_is_together_with_it() -> None:
    of = seen([0, 0, 1, 3, 3.5], with_it=[5, 5, 3, -2, -1], apart=[0, 9, 9, 9, 9])
    assert of.together("with_it").value == pytest.approx(1)
    assert of.together("apart").value < 0
    assert of.halfway("apart").value == pytest.approx(5)


def test_only_a_measure_that_follows_its_own_network_goes_beyond_the_schedule() -> None:
    early, late = [0, 3, 3.5, 3.75, 4], [0, 0.25, 0.5, 1, 4]
    of = Course(
        SYSTEMS["sparse-parity"],
        [
            [{"step": at, "order": order[at], "paths": 2 * order[at], "psi": early[at]} for at in range(5)]
            for order in (early, late)
        ],
    )
    assert of.together("paths").value == pytest.approx(1) and of.with_others("paths").value < 0
    follows, schedule = (beyond_schedule({"one": of}, measure) for measure in ("paths", "psi"))
    assert follows.value.value == pytest.approx(1 - of.with_others("paths").value)
    assert schedule.value.value == pytest.approx(0)


def test_psi_of_one_group_that_tells_all_is_negative_by_what_the_others_repeat() -> None:
    rng = np.random.default_rng(0)
    shared = rng.standard_normal((400, 1)) * np.ones(8)
    assert psi_between(shared, shared) == pytest.approx(2 - 4 * 2, abs=0.1)  # quartiles: two bits, five times
    assert psi_between(*rng.standard_normal((2, 4000, 8))) == pytest.approx(0, abs=0.02)


def test_the_atlas_from_end_to_end(here: Callable[..., RunSet], monkeypatch: pytest.MonkeyPatch) -> None:
    small = {
        "sparse-parity": {"task.width": 8, "task.batch": 8},
        "attention-transition": {"task.dimension": 20},
        "neural-collapse": {"task.widths": [8], "task.per_class": 3},
        "percolation": {"task.entities": 20, "task.values": 40, "task.width": 8, "task.batch": 4},
        "layer-information": {"task.entities": 4, "task.shots": 2, "task.width": 8, "task.batch": 4},
        "shape-bias": {"task.channels": [2], "task.pictures": 8, "task.conflicts": 12, "task.batch": 4},
        "concept-space": {"task.channels": [2], "task.batch": 2},
        "bang-bang": {"ppo.n_envs": 2, "ppo.horizon": 10, "policy.widths": [4]},
    }
    steps = {"training.steps": 12, "engine.record_every": 3, "engine.checkpoint_every": 3}
    changes: dict[str, dict] = {name: {**SYSTEMS[name].changes, **steps, **changed} for name, changed in small.items()}
    changes["emergence-of-talk"] = {**steps, "topology": {"kind": "ring", "n_agents": 6}}
    changes["sedam-random-patterns"] = {
        "patterns.n_spins": 64,
        "copies.noise": [0.2, 0.35, 0.48],
        "copies.load": [5],
        "dynamics.steps": 2000,
    }
    systems = {name: dataclasses.replace(SYSTEMS[name], changes=changed) for name, changed in changes.items()}
    monkeypatch.setattr(networks, "CHAIN", 4)
    monkeypatch.setattr(networks, "BURN_IN", 2)
    monkeypatch.setattr(memories, "STATES", 50)
    outcome = reproduction["emergence-atlas"]("small", seeds=2, systems=systems).reproduce(here())
    names = {claim.name for claim in outcome.claims}
    assert "E (paths): sparse parity" in names
    assert "E (paths): attention" not in names
    for system in ("neural-collapse", "emergence-of-talk"):
        assert {row["step"] for row in outcome.table.where(system=system)} == {0, 3, 6, 9, 12}
    assert outcome.table.where(system="sedam-random-patterns", seed=1).column("noise") == [0.2, 0.35, 0.48]
    assert "atlas" in outcome.figures
