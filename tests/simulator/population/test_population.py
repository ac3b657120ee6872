"""The population as a system: its step, its cross-play, its state."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch

from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble
from hubbub.simulator.engine import Records
from hubbub.simulator.errors import HubbubError
from hubbub.simulator.pairing import Exchanges
from hubbub.simulator.population import Population
from hubbub.simulator.topology import Topology

SMALL = {
    "name": "small",
    "topology": {"kind": "ring", "n_agents": 6, "neighbours": 1},
    "referents": {"kind": "symbolic", "attributes": 2, "values": 3},
    "channel": {"vocabulary": 5, "max_length": 3},
    "agent": {"kind": "gru", "hidden": 8, "embedding": 4},
    "training": {"games_per_step": 4, "learning_rate": 0.01},
    "engine": {"block_agents": 4},
}


def make(*, topology: Topology | None = None, **overrides: Any) -> Population:
    dotted = {name.replace("__", "."): value for name, value in overrides.items()}
    return assemble(load(SMALL, dotted), topology=topology)


def tensors(population: Population) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in population.state().tensors.items()}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("kernel", ["fused", "autograd"])
@pytest.mark.parametrize("estimator", ["gumbel", "reinforce"])
@pytest.mark.parametrize("pairing", ["edge", "node", "matching", "all-links"])
def test_a_loaded_state_goes_on_bit_for_bit(kernel: str, estimator: str, pairing: str) -> None:
    options = {"channel__estimator": estimator, "training__pairing": pairing, "channel__noise": 0.1}
    options["engine__kernel"] = kernel
    whole, half = make(**options), make(**options)
    whole.step(6)
    half.step(3)
    rest = make(**options)
    rest.load(half.state())
    rest.step(3)
    assert same(tensors(whole), tensors(rest))
    assert (whole.now, whole.games) == (rest.now, rest.games)


@pytest.mark.parametrize("kernel", ["fused", "autograd"])
def test_shared_first_weights_are_those_of_the_first_agent_in_every_block(kernel: str) -> None:
    own, shared = (tensors(make(training__first_weights=how, engine__kernel=kernel)) for how in ("own", "shared"))
    for name, values in shared.items():
        if name.startswith("agents.weights."):
            assert torch.equal(values, own[name][:1].expand_as(values)), name
            assert not torch.equal(own[name][0], own[name][-1])


def test_an_intervention_changes_self_talk_from_its_step_on() -> None:
    changes = [{"at": 5, "self_talk": 0.0}, {"at": 3, "self_talk": 1.0}]
    made, plain = make(agent__self_talk=0.0, interventions=changes), make(agent__self_talk=0.0)
    heard: list[Exchanges] = []
    for population in (made, plain):
        play = population._play
        population._play = lambda exchanges, play=play: (heard.append(exchanges), play(exchanges))  # type: ignore
        population.step(7)
    to_self = [(exchanges.speakers == exchanges.listeners).mean() for exchanges in heard]
    assert to_self[:7] == [0, 0, 0, 1, 1, 0, 0] and to_self[7:] == [0] * 7
    for one, other in zip(heard[:3] + heard[5:7], heard[7:10] + heard[12:], strict=True):
        assert (one.listeners == other.listeners).all()  # who would have been the partner is drawn as without it


def rows(happened: Records) -> list[dict[str, Any]]:
    columns = happened["events"]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def test_a_rewired_graph_is_part_of_the_state() -> None:
    rule = [{"every": 2, "rule": {"kind": "random-rewire", "probability": 0.5}}]
    whole, half = make(rewiring=rule), make(rewiring=rule)
    events = rows(whole.step(6))
    early = rows(half.step(3))
    rest = make(rewiring=rule)
    rest.load(half.state())
    late = rows(rest.step(3))
    assert same(tensors(whole), tensors(rest))
    assert events == early + late
    assert {event["step"] for event in events} == {3, 5}
    links = {tuple(pair) for pair in np.column_stack([make().topology.sources, make().topology.targets]).tolist()}
    for event in events:
        pair = (event["source"], event["target"])
        (links.remove if event["kind"] == "edge-removed" else links.add)(pair)
    assert sorted(links) == list(zip(whole.topology.sources.tolist(), whole.topology.targets.tolist(), strict=True))


@pytest.mark.parametrize("estimator", ["gumbel", "reinforce"])
def test_the_same_bits_also_with_two_threads(estimator: str) -> None:
    """A star, whose hub gets many gradients in one step, and tensors large enough to be split between threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        ends = []
        for _ in range(3):
            star = Topology.from_networkx(nx.star_graph(63))
            population = make(
                topology=star, agent__hidden=64, training__games_per_step=32, channel__estimator=estimator
            )
            population.step(3)
            ends.append(tensors(population))
    finally:
        torch.set_num_threads(before)
    assert same(ends[0], ends[1])
    assert same(ends[0], ends[2])


def test_what_is_recorded_does_not_change_what_a_rewiring_rule_is_told() -> None:
    rule = [{"every": 2, "rule": {"kind": "prefer-understood", "probability": 0.9}}]
    few, many = (make(rewiring=rule, recording__referents=most, training__learning_rate=0.05) for most in (1, 50))
    assert rows(few.step(9)) == rows(many.step(9)) != []


def test_observing_changes_nothing() -> None:
    seen, unseen = make(), make()
    for _ in range(3):
        seen.step(1)
        seen.observe(closely=True)
        unseen.step(1)
    assert same(tensors(seen), tensors(unseen))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"channel__estimator": "reinforce"},
        {"engine__kernel": "autograd"},
        {"agent": {"kind": "associative", "load": 20, "noise": 0.1}},
    ],
    ids=["gumbel", "reinforce", "autograd", "associative"],
)
def test_the_parts_of_a_step_leave_nothing_in_the_block(changes: dict[str, Any]) -> None:
    """What learning uses is handed to it, so whatever is said and heard in between changes nothing."""
    ends = []
    for others_in_between in (False, True):
        [block] = make(engine__block_agents=6, channel__noise=0.2, **changes).blocks
        first, second = (Exchanges(np.arange(6), np.roll(np.arange(6), shift)) for shift in (1, 2))
        before = {name: tensor.clone() for name, tensor in block.tensors().items()}
        spoken = block.speak(0, first, 4)
        if others_in_between:
            block.listen(1, block.speak(1, second, 4).mail)
        heard = block.listen(0, spoken.mail)
        if others_in_between:
            block.listen(1, block.speak(1, second, 4).mail)
        assert same(before, block.tensors())
        block.learn(spoken, heard, heard.feedback)
        assert not same(before, block.tensors())
        ends.append(block.tensors())
    assert same(*ends)


def one_step_gradients(population: Population) -> list[torch.Tensor]:
    """Return the gradients of the first step of a population: after it, the first moments are a tenth of them."""
    population.step(1)
    return [10 * block.optimiser.first_moment for block in population.blocks]


@pytest.mark.parametrize("kernel", ["fused", "autograd"])
@pytest.mark.parametrize("coupling", ["tied", "separate"])
@pytest.mark.parametrize("topology", ["ring", "star"])
def test_the_three_parts_of_a_step_add_up_to_the_gradient_of_one_loss(
    kernel: str, coupling: str, topology: str
) -> None:
    """Speak, listen and learn, over blocks and in portions, against one graph per exchange; a star has a hub."""
    n = 9
    graph = Topology.from_networkx(nx.star_graph(n - 1) if topology == "star" else nx.cycle_graph(n))
    options = {
        "agent__coupling": coupling,
        "channel__entropy_bonus": 0.05,
        "channel__length_cost": 0.02,
        "channel__temperature": 1.5,
    }
    population = make(topology=graph, engine__kernel=kernel, **options)
    for block in population.blocks:
        block.flat.requires_grad_()
    exchanges = population._exchanges()
    expected = [torch.zeros_like(block.flat) for block in population.blocks]
    for number, block in enumerate(population.blocks):
        own = block.owns(exchanges.speakers)
        m = int(own.sum())
        deal = population.game.draw((m, 4), split="train", generator=population.rng.at("deal", 0, number))
        noise = population.rng.gumbel((3, m, 4, 5), block.device, "symbols", 0, number)
        features = torch.from_numpy(population.game.referents.features)
        for row, (speaker, listener) in enumerate(zip(exchanges.speakers[own], exchanges.listeners[own], strict=True)):
            hearer = next(other for other in population.blocks if other.owns(np.array([listener]))[0])
            one = slice(row, row + 1)
            speech = population.kind.speak(
                block.weights(np.array([speaker])), features[deal.objects[one]], noise=noise[:, one]
            )
            scores = population.kind.listen(
                hearer.weights(np.array([listener])), speech.messages, None, relaxed=speech.relaxed
            )
            assert speech.relaxed is not None and speech.entropy is not None
            goes_on = torch.cumprod(1 - speech.relaxed[..., 0], dim=-1)[..., :-1].sum(-1)
            loss = -population.game.log_likelihood(scores, deal.answers[one]) + 0.02 * goes_on - 0.05 * speech.entropy
            for total, gradient in zip(
                expected,
                torch.autograd.grad(loss.mean(), [b.flat for b in population.blocks], materialize_grads=True),
                strict=True,
            ):
                total += gradient
    for block in population.blocks:
        block.flat.requires_grad_(kernel == "autograd")
    for got, wanted in zip(one_step_gradients(population), expected, strict=True):
        torch.testing.assert_close(got, wanted)
        assert wanted.abs().max() > 0


def test_reinforce_follows_the_gradient_of_the_expected_reward() -> None:
    """Averaged over many games, the estimate meets the exact gradient, taken by enumerating all messages."""
    games = 40_000
    population = make(
        topology=Topology(2, np.array([0]), np.array([1])),
        channel__estimator="reinforce",
        channel__vocabulary=3,
        channel__max_length=2,
        engine__kernel="autograd",
        referents__attributes=1,
        referents__values=2,
        referents__held_out=0.0,
        agent__coupling="separate",
        agent__self_talk=0.0,
        training__games_per_step=games,
    )
    block = population.blocks[0]
    weights = block.weights(np.array([0]))
    listener = {name: value.detach() for name, value in block.weights(np.array([1])).items()}
    features = torch.from_numpy(population.game.referents.features)
    everything = torch.tensor([[0, 0], [1, 0], [1, 1], [1, 2], [2, 0], [2, 1], [2, 2]])
    rewards, log_p = [], []
    for referent in range(2):
        answers = torch.full((1, 7, 1), referent)
        scores = population.kind.listen(listener, everything.unsqueeze(0), None, relaxed=None)
        rewards.append(population.game.log_likelihood(scores, answers)[0])
        forced = 1e9 * torch.nn.functional.one_hot(everything, 3).float().permute(1, 0, 2).unsqueeze(1)
        speech = population.kind.speak(weights, features[torch.full((1, 7), referent)], noise=forced)
        assert speech.log_probability is not None
        log_p.append(speech.log_probability[0])
    reward, log_probability = torch.stack(rewards), torch.stack(log_p)
    p = log_probability.detach().exp() / 2
    assert float(p.sum()) == pytest.approx(1.0, abs=1e-5)
    mean = (p * reward).sum()
    spread = ((p * (reward - mean) ** 2).sum()).sqrt()
    exact = torch.autograd.grad(-(p * (reward - mean) / spread * log_probability).sum(), block.flat)[0][0]
    got = one_step_gradients(population)[0][0]
    cosine = torch.nn.functional.cosine_similarity(got, exact, dim=0)
    assert float(cosine) > 0.99
    assert float(got.norm() / exact.norm()) == pytest.approx(1.0, abs=0.1)


def test_symbols_that_noise_replaced_carry_no_gradient() -> None:
    options = {"agent__coupling": "separate", "channel__end_symbol": False, "channel__vocabulary": 500}
    noisy, clear = make(channel__noise=1.0, **options), make(**options)
    emit = slice(*_place(noisy, "emit"))
    reached = [float(one_step_gradients(each)[0][:, emit].abs().sum()) for each in (noisy, clear)]
    assert reached[0] < 0.02 * reached[1]  # a replacement may by chance be the symbol that was sent


def _place(population: Population, name: str) -> tuple[int, int]:
    start = 0
    for other, shape in population.kind.layout.items():
        size = int(np.prod(shape))
        if other == name:
            return start, start + size
        start += size
    raise KeyError(name)


def test_one_more_metric_or_agent_in_another_block_changes_no_draw() -> None:
    few = make(topology=Topology.from_networkx(nx.cycle_graph(4)))
    more = make(topology=Topology.from_networkx(nx.disjoint_union(nx.cycle_graph(4), nx.cycle_graph(4))))
    assert torch.equal(few.blocks[0].flat, more.blocks[0].flat)


def test_weights_that_are_no_longer_finite_end_the_run_with_a_reason() -> None:
    population = make()
    with torch.no_grad():
        population.blocks[1].flat[0, 0] = float("nan")
    with pytest.raises(HubbubError, match=r"diverged before step 0.*learning_rate"):
        population.observe(closely=True)
    with pytest.raises(HubbubError, match="diverged"):
        population.state()


@pytest.mark.parametrize("estimator", ["gumbel", "reinforce"])
def test_a_small_population_learns_to_talk(estimator: str) -> None:
    population = make(
        topology__kind="complete",
        topology__n_agents=4,
        referents__values=2,
        referents__held_out=0.0,
        agent__hidden=32,
        agent__embedding=16,
        channel__estimator=estimator,
        channel__entropy_bonus=0.05,
        training__games_per_step=32,
    )
    before = population.lexicon().splits["train"].success.mean()
    population.step(400)
    assert before < 0.5
    assert population.lexicon().splits["train"].success.mean() > 0.9
