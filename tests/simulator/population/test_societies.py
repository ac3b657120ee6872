"""Societies side by side: each does what it would do alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble
from hubbub.simulator.population import Societies
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology

SMALL: dict[str, Any] = {
    "name": "small",
    "topology": {"kind": "ring", "n_agents": 4},
    "referents": {"kind": "symbolic", "attributes": 2, "values": 3},
    "channel": {"vocabulary": 5, "max_length": 3, "noise": 0.1},
    "agent": {"kind": "gru", "hidden": 8, "embedding": 4},
    "training": {"games_per_step": 4, "learning_rate": 0.01},
}
STAR = Topology.from_pairs(4, np.array([[0, 1], [0, 2], [0, 3]]))
RING = Topology.from_pairs(4, np.array([[0, 1], [1, 2], [2, 3], [0, 3]]))


def found(topologies: list[Topology], seeds: list[int], block_agents: int, **changes: Any) -> Societies:
    parts = load(SMALL, {name.replace("__", "."): value for name, value in changes.items()}).parts()  # type: ignore[attr-defined]
    return Societies(topologies, [RandomStreams(seed) for seed in seeds], parts=parts, block_agents=block_agents)


@pytest.mark.parametrize("pairing", ["node", "edge", "matching"])
@pytest.mark.parametrize("estimator", ["gumbel", "reinforce"])
def test_a_society_does_what_a_population_alone_does(pairing: str, estimator: str) -> None:
    changes = {"training__pairing": pairing, "channel__estimator": estimator}
    many = found([STAR, RING, STAR], [7, 8, 9], block_agents=8, **changes)
    many.step(5)
    weights = torch.cat([block.flat.detach() for block in many.blocks]).view(3, 4, -1)
    referents = many.game.referents.of("train")
    for number, (topology, seed) in enumerate(zip((STAR, RING, STAR), (7, 8, 9), strict=True)):
        dotted = {name.replace("__", "."): value for name, value in changes.items()}
        alone = assemble(load(SMALL, {**dotted, "seed": 0}), topology=topology)
        alone.rng = RandomStreams(seed)
        for number_of_block, block in enumerate(alone.blocks):
            assert number_of_block == 0
            fresh = found([topology], [seed], block_agents=4, **changes).blocks[0]
            block.groups, block.flat.data = fresh.groups, fresh.flat.detach().clone()
            block.optimiser.values = block.flat.detach()
        alone.step(5)
        torch.testing.assert_close(alone.blocks[0].flat.detach(), weights[number])
        understood = alone.crossplay("train", referents).success
        assert many.success(referents)[number] == pytest.approx(understood, abs=0.26)  # a flipped answer or two


@pytest.mark.parametrize("block_agents", [1, 4, 8, 100])
def test_how_societies_share_blocks_changes_nothing(block_agents: int) -> None:
    one, other = (found([STAR, RING, RING], [1, 2, 3], block_agents=size) for size in (block_agents, 4))
    one.step(4)
    other.step(4)
    weights = [torch.cat([block.flat.detach() for block in societies.blocks]) for societies in (one, other)]
    torch.testing.assert_close(weights[0], weights[1])


@pytest.mark.parametrize(
    "options",
    [{}, {"game__kind": "discrimination", "game__candidates": 3, "referents__held_out": 0.0}],
    ids=["name", "pick"],
)
def test_success_is_what_every_pair_would_do_alone(options: dict[str, Any]) -> None:
    societies = found([STAR, RING], [4, 5], block_agents=4, **options)
    societies.step(20)
    referents = societies.game.referents.of("train")
    deal = societies.game.deal(referents, split="train", generator=RandomStreams(4).at("cross-play-train"))
    success = societies.success(referents)
    assert success.shape == (2, 4, 4)
    for society, block in enumerate(societies.blocks):
        said = block.say(torch.from_numpy(referents).expand(4, -1))
        for speaker in range(4):
            seen = None if deal.candidates is None else deal.candidates.expand(4, -1, -1)
            given = block.answer(said[speaker].expand(4, -1, -1), seen)
            for listener in range(4):
                right = societies.game.success(given[listener], deal.answers).double().mean()
                assert success[society, speaker, listener] == pytest.approx(float(right))
