"""N agents on a topology."""

from __future__ import annotations

import copy
from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch
from gymnasium.utils.env_checker import data_equivalence
from pettingzoo.utils import parallel_to_aec

from hubbub.simulator.channel import Channel
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games.environments.one_agent import OneAgentEnv
from hubbub.simulator.games.environments.parallel import ExchangeEnv
from hubbub.simulator.games.rules import Deal
from hubbub.simulator.topology import Topology

IDLE, SPEAKER, LISTENER = range(3)
SPEAK, LISTEN = range(2)
DIRECTED = Topology(7, [0, 0, 1, 2, 3, 5, 4], [1, 2, 3, 3, 4, 4, 0])
"""Agent 5 can only speak, agent 6 has nobody."""


def make(game, channel, **options: Any) -> ExchangeEnv:
    return ExchangeEnv(game, name="test_v0", channel=channel, **{"topology": DIRECTED, "rounds": 12, **options})


def act(table, observations) -> dict[str, dict[str, np.ndarray]]:
    """Let the table speak and listen, with whatever each agent sees; idle parts are nonsense."""
    actions = {}
    for agent, seen in observations.items():
        message, answer = np.full(4, 5), np.zeros(len(table.game.answer_sizes), dtype=np.int64)
        if seen["role"] == SPEAKER:
            message = table.words[table.referent(seen["object"])]
        if seen["role"] == LISTENER and seen["phase"] == LISTEN:
            understood = table.understand(seen["message"])
            if "candidates" in seen:
                answer = np.array([table.place(understood, [table.referent(row) for row in seen["candidates"]])])
            else:
                answer = table.game.referents.attributes[understood]
        actions[agent] = {"message": message, "answer": answer}
    return actions


def numbers(observations, role: int) -> list[int]:
    return [int(agent.removeprefix("agent_")) for agent, seen in observations.items() if seen["role"] == role]


def test_roles_respect_the_topology(game, channel, table):
    """Speakers and listeners are paired along edges, nobody twice, and no edge is left with two idle ends."""
    env = make(game, channel, rounds=60)
    edges = set(zip(DIRECTED.sources.tolist(), DIRECTED.targets.tolist(), strict=True))
    seen, used = env.reset(seed=1)[0], set()
    while env.agents:
        speakers, listeners, idle = (numbers(seen, role) for role in (SPEAKER, LISTENER, IDLE))
        seen_listening, *_ = env.step(act(table, seen))
        assert [numbers(seen_listening, role) for role in range(3)] == [idle, speakers, listeners]
        seen, *_, infos = env.step(act(table, seen_listening))
        pairs = {(speaker, infos[f"agent_{speaker}"]["partner"]) for speaker in speakers}
        assert pairs <= edges
        assert sorted(listener for _, listener in pairs) == listeners
        assert all((infos[f"agent_{b}"]["partner"], b) == (a, b) for a, b in pairs)
        assert not [edge for edge in edges if set(edge) <= set(idle)]
        assert all(infos[f"agent_{agent}"] == {} for agent in idle)
        used |= pairs
    assert used == edges
    assert 6 in idle


def test_agents_see_what_their_role_and_phase_allow(game, channel, table):
    env = make(game, channel)
    seen, infos = env.reset(seed=2)
    assert infos == {agent: {} for agent in env.possible_agents}
    for step in range(2 * 12):
        listening = step % 2 == 1
        for agent, one in seen.items():
            assert one in env.observation_space(agent)
            assert one["phase"] == (LISTEN if listening else SPEAK)
            assert one["object"].any() == (one["role"] == SPEAKER)
            assert one["message"].any() == (one["role"] == LISTENER and listening)
            if "candidates" in one:
                assert one["candidates"].any() == (one["role"] == LISTENER and listening)
        seen, *_ = env.step(act(table, seen))


def test_rewards_are_those_of_the_rules(game, channel, table):
    """Every reward and info is computed again by hand from the table, and from `reward`."""
    env = make(game, channel, rounds=40)
    seen, outcomes = env.reset(seed=3)[0], set()
    while env.agents:
        spoken = seen
        seen, rewards, *_, infos = env.step(act(table, spoken))
        assert set(rewards.values()) == {0.0}
        assert all(info == {} for info in infos.values())
        heard, answers = seen, act(table, seen)
        seen, rewards, *_, infos = env.step(answers)
        for listener in numbers(heard, LISTENER):
            name = f"agent_{listener}"
            partner = f"agent_{infos[name]['partner']}"
            referent, answer = table.referent(spoken[partner]["object"]), answers[name]["answer"]
            assert heard[name]["message"].tolist() == table.words[referent].tolist()
            if game.n_candidates:
                success = table.referent(heard[name]["candidates"][answer[0]]) == referent
            else:
                success = answer.tolist() == game.referents.attributes[referent].tolist()
            length = table.words[referent].tolist().index(0) + 1
            deal, words = Deal(torch.tensor(referent), torch.tensor(0)), torch.from_numpy(table.words[referent])
            pay = game.earned(torch.tensor(success), deal, words, torch.tensor(length), length_cost=0.1)
            earned = pay.item()
            assert earned == pytest.approx(success - 0.1 * length)
            assert rewards[name] == rewards[partner] == earned
            assert infos[name] == {**infos[partner], "partner": infos[name]["partner"]}
            assert {**infos[name]}.items() >= {"success": success, "length": length, "referent": referent}.items()
            outcomes.add((success, length))
        for agent in numbers(heard, IDLE):
            assert rewards[f"agent_{agent}"] == 0.0
    assert {success for success, _ in outcomes} == {True, False}
    assert {length for _, length in outcomes} == {2, 3, 4}


def test_what_follows_the_end_symbol_is_not_sent(game, channel):
    env = make(game, channel, topology=Topology(2, [0], [1]))
    env.reset(seed=0)
    seen, *_ = env.step({"agent_0": {"message": [3, 0, 2, 5]}})
    assert seen["agent_1"]["message"].tolist() == [3, 0, 0, 0]
    *_, infos = env.step({"agent_1": {"answer": [0] * len(game.answer_sizes)}})
    assert infos["agent_0"]["length"] == 2


def test_noise_reaches_the_listener_and_the_length_is_that_sent(game):
    env = make(game, Channel(vocabulary=6, noise=1.0, end_symbol=False), topology=Topology(2, [0], [1]), rounds=200)
    env.reset(seed=0)
    received = []
    for _ in range(200):
        seen, *_ = env.step({"agent_0": {"message": [3, 3, 3, 3]}})
        received.append(seen["agent_1"]["message"])
        *_, infos = env.step({"agent_1": {"answer": [0] * len(game.answer_sizes)}})
        assert infos["agent_1"]["length"] == 4
    shares = np.bincount(np.concatenate(received), minlength=6) / 800
    assert shares == pytest.approx(np.full(6, 1 / 6), abs=5 * np.sqrt(5 / 36 / 800))


def test_noise_on_the_end_symbol_does_not_uncover_what_follows(game):
    env = make(game, Channel(vocabulary=6, noise=1.0), topology=Topology(2, [0], [1]), rounds=50)
    env.reset(seed=0)
    for _ in range(50):
        seen, *_ = env.step({"agent_0": {"message": [3, 0, 2, 5]}})
        assert seen["agent_1"]["message"][2:].tolist() == [0, 0]
        env.step({"agent_1": {"answer": [0] * len(game.answer_sizes)}})


def test_held_out_referents_are_never_dealt(game, channel, table):
    env = make(game, channel, rounds=200)
    seen, dealt = env.reset(seed=0)[0], set()
    while env.agents:
        dealt |= {table.referent(one["object"]) for one in seen.values() if one["role"] == SPEAKER}
        seen, *_ = env.step(act(table, seen))
    assert dealt == set(game.referents.train.tolist())


def episodes(env: ExchangeEnv, seed: int, n: int, *, actions_seed: int = 0) -> list[Any]:
    """Play `n` whole episodes with random actions and return everything that came out."""
    draws, record = np.random.default_rng(actions_seed), []
    for episode in range(n):
        record.append(env.reset(seed=seed if episode == 0 else None))
        while env.agents:
            actions = {
                agent: {key: draws.integers(part.nvec) for key, part in env.action_space(agent).items()}
                for agent in env.agents
            }
            record.append(copy.deepcopy(env.step(actions)))
    return record


def test_same_seed_and_actions_give_the_same_over_the_full_horizon(game):
    channel = Channel(vocabulary=6, noise=0.3, length_cost=0.1)
    first, again, other = (episodes(make(game, channel), seed, 3) for seed in (1, 1, 2))
    assert len(first) == 3 * (1 + 2 * 12)
    assert data_equivalence(first, again, exact=True)
    assert not data_equivalence(first, other, exact=True)
    assert not data_equivalence(first[0], first[25], exact=True)  # nor is one episode like the next


def test_seed_of_the_constructor_is_that_of_the_first_reset(game, channel):
    seeded = make(game, channel, seed=8)
    assert data_equivalence(seeded.reset(), make(game, channel).reset(seed=8), exact=True)


def test_an_episode_does_not_depend_on_how_the_one_before_was_played(game, channel):
    played, skipped = make(game, channel), make(game, channel)
    episodes(played, 4, 2)
    skipped.reset(seed=4)
    skipped.reset()
    assert data_equivalence(played.reset(), skipped.reset(), exact=True)


def scribble(observation: Any) -> None:
    for value in observation.values():
        if isinstance(value, np.ndarray):
            value[...] = 1


def test_observations_belong_to_the_user(game, channel):
    """Kept ones are not overwritten, and writing into one changes neither the course nor another agent's."""
    scribbled, clean = make(game, channel), make(game, channel)
    kept = [clean.reset(seed=5)[0]]
    copies = [copy.deepcopy(kept[0])]
    for one in scribbled.reset(seed=5)[0].values():
        scribble(one)
    draws = np.random.default_rng(0)
    while clean.agents:
        actions = {
            agent: {key: draws.integers(part.nvec) for key, part in clean.action_space(agent).items()}
            for agent in clean.agents
        }
        untouched, step = clean.step(actions), scribbled.step(copy.deepcopy(actions))
        assert data_equivalence(untouched, step, exact=True)
        kept.append(untouched[0])
        copies.append(copy.deepcopy(untouched[0]))
        for one in step[0].values():
            scribble(one)
    assert data_equivalence(kept, copies, exact=True)


def test_turn_by_turn_gives_the_same_rewards(game, channel, table):
    parallel, aec = make(game, channel), parallel_to_aec(make(game, channel))
    seen, _ = parallel.reset(seed=6)
    aec.reset(seed=6)
    while parallel.agents:
        actions = act(table, seen)
        for agent in parallel.possible_agents:
            assert aec.agent_selection == agent
            assert data_equivalence(aec.observe(agent), seen[agent], exact=True)
            aec.step(actions[agent])
        seen, rewards, _, over, infos = parallel.step(actions)
        assert aec.rewards == rewards
        assert aec.infos == infos
        assert aec.truncations == over


def test_truncated_not_terminated(game, channel, table):
    env = make(game, channel, rounds=1)
    seen, _ = env.reset(seed=0)
    seen, _, ended, cut, _ = env.step(act(table, seen))
    assert not any(ended.values()) and not any(cut.values())
    seen, _, ended, cut, _ = env.step(act(table, seen))
    assert not any(ended.values()) and all(cut.values())
    assert env.agents == []
    assert all(one in env.observation_space(agent) for agent, one in seen.items())


GOOD = {"message": [1, 2, 3, 0]}


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ({"agent_0": {"message": [1, 2, 3]}}, ["agent_0: message", "4 integers (0 … 5,", "got [1, 2, 3]"]),
        ({"agent_0": {"message": [1, 2, 3, 6]}}, ["agent_0: message", "got [1, 2, 3, 6]"]),
        ({"agent_0": {"message": [-1, 2, 3, 0]}}, ["agent_0: message", "got [-1, 2, 3, 0]"]),
        ({"agent_0": {"message": [1.0, 2.0, 3.0, 0.0]}}, ["agent_0: message", "4 integers"]),
        ({"agent_0": {"answer": [0]}}, ["agent_0: message", "got {'answer': [0]}"]),
        ({"agent_0": None}, ["agent_0: message", "got None"]),
        ({}, ["agent_0: message", "got None"]),
        ({"agent_0": GOOD, "agent_9": GOOD}, ["actions", "agent_9", "did you mean 'agent_"]),
    ],
)
def test_wrong_messages_are_refused(game, channel, actions, words):
    env = make(game, channel, topology=Topology(2, [0], [1]))
    env.reset(seed=0)
    with pytest.raises(ConfigurationError) as error:
        env.step(actions)
    assert all(word in str(error.value) for word in words)
    env.step({"agent_0": GOOD})  # nothing has happened: the right action still works


def test_wrong_answers_are_refused(game, channel):
    env = make(game, channel, topology=Topology(2, [0], [1]))
    env.reset(seed=0)
    env.step({"agent_0": GOOD})
    size = game.answer_sizes[0]
    with pytest.raises(ConfigurationError, match=rf"agent_1: answer: expected .*0 … {size - 1}.*, got \[{size}"):
        env.step({"agent_1": {"answer": [size] * len(game.answer_sizes)}})


def test_steps_outside_an_episode_are_refused(game, channel, table):
    env = make(game, channel, rounds=1)
    with pytest.raises(ConfigurationError, match="call reset first"):
        env.step({})
    seen, _ = env.reset(seed=0)
    for _ in range(2):
        seen, *_ = env.step(act(table, seen))
    with pytest.raises(ConfigurationError, match="call reset first"):
        env.step({})


def test_impossible_settings_are_refused(game, channel):
    for rounds in (0, "x", 2.5, True):
        with pytest.raises(ConfigurationError, match=f"rounds: expected a whole number of at least 1, got {rounds!r}"):
            make(game, channel, rounds=rounds)
    with pytest.raises(ConfigurationError, match="seed: expected a whole number of at least 0, got 'x'"):
        make(game, channel, seed="x")
    with pytest.raises(ConfigurationError, match="seed: expected a whole number of at least 0, got -1"):
        make(game, channel).reset(seed=-1)
    with pytest.raises(ConfigurationError, match=r"topology: expected a Topology, a networkx graph or .*, got 7"):
        make(game, channel, topology=7)
    with pytest.raises(ConfigurationError, match=r"topology: expected one of .*, got 'karat'; did you mean 'karate'"):
        make(game, channel, topology="karat")
    with pytest.raises(ConfigurationError, match="n_agents: expected a value, got nothing"):
        make(game, channel, topology="ring")
    with pytest.raises(ConfigurationError, match="channel: expected a Channel, got 16"):
        make(game, 16)
    with pytest.raises(ConfigurationError, match=r"^topology: expected at least one link, got 3 agents and none"):
        make(game, channel, topology=Topology(3, [], []))


@pytest.mark.parametrize(
    ("topology", "n_agents", "n_edges"),
    [
        (nx.cycle_graph(5), 5, 10),
        (nx.DiGraph([(0, 1)]), 2, 1),
        ("karate", 34, 156),
        ({"kind": "ring", "n_agents": 6, "neighbours": 2}, 6, 24),
        ([(0, 1), (1, 2)], 3, 4),
    ],
)
def test_a_graph_may_be_given_in_many_forms(game, channel, table, topology, n_agents, n_edges):
    env = make(game, channel, topology=topology)
    assert (env.topology.n_agents, env.topology.n_edges) == (n_agents, n_edges)
    seen, _ = env.reset(seed=0)
    assert len(seen) == n_agents
    env.step(act(table, seen))
    alone = OneAgentEnv(game, partners=table, channel=channel, topology=topology)
    assert alone.topology.n_edges == n_edges
    random = {"kind": "erdos-renyi", "n_agents": 9, "links": 12}
    assert np.array_equal(*(make(game, channel, topology=random).topology.sources for _ in range(2)))


def test_text_of_the_last_round(game, channel, table):
    env = make(game, channel, topology=Topology(2, [0], [1]), render_mode="ansi")
    seen, _ = env.reset(seed=0)
    assert env.render() == ""
    referent = table.referent(seen["agent_0"]["object"])
    for _ in range(2):
        seen, *_, infos = env.step(act(table, seen))
    symbols = " ".join(str(symbol) for symbol in table.words[referent][: infos["agent_0"]["length"]])
    end = "understood" if infos["agent_0"]["success"] else "not understood"
    assert env.render() == f"agent_0 to agent_1: referent {referent}, message {symbols}, {end}"
