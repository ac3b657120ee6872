"""Memories in a population: what they learn in a step, resume, blocks, and societies of two kinds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble
from hubbub.simulator.engine import SingleProcess
from hubbub.simulator.errors import ConfigurationError, StoreError
from hubbub.simulator.population import Population, Societies
from hubbub.simulator.population.mail import Feedback, Mail
from hubbub.simulator.population.play import play
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology

SMALL: dict[str, Any] = {
    "name": "small",
    "topology": {"kind": "ring", "n_agents": 6},
    "referents": {"kind": "symbolic", "attributes": 2, "values": 3, "held_out": 0.0},
    "channel": {"vocabulary": 5, "max_length": 3},
    "agent": {"kind": "associative", "load": 30},
    "training": {"games_per_step": 4, "pairing": "edge"},
    "engine": {"block_agents": 4},
}
NOISY = {"agent.noise": 0.2, "agent.forgetting": 0.05, "agent.self_talk": 0.2, "channel.noise": 0.1, "agent.load": 12}
MIXED = {
    "agent": {"kind": "gru", "hidden": 8, "embedding": 4},
    "others": {"first": 3, "agent": {"kind": "associative", "load": 12, "noise": 0.1}},
    "channel.estimator": "reinforce",
    "channel.entropy_bonus": 0.05,
    "engine.block_agents": 2,
}
PICK = {"game.kind": "discrimination", "game.candidates": 3}


def make(changes: dict[str, Any] | None = None, topology: Topology | None = None) -> Population:
    return assemble(load(SMALL, changes or {}), topology=topology)


def tensors(population: Population) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in population.state().tensors.items()}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("changes", [{}, NOISY, PICK, MIXED, {**MIXED, **PICK}], ids=range(5))
def test_a_loaded_state_goes_on_bit_for_bit(changes: dict[str, Any]) -> None:
    changes = {**changes, "turnover": {"every": 4}}
    whole, half, rest = make(changes), make(changes), make(changes)
    whole.step(7)
    half.step(3)
    rest.load(half.state())
    rest.step(4)
    assert same(tensors(whole), tensors(rest))
    assert whole.games == rest.games


def lexicon(population: Population, agent: int) -> dict[tuple[int, ...], float]:
    """Return what an agent keeps: (referent, symbols) → strength."""
    stacks = population.state().tensors
    n_features = population.game.referents.n_features
    kept = {}
    for pair, strength in zip(
        stacks["agents.memory.pairs"][agent], stacks["agents.memory.strengths"][agent], strict=True
    ):
        if strength > 0:
            features = (pair[:n_features] > 0).float().numpy()
            [referent] = np.flatnonzero((population.game.referents.features == features).all(1))
            bits = pair[n_features:].unflatten(0, (-1, population.channel.vocabulary))
            symbols = torch.where((bits != 0).any(-1), bits.argmax(-1), 0).tolist()
            assert (int(referent), *symbols) not in kept
            kept[(int(referent), *symbols)] = float(strength)
    return kept


@pytest.mark.parametrize("changes", [{}, PICK], ids=["name", "pick"])
def test_a_step_of_learning_against_a_plain_loop(changes: dict[str, Any]) -> None:
    """Naming game with lateral inhibition on dictionaries, agent after agent and game after game."""
    population = make({**changes, "agent.load": 400, "agent.forgetting": 0.1, "agent.plasticity": 0.4})
    agents: list[dict[tuple[int, ...], float]] = [{} for _ in range(6)]
    for step in range(6):
        exchanges = population._exchanges()
        mail, feedback = play(population.blocks, step, exchanges, 4, ranks=np.zeros(6, int), team=SingleProcess())
        population.now += 1
        games: list[list[tuple[tuple[int, ...], bool, bool]]] = [[] for _ in agents]
        for row, (speaker, listener) in enumerate(zip(mail.speakers, mail.listeners, strict=True)):
            for game in range(4):
                one = (int(mail.deal.objects[row, game]), *mail.messages[row, game].tolist())
                worked = bool(feedback.success[row, game])
                games[speaker].append((one, worked, False))
                games[listener].append((one, worked, True))
        for kept, played in zip(agents, games, strict=True):
            before = dict(kept)
            for pair in before:
                speaks_for = speaks_against = 0
                for used, worked, adopting in played:
                    if used == pair:
                        speaks_for += worked or adopting
                        speaks_against += not (worked or adopting)
                    elif worked and (used[0] == pair[0]) != (used[1:] == pair[1:]):
                        speaks_against += 1
                grown = 1 - (1 - before[pair]) * 0.6**speaks_for
                kept[pair] = grown * 0.6**speaks_against * (0.9 if played else 1.0)
            kept.update({used: 0.4 for used, _, _ in played if used not in before})
    for number, kept in enumerate(agents):
        stored = lexicon(population, number)
        assert stored.keys() == kept.keys() and len(kept) > 10
        assert [stored[pair] for pair in kept] == pytest.approx(list(kept.values()), rel=1e-4)
    assert max(max(kept.values()) for kept in agents) > 0.5


def test_a_full_memory_gives_up_its_weakest_pair() -> None:
    population = make({"agent.load": 3, "topology": {"kind": "complete", "n_agents": 2}, "agent.plasticity": 0.5})
    [block] = population.blocks
    block.tensors()["memory.strengths"][:] = torch.tensor([0.9, 0.1, 0.8])
    block._store(torch.tensor([[1, 4, 2, 2, 0]]))
    strengths = block.tensors()["memory.strengths"].tolist()
    assert strengths == [pytest.approx([0.9, 0.1, 0.8]), pytest.approx([0.9, 0.5, 0.8])]
    block._store(torch.tensor([[0, referent, 1, 1, 1] for referent in range(5)]))
    assert sorted(pair[0] for pair in lexicon(population, 0)) == [2, 3, 4]  # the latest


def test_newcomers_know_nothing() -> None:
    population = make({"turnover": {"every": 3, "agents": 2, "start": 3}})
    population.step(3)
    left = population._replace(population.turnover)  # type: ignore[arg-type]
    strengths = population.state().tensors["agents.memory.strengths"]
    gone = sorted(event["source"] for event in left)
    assert [agent for agent in range(6) if not strengths[agent].any()] == gone


@pytest.mark.parametrize("changes", [NOISY, {**NOISY, **PICK}], ids=["name", "pick"])
def test_a_society_does_what_it_would_do_in_other_blocks(changes: dict[str, Any]) -> None:
    parts = load(SMALL, changes).parts()  # type: ignore[attr-defined]
    ring = Topology.from_pairs(4, np.array([[0, 1], [1, 2], [2, 3], [0, 3]]))
    star = Topology.from_pairs(4, np.array([[0, 1], [0, 2], [0, 3]]))
    ends = []
    for size in (1, 8, 100):
        societies = Societies(
            [star, ring, ring], [RandomStreams(1), RandomStreams(2), RandomStreams(3)], parts=parts, block_agents=size
        )
        societies.step(5)
        ends.append(torch.cat([block.tensors()["memory.pairs"] for block in societies.blocks]))
    assert torch.equal(ends[0], ends[1])
    assert torch.equal(ends[0], ends[2])
    assert ends[0].any()


def test_noise_is_drawn_alike_however_mail_is_cut_into_portions() -> None:
    """All mail goes to one hub; its block hears it in portions of the block's size."""
    star = Topology.from_pairs(9, np.array([[0, leaf] for leaf in range(1, 9)]))
    population = make({**NOISY, "engine.block_agents": 9, "agent.self_talk": 0.0}, topology=star)
    [block] = population.blocks
    population.step(5)
    before = {name: tensor.clone() for name, tensor in block.tensors().items()}
    heard: list[Feedback] = []
    for size in (9, 2):
        block.load(before)
        mail = block.speak(5, population._exchanges(), 4).mail
        portions = [mail.portion(slice(start, start + size)) for start in range(0, len(mail.listeners), size)]
        heard.append(block._hear(5, mail, portions).feedback)
    assert torch.equal(heard[0].success, heard[1].success)
    torch.testing.assert_close(heard[0].log_likelihood, heard[1].log_likelihood)


@pytest.mark.parametrize("graph", ["ring", "complete"])
def test_memories_learn_to_talk(graph: str) -> None:
    population = make(
        {
            "topology": {"kind": graph, "n_agents": 16},
            "referents.values": 4,
            "channel": {"vocabulary": 16, "max_length": 4},
            "agent.load": 64,
            "training.games_per_step": 16,
            "engine.block_agents": None,
        }
    )
    population.step(120)
    success = population.lexicon().splits["train"].success
    linked = success[population.topology.sources, population.topology.targets]
    assert linked.mean() > 0.9
    assert np.diag(success).mean() > 0.95
    if graph == "ring":
        assert success.mean() < 0.8


def test_less_room_than_referents_is_too_little() -> None:
    population = make({"agent.load": 4, "topology": {"kind": "complete", "n_agents": 4}})
    population.step(150)
    assert population.lexicon().splits["train"].success.mean() < 0.5


def test_two_kinds_in_one_society_understand_each_other() -> None:
    changes = {
        **MIXED,
        "agent.hidden": 32,
        "others.first": 2,
        "others.agent.noise": 0.0,
        "topology": {"kind": "complete", "n_agents": 4},
        "referents.values": 2,
        "training": {"games_per_step": 32, "learning_rate": 0.01, "pairing": "node"},
    }
    population = make(changes)
    assert [(block.first, block.n, type(block).__name__) for block in population.blocks] == [
        (0, 2, "GradientBlock"),
        (2, 2, "AssociativeBlock"),
    ]
    population.step(250)
    assert population.lexicon().splits["train"].success.mean() > 0.8


def test_the_first_kind_does_not_notice_who_the_others_are_before_they_meet() -> None:
    mixed, alone = make(MIXED), make({**MIXED, "others": None})
    one, other = (population.state().tensors["agents.weights.emit"] for population in (mixed, alone))
    assert torch.equal(one[:2], other[:2])
    assert len(one) == 3
    assert mixed.state().tensors["agents.others.memory.pairs"].shape == (3, 12, 6 + 15)


def test_each_kind_talks_to_itself_as_it_does() -> None:
    changes = {**MIXED, "agent.self_talk": 0.0, "others.agent.self_talk": 1.0, "training.pairing": "node"}
    exchanges = make(changes)._exchanges()
    to_self = exchanges.speakers == exchanges.listeners
    assert np.array_equal(to_self, exchanges.speakers >= 3)


def test_a_state_of_another_kind_is_refused() -> None:
    with pytest.raises(StoreError, match="belongs to another configuration"):
        make(MIXED).load(make().state())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"agent.load": 0}, r"agent\.load: expected greater than or equal to 1, got 0"),
        ({"agent.lode": 3}, r"agent\.lode: .*did you mean 'load'"),
        ({"agent.noise": 0.7}, r"agent\.noise: expected less than or equal to 0.5"),
        ({"agent.noise": 0.1, "agent.relaxations": 1}, r"agent\.relaxations: expected at least 2 with agent\.noise"),
        ({"engine.compile": True}, r"engine\.compile: expected false with associative agents"),
        ({**MIXED, "channel.estimator": "gumbel"}, r"channel\.estimator: expected 'reinforce' with others.*'gumbel'"),
        ({**MIXED, "others.first": 6}, r"others\.first: expected less than 6, the number of agents, got 6"),
        ({**MIXED, "others.agent.kind": "asociative"}, r"others\.agent\.kind: .*did you mean 'associative'"),
        ({**MIXED, "others.firts": 2}, r"others\.firts: .*did you mean 'first'"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        make(changes)


def test_channel_noise_is_what_the_listener_learns_from() -> None:
    population = make({"channel.noise": 1.0, "agent.load": 400})
    ranks = np.zeros(population.topology.n_agents, int)
    mail: Mail
    mail, _ = play(population.blocks, 0, population._exchanges(), 4, ranks=ranks, team=SingleProcess())
    for row, listener in enumerate(mail.listeners):
        for game in range(4):
            heard = (int(mail.deal.objects[row, game]), *mail.messages[row, game].tolist())
            assert heard in lexicon(population, int(listener))
