"""Associative agents: the stacked memory against plain loops, and cases by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from hubbub.simulator.agents.associative import Associative
from hubbub.simulator.channel import Channel
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games.discrimination import Discrimination
from hubbub.simulator.games.reconstruction import Reconstruction
from hubbub.simulator.games.referents import Referents
from hubbub.simulator.games.referents.symbolic import symbolic

CHANNEL = Channel(vocabulary=4, max_length=3)


def referents(attributes: int = 2, values: int = 3) -> Referents:
    return symbolic(attributes=attributes, values=values, held_out=0.0, generator=np.random.default_rng(0))


def kind(channel: Channel = CHANNEL, **options: Any) -> Associative:
    return Associative(game=Reconstruction(referents=referents()), channel=channel, **options)


def memory(of: Associative, pairs: list[tuple[int, list[int], float]]) -> dict[str, torch.Tensor]:
    """Return one agent's memory of pairs (referent, symbols, strength)."""
    weights = {name: torch.from_numpy(new) for name, new in of.initialise(np.random.default_rng(0), 1).items()}
    features = torch.from_numpy(of.game.referents.features)
    for place, (referent, symbols, strength) in enumerate(pairs):
        halves = of.referent_code(features[referent]), of.message_code(torch.tensor(symbols))
        weights["pairs"][0, place] = torch.cat(halves)
        weights["strengths"][0, place] = strength
    return weights


def features(of: Associative, objects: list[int]) -> torch.Tensor:
    return torch.from_numpy(of.game.referents.features)[torch.tensor([objects])]


def test_codes() -> None:
    agents = kind()
    assert agents.referent_code(features(agents, [1])[0, 0]).tolist() == [1, -1, -1, -1, 1, -1]
    assert agents.message_code(torch.tensor([2, 0, 0])).tolist() == [-1, -1, 1, -1, 1, -1, -1, -1, 0, 0, 0, 0]


def test_a_pair_is_read_in_both_directions() -> None:
    agents = kind(load=4)
    weights = memory(agents, [(0, [1, 2, 3], 0.5), (4, [3, 0, 0], 0.5), (8, [2, 2, 0], 0.5)])
    said = agents.speak(weights, features(agents, [0, 4, 8]), noise=None)
    assert said.messages.tolist() == [[[1, 2, 3], [3, 0, 0], [2, 2, 0]]]
    assert said.lengths.tolist() == [[3, 2, 3]]
    scores = agents.listen(weights, said.messages, None, relaxed=None)
    assert agents.game.answer(scores).tolist() == [[[0, 0], [1, 1], [2, 2]]]
    assert bool((agents.game.log_likelihood(scores, torch.tensor([[[0, 0], [1, 1], [2, 2]]])) > math.log(0.5)).all())


def test_of_two_synonyms_the_stronger_is_said_and_both_are_understood() -> None:
    agents = kind(load=2)
    weights = memory(agents, [(0, [1, 1, 1], 0.2), (0, [2, 3, 0], 0.3)])
    assert agents.speak(weights, features(agents, [0]), noise=None).messages.tolist() == [[[2, 3, 0]]]
    heard = torch.tensor([[[1, 1, 1], [2, 3, 0]]])
    assert agents.game.answer(agents.listen(weights, heard, None, relaxed=None)).tolist() == [[[0, 0], [0, 0]]]


def test_who_knows_nothing_invents_and_who_knows_does_not() -> None:
    agents = kind(load=2, inverse_temperature=4.0)
    draws = torch.from_numpy(np.random.default_rng(1).gumbel(size=(3, 1, 200, 4)))
    nothing = memory(agents, [])
    invented = agents.speak(nothing, features(agents, [0] * 200), noise=draws).messages
    assert torch.equal(invented, CHANNEL.pad(draws.argmax(-1).movedim(0, -1)))
    first = np.bincount(invented[0, :, 0].numpy(), minlength=4)
    assert first.min() > 30
    knows = memory(agents, [(0, [1, 2, 3], 1.0)])
    said = agents.speak(knows, features(agents, [0, 0, 8, 8]), noise=draws[:, :, :4]).messages[0]
    assert said[:2].tolist() == [[1, 2, 3]] * 2
    assert said[2:].tolist() == invented[0, 2:4].tolist()
    assert agents.speak(knows, features(agents, [8]), noise=None).messages.tolist() == [[[1, 2, 3]]]


def plain(
    of: Associative,
    known: np.ndarray,
    sought: np.ndarray,
    strengths: np.ndarray,
    clamped: np.ndarray,
    new: np.ndarray,
    flips: np.ndarray | None,
) -> np.ndarray:
    """Return the field of one memory for one clamped half, pair after pair."""
    free, field = np.zeros(sought.shape[1]), np.zeros(sought.shape[1])
    for turn in range(of.relaxations):
        if turn:
            free = np.sign(field)
            if flips is not None:
                free = np.where(flips[turn - 1], -free, free)
        weights = [
            strength * math.exp(of.inverse_temperature * float(one @ clamped + other @ free))
            for one, other, strength in zip(known, sought, strengths, strict=True)
        ]
        doubt = np.count_nonzero(clamped) - 2 * of.tolerance
        weights.append(math.exp(of.inverse_temperature * float(doubt + new @ free)))
        field = sum(w * half for w, half in zip(weights, [*sought, new], strict=True)) / sum(weights)
    return field


@pytest.mark.parametrize("options", [{}, {"relaxations": 3, "noise": 0.2, "tolerance": 2}, {"relaxations": 1}])
def test_the_stack_does_what_plain_loops_do(options: dict[str, Any]) -> None:
    agents = kind(load=7, inverse_temperature=0.2, **options)
    rng = np.random.default_rng(5)
    f, b = agents.sizes
    n, g = 3, 4
    weights = {"pairs": [], "strengths": []}
    for _ in range(n):
        stored = [(int(rng.integers(9)), rng.integers(4, size=3).tolist(), rng.random()) for _ in range(5)]
        stored = [(o, CHANNEL.pad(torch.tensor(m)).tolist(), s) for o, m, s in stored]
        for name, stack in memory(agents, stored).items():
            weights[name].append(stack)
    stacked = {name: torch.cat(parts) for name, parts in weights.items()}
    objects = rng.integers(9, size=(n, g))
    seen = torch.from_numpy(agents.game.referents.features)[torch.from_numpy(objects)]
    heard = CHANNEL.pad(torch.from_numpy(rng.integers(4, size=(n, g, 3))))
    draws = torch.from_numpy(rng.gumbel(size=(3, n, g, 4)))
    flips = {size: torch.from_numpy(rng.random((agents.relaxations - 1, n, g, size)) < 0.2) for size in (f, b)}
    said = agents.speak(stacked, seen, noise=draws, flips=flips[b]).messages
    scores = agents.listen(stacked, heard, None, relaxed=None, flips=flips[f])
    new = agents.message_code(CHANNEL.pad(draws.argmax(-1).movedim(0, -1))).numpy()
    pairs, strengths = (stacked[name].double().numpy() for name in ("pairs", "strengths"))
    for m in range(n):
        for game in range(g):
            spoken = plain(
                agents,
                pairs[m, :, :f],
                pairs[m, :, f:],
                strengths[m],
                agents.referent_code(seen[m, game]).numpy(),
                new[m, game],
                flips[b][:, m, game].numpy(),
            )
            symbols = CHANNEL.pad(torch.from_numpy(spoken.reshape(3, 4).argmax(1)))
            assert said[m, game].tolist() == symbols.tolist()
            understood = plain(
                agents,
                pairs[m, :, f:],
                pairs[m, :, :f],
                strengths[m],
                agents.message_code(heard[m, game]).numpy(),
                np.zeros(f),
                flips[f][:, m, game].numpy(),
            )
            np.testing.assert_allclose(
                scores[m, game].exp(), np.maximum((1 + understood) / 2, 1e-6), rtol=2e-3, atol=1e-5
            )


def test_cross_play_reads_as_listening_does() -> None:
    for game in (Reconstruction(referents=referents()), Discrimination(referents=referents(), candidates=3)):
        agents = Associative(game=game, channel=CHANNEL, load=6)
        one = memory(agents, [(0, [1, 2, 3], 0.5), (4, [3, 0, 0], 0.9)])
        two = memory(agents, [(7, [1, 1, 0], 0.5), (2, [1, 2, 3], 0.9)])
        weights = {name: torch.cat([one[name], two[name]]) for name in one}
        messages = torch.tensor([[1, 2, 3], [3, 0, 0], [1, 1, 0]])
        objects = torch.tensor([[0, 4, 2], [8, 4, 1], [7, 2, 5]])
        candidates = torch.from_numpy(game.referents.features)[objects].expand(2, -1, -1, -1)
        seen = candidates if game.n_candidates else None
        heard = agents.listen(weights, messages.expand(2, -1, -1), seen, relaxed=None)
        read = agents.score(weights, agents.understand(weights, messages), seen)
        assert torch.equal(heard, read)
        if game.n_candidates:
            assert game.answer(heard)[[0, 0, 1, 1], [0, 1, 0, 2]].tolist() == [0, 1, 2, 0]


def test_noise_turns_a_message_into_a_rival() -> None:
    """All bits of the free half flipped: the memory goes to the pair that is least like the right one."""
    agents = kind(load=2, relaxations=2, noise=0.5)
    weights = memory(agents, [(0, [1, 1, 1], 0.5), (1, [2, 2, 2], 0.5)])
    flips = torch.ones(1, 1, 1, agents.sizes[1], dtype=torch.bool)
    still = torch.zeros_like(flips)
    said = [agents.speak(weights, features(agents, [0]), noise=None, flips=bits).messages for bits in (still, flips)]
    assert [messages.tolist() for messages in said] == [[[[1, 1, 1]]], [[[2, 2, 2]]]]


@pytest.mark.parametrize("end_symbol", [True, False])
def test_the_end_symbol_rule_is_the_channels(end_symbol: bool) -> None:
    channel = Channel(vocabulary=4, max_length=3, end_symbol=end_symbol)
    agents = kind(channel, load=2)
    weights = memory(agents, [(0, [0, 2, 3] if not end_symbol else [0, 0, 0], 0.5)])
    said = agents.speak(weights, features(agents, [0]), noise=None)
    assert said.messages.tolist() == [[[0, 0, 0] if end_symbol else [0, 2, 3]]]
    assert said.lengths.tolist() == [[1 if end_symbol else 3]]


def test_what_it_cannot_do_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"^relaxations: expected at least 2 with agent\.noise.*got 1"):
        kind(noise=0.1, relaxations=1)
    pictures = Referents(np.ones((4, 5), np.float32), np.arange(4)[:, None], 4, ("class",), np.arange(4), np.arange(0))
    with pytest.raises(ConfigurationError, match=r"^referents: .*1 x 4 attribute values.*got 5.*discrimination"):
        Associative(game=Reconstruction(referents=pictures), channel=CHANNEL)
    Associative(game=Discrimination(referents=pictures, candidates=3), channel=CHANNEL)
