"""The stacked GRU against torch's own cell, the message rule, and the estimators' ingredients."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hubbub.simulator.agents import gru
from hubbub.simulator.agents.gru import GRU, _recur, _renew
from hubbub.simulator.channel import Channel
from hubbub.simulator.games import Game, game
from hubbub.simulator.games.referents import referents
from hubbub.simulator.randomness import RandomStreams

N, G = 3, 7


def make_game(kind: str = "reconstruction", **options: object) -> Game:
    things = referents.call(
        "symbolic", {"attributes": 2, "values": 3, "held_out": 0.0}, generator=np.random.default_rng(0)
    )
    made: Game = game.call(kind, dict(options), referents=things)
    return made


def make(
    coupling: str = "tied", kind: str = "reconstruction", **channel: object
) -> tuple[GRU, dict[str, torch.Tensor]]:
    options = {"candidates": 3} if kind == "discrimination" else {}
    agents = GRU(
        hidden=8,
        embedding=5,
        coupling=coupling,  # type: ignore[arg-type]
        game=make_game(kind, **options),
        channel=Channel(**{"vocabulary": 6, "max_length": 4, **channel}),  # type: ignore[arg-type]
    )
    weights = agents.initialise(np.random.default_rng(1), N)
    return agents, {name: torch.from_numpy(value) for name, value in weights.items()}


def objects(agents: GRU) -> torch.Tensor:
    features = torch.from_numpy(agents.game.referents.features)
    return features[torch.arange(N * G).view(N, G) % len(features)]


def reference_cell(weights: dict[str, torch.Tensor], agent: int, prefix: str = "") -> torch.nn.GRUCell:
    """Return torch's cell with the weights of one agent."""
    inputs, recurrent = weights[prefix + "inputs"][agent], weights[prefix + "recurrent"][agent]
    cell = torch.nn.GRUCell(*inputs.shape[:1], recurrent.shape[0])
    with torch.no_grad():
        cell.weight_ih.copy_(inputs.T)
        cell.weight_hh.copy_(recurrent.T)
        cell.bias_ih.copy_(weights[prefix + "inputs_bias"][agent, 0])
        cell.bias_hh.zero_()
        cell.bias_hh[-recurrent.shape[0] :] = weights[prefix + "candidate_bias"][agent, 0]
    return cell


@pytest.mark.parametrize("end_symbol", [True, False])
def test_greedy_speech_is_that_of_a_loop_over_torch_cells(end_symbol: bool) -> None:
    agents, weights = make(end_symbol=end_symbol)
    seen = objects(agents)
    speech = agents.speak(weights, seen, noise=None)
    for agent in range(N):
        cell = reference_cell(weights, agent)
        for number in range(G):
            state = torch.tanh(seen[agent, number] @ weights["objects"][agent] + weights["objects_bias"][agent, 0])
            symbol, said = agents.channel.vocabulary, []
            for _ in range(agents.channel.max_length):
                state = cell(weights["symbols"][agent, symbol], state)
                symbol = int((state @ weights["emit"][agent] + weights["emit_bias"][agent, 0]).argmax())
                said.append(symbol)
                if end_symbol and symbol == 0:
                    break
            length = int(speech.lengths[agent, number])
            assert speech.messages[agent, number, :length].tolist() == said
            assert speech.messages[agent, number, length:].eq(0).all()


@pytest.mark.parametrize("coupling", ["tied", "separate"])
def test_listening_is_that_of_a_loop_over_torch_cells(coupling: str) -> None:
    agents, weights = make(coupling)
    messages = torch.from_numpy(np.random.default_rng(2).integers(6, size=(N, G, 4)))
    scores = agents.listen(weights, messages, None, relaxed=None)
    prefix = "" if coupling == "tied" else "listener_"
    for agent in range(N):
        cell = reference_cell(weights, agent, prefix)
        for number in range(G):
            state = torch.zeros(8)
            for symbol in messages[agent, number].tolist():
                state = cell(weights[prefix + "symbols"][agent, symbol], state)
                if symbol == 0:
                    break
            expected = state @ weights["name"][agent] + weights["name_bias"][agent, 0]
            torch.testing.assert_close(scores[agent, number], expected)


def test_candidates_are_scored_by_the_inner_product_with_what_is_understood() -> None:
    agents, weights = make(kind="discrimination")
    assert "name" not in agents.layout
    messages = torch.tensor([[[2, 3, 0, 0]]]).expand(N, 1, -1)
    candidates = torch.from_numpy(agents.game.referents.features)[torch.tensor([[[0, 4, 5]]])].expand(N, -1, -1, -1)
    scores = agents.listen(weights, messages, candidates, relaxed=None)
    cell = reference_cell(weights, 1)
    state = torch.zeros(8)
    for symbol in (2, 3, 0):
        state = cell(weights["symbols"][1, symbol], state)
    eyes = torch.tanh(candidates[1, 0] @ weights["objects"][1] + weights["objects_bias"][1])
    torch.testing.assert_close(scores[1, 0], eyes @ state)


@settings(max_examples=25, deadline=None)
@given(
    coupling=st.sampled_from(["tied", "separate"]),
    end_symbol=st.booleans(),
    messages=arrays(np.int64, st.tuples(st.integers(1, 12), st.just(4)), elements=st.integers(0, 2)),
    ordered=st.booleans(),
)
def test_what_is_read_together_is_understood_as_if_read_alone(
    coupling: str, end_symbol: bool, messages: np.ndarray, ordered: bool
) -> None:
    agents, weights = make(coupling, end_symbol=end_symbol)
    heard = agents.channel.pad(torch.from_numpy(messages))
    heard = heard.unique(dim=0) if ordered else heard
    understood = agents.understand(weights, heard)
    expected = agents.listen(weights, heard.expand(N, -1, -1), None, relaxed=None)
    torch.testing.assert_close(agents.score(weights, understood, None), expected)


def test_beginnings_that_messages_share_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    agents, weights = make()
    followed, read = [], []

    def recur(state: torch.Tensor, *rest: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        followed.append(state.shape[1])
        return _recur(state, *rest)

    def renew(gates: torch.Tensor, *rest: torch.Tensor) -> torch.Tensor:
        read.append(gates.shape[1])
        return _renew(gates, *rest)

    monkeypatch.setattr(gru, "_recur", recur)
    monkeypatch.setattr(gru, "_renew", renew)
    agents.understand(
        weights, torch.tensor([[0, 0, 0, 0], [1, 0, 0, 0], [1, 2, 0, 0], [1, 2, 3, 4], [1, 2, 3, 5], [2, 0, 0, 0]])
    )
    assert read == [3, 3, 2, 2]
    assert followed == [1, 2, 1, 1]


@pytest.mark.parametrize("coupling", ["tied", "separate"])
def test_candidates_that_all_games_share_are_scored_like_others(coupling: str) -> None:
    agents, weights = make(coupling, kind="discrimination")
    understood = torch.from_numpy(np.random.default_rng(3).standard_normal((N, G, 8), dtype=np.float32))
    shared = torch.from_numpy(agents.game.referents.features)[torch.tensor([[[0, 4, 5]]])].expand(N, -1, -1, -1)
    torch.testing.assert_close(
        agents.score(weights, understood, shared), agents.score(weights, understood, shared.expand(-1, G, -1, -1))
    )


def test_relaxed_and_plain_messages_are_heard_alike_and_padding_carries_no_gradient() -> None:
    agents, weights = make()
    messages = torch.tensor([[[2, 3, 0, 0]], [[0, 0, 0, 0]], [[1, 5, 4, 2]]])
    alive = agents.channel.alive(messages)
    relaxed = (torch.nn.functional.one_hot(messages, 6).float() * alive.unsqueeze(-1)).requires_grad_()
    scores = agents.listen(weights, messages, None, relaxed=relaxed)
    torch.testing.assert_close(scores, agents.listen(weights, messages, None, relaxed=None))
    scores.square().sum().backward()
    assert relaxed.grad is not None
    carries = relaxed.grad.abs().sum(-1) > 0
    assert carries.tolist() == alive.tolist()


def test_sampled_symbols_follow_the_softmax_and_their_log_probability_is_exact() -> None:
    agents, weights = make(max_length=2, estimator="reinforce", vocabulary=3)
    games = 20_000
    seen = objects(agents)[:, :1].expand(-1, games, -1)
    noise = RandomStreams(0).gumbel((2, N, games, 3), torch.device("cpu"), "test")
    speech = agents.speak(weights, seen, noise=noise)
    assert speech.log_probability is not None and speech.entropy is not None
    total = torch.zeros(N)
    for message in ([0, 0], [1, 0], [1, 1], [1, 2], [2, 0], [2, 1], [2, 2]):
        here = (speech.messages == torch.tensor(message)).all(-1)
        frequency = here.float().mean(1)
        for agent in range(N):
            probability = speech.log_probability[agent][here[agent]].exp()
            torch.testing.assert_close(probability, probability[:1].expand_as(probability))
            assert abs(float(frequency[agent] - probability[0])) < 4 * (0.25 / games) ** 0.5
            total[agent] += probability[0]
    torch.testing.assert_close(total, torch.ones(N))


def test_relaxed_speech_has_the_symbols_as_values_and_the_softmax_as_gradient() -> None:
    agents, weights = make(temperature=2.0)
    leaf = weights["emit_bias"].clone().requires_grad_()
    noise = RandomStreams(1).gumbel((4, N, G, 6), torch.device("cpu"), "test")
    speech = agents.speak({**weights, "emit_bias": leaf}, objects(agents), noise=noise)
    assert speech.relaxed is not None
    alive = agents.channel.alive(speech.messages)
    one_hot = torch.nn.functional.one_hot(speech.messages, 6) * alive.unsqueeze(-1)
    torch.testing.assert_close(speech.relaxed.detach(), one_hot.float())
    (gradient,) = torch.autograd.grad(speech.relaxed[:, :, 0, 3].sum(), leaf)
    first = agents.speak(weights, objects(agents), noise=torch.zeros_like(noise))
    assert first.relaxed is not None
    soft = torch.softmax((first_logits(agents, weights) + noise[0]) / 2.0, dim=-1)
    expected = (soft[..., 3:4] * (torch.eye(6)[3] - soft)).sum(1) / 2.0
    torch.testing.assert_close(gradient[:, 0], expected)


def first_logits(agents: GRU, weights: dict[str, torch.Tensor]) -> torch.Tensor:
    logits = torch.empty(N, G, 6)
    for agent in range(N):
        cell = reference_cell(weights, agent)
        state = torch.tanh(objects(agents)[agent] @ weights["objects"][agent] + weights["objects_bias"][agent])
        state = cell(weights["symbols"][agent, 6].expand(G, -1), state)
        logits[agent] = state @ weights["emit"][agent] + weights["emit_bias"][agent]
    return logits.detach()


def test_one_more_agent_changes_nobody_elses_start() -> None:
    agents, _ = make()
    few = agents.initialise(np.random.default_rng(1), 3)
    more = agents.initialise(np.random.default_rng(1), 4)
    for name, value in few.items():
        np.testing.assert_array_equal(value, more[name][:3])


def test_coupling_decides_what_is_shared() -> None:
    tied, separate = make("tied")[0], make("separate")[0]
    assert not any(name.startswith("listener_") for name in tied.layout)
    own = {"symbols", "inputs", "inputs_bias", "recurrent", "candidate_bias"}
    assert {name for name in separate.layout if name.startswith("listener_")} == {f"listener_{name}" for name in own}
