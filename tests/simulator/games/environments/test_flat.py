"""Arrays instead of dictionaries: the same games, one agent or many, one population or many copies."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest
from pettingzoo.test import parallel_api_test

from hubbub.simulator.channel import Channel
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games.environments.one_agent import OneAgentEnv
from hubbub.simulator.games.environments.one_agent_vector import OneAgentVectorEnv
from hubbub.simulator.games.environments.parallel import ExchangeEnv
from hubbub.simulator.games.environments.vector import ExchangeVectorEnv, side_by_side
from hubbub.simulator.games.rules import Game
from hubbub.simulator.topology import Topology

SPEAKER, LISTENER = 1, 2
SMALL = Topology(5, [0, 1, 2, 3], [1, 2, 0, 0])
"""Agent 3 can only speak, agent 4 has nobody."""


def make(game: Game, channel: Channel, **options: Any) -> ExchangeEnv:
    return ExchangeEnv(game, name="test_v0", channel=channel, **{"topology": SMALL, "rounds": 6, **options})


def in_words(game: Game, channel: Channel, row: np.ndarray) -> dict[str, Any]:
    """Return a flat observation as the dictionary that says the same, taken apart by the documented order."""
    n_features, symbols = game.referents.features.shape[1], channel.max_length * channel.vocabulary
    role, phase, seen, message, candidates = np.split(row, np.cumsum([3, 2, n_features, symbols]))
    message = message.reshape(channel.max_length, channel.vocabulary)
    assert role.sum() == phase.sum() == 1 and set(message.sum(1)) <= {0, 1}
    said = {"role": role.argmax(), "phase": phase.argmax(), "object": seen, "message": message.argmax(1)}
    if game.n_candidates:
        said["candidates"] = candidates.reshape(game.n_candidates, n_features)
    return said


def masked(rng: np.random.Generator, mask: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return a random action that the mask allows."""
    parts = np.split(mask, np.cumsum(sizes)[:-1])
    return np.array([rng.choice(np.flatnonzero(part)) for part in parts])


def test_the_same_games_as_with_dictionaries(game, channel):
    rng, length = np.random.default_rng(0), channel.max_length
    flat, plain = make(game, channel, flat=True, seed=5), make(game, channel, seed=5)
    (rows, infos), (seen, _) = flat.reset(), plain.reset()
    sizes = flat.action_space("agent_0").nvec
    n_answers = 0
    while flat.agents:
        for agent, row in rows.items():
            assert flat.observation_space(agent).contains(row)
            for part, value in in_words(game, channel, row).items():
                np.testing.assert_array_equal(value, seen[agent][part], err_msg=part)
        actions = {agent: masked(rng, infos[agent]["action_mask"], sizes) for agent in rows}
        for agent, action in actions.items():  # what is not asked for can be nothing but 0
            asked = (seen[agent]["role"], seen[agent]["phase"])
            assert asked == (SPEAKER, 0) or not action[:length].any()
            assert asked == (LISTENER, 1) or not action[length:].any()
        said = {agent: {"message": row[:length], "answer": row[length:]} for agent, row in actions.items()}
        rows, rewards, *over, infos = flat.step(actions)
        seen, same_rewards, *same_over, same_infos = plain.step(said)
        assert (rewards, over) == (same_rewards, same_over)
        for agent, info in same_infos.items():
            assert {**infos[agent], "action_mask": None} == {**info, "action_mask": None}
            n_answers += "success" in info
    assert n_answers >= 12


def test_the_flat_face_passes_the_official_test_and_gymnasium_s(game, channel, table):
    parallel_api_test(make(game, channel, flat=True), num_cycles=40)
    env = OneAgentEnv(game, partners=table, topology=SMALL, channel=channel, rounds=8, flat=True)
    gymnasium.utils.env_checker.check_env(env, skip_render_check=True)


def test_the_state_is_what_all_agents_see(game, channel):
    env, flat = make(game, channel, seed=3), make(game, channel, seed=3, flat=True)
    env.reset()
    rows, _ = flat.reset()
    assert env.state().shape == env.state_space.shape
    assert env.state_space.contains(env.state())
    np.testing.assert_array_equal(env.state(), np.concatenate([rows[agent] for agent in env.possible_agents]))


def test_an_episode_is_given_in_rounds_or_in_steps(game, channel):
    env = make(game, channel, rounds=None, max_cycles=6)
    rows, _ = env.reset(seed=0)
    steps = 0
    while env.agents:
        rows, *_ = env.step({agent: env.action_space(agent).sample() for agent in rows})
        steps += 1
    assert steps == 6
    for wrong, says in (
        ({"max_cycles": 6}, r"max_cycles: expected rounds or max_cycles, got both \(6 and 6\)"),
        ({"rounds": None, "max_cycles": 7}, "max_cycles: expected an even number, since a round is two steps, got 7"),
        ({"rounds": None, "max_cycles": 0}, "max_cycles: expected a whole number of at least 2, got 0"),
    ):
        with pytest.raises(ConfigurationError, match=says):
            make(game, channel, **wrong)


def test_one_copy_is_the_parallel_environment(game, channel):
    rng = np.random.default_rng(1)
    one, many = (
        make(game, channel, flat=True, seed=2),
        ExchangeVectorEnv(game, topology=SMALL, channel=channel, rounds=6),
    )
    for seed in (2, None):  # the second episode begins without a reset of the vector environment
        rows, infos = one.reset(seed=seed)
        if seed is not None:
            seen, told = many.reset(seed=seed)
        sizes = many.single_action_space.nvec
        while one.agents:
            np.testing.assert_array_equal(seen, np.stack(list(rows.values())))
            np.testing.assert_array_equal(told["action_mask"], [info["action_mask"] for info in infos.values()])
            actions = np.stack([masked(rng, mask, sizes) for mask in told["action_mask"]])
            rows, rewards, _, over, infos = one.step(dict(zip(rows, actions, strict=True)))
            seen, gained, ended, truncated, told = many.step(actions)
            np.testing.assert_array_equal(gained, list(rewards.values()))
            np.testing.assert_array_equal(truncated, list(over.values()))
            assert not ended.any()
            for number, info in enumerate(infos.values()):
                for name in ("success", "length", "partner", "referent"):
                    assert told.get(f"_{name}", np.zeros(5, bool))[number] == (name in info)
                    assert name not in info or told[name][number] == info[name]
        np.testing.assert_array_equal(np.stack(list(told["final_obs"])), np.stack(list(rows.values())))


def test_copies_have_draws_of_their_own_and_links_of_their_own(game, channel):
    copies = side_by_side(SMALL, 40)
    assert copies.n_agents == 200
    assert (copies.sources // 5 == copies.targets // 5).all()
    env = ExchangeVectorEnv(game, copies=40, topology=SMALL, channel=channel, rounds=2, seed=0)
    seen, _ = env.reset()
    assert env.observation_space.contains(seen) and seen.shape[0] == env.num_envs == 200
    roles = seen[:, :3].argmax(1).reshape(40, 5)
    assert len({tuple(row) for row in roles}) == 3  # all the ways in which these four links can be matched
    again = ExchangeVectorEnv(game, copies=40, topology=SMALL, channel=channel, rounds=2, seed=0)
    np.testing.assert_array_equal(again.reset()[0], seen)
    assert not np.array_equal(again.reset(seed=1)[0], seen)


def test_a_wrapper_of_gymnasium_counts_the_rewards_of_copies(game, channel):
    env = gymnasium.wrappers.vector.RecordEpisodeStatistics(
        ExchangeVectorEnv(game, copies=3, topology=SMALL, channel=channel, rounds=4, seed=0)
    )
    env.action_space.seed(0)
    env.reset()
    total = np.zeros(15)
    for _ in range(8):
        _, rewards, _, over, told = env.step(env.action_space.sample())
        total += rewards
    assert over.all()
    np.testing.assert_allclose(told["episode"]["r"], total, rtol=1e-6)
    assert (told["episode"]["l"] == 8).all()


def test_one_agent_in_one_game_is_the_environment_of_one_agent(game, channel, table):
    rng = np.random.default_rng(4)
    options: dict[str, Any] = {"partners": table, "topology": SMALL, "channel": channel, "rounds": 8, "seed": 7}
    one, many = OneAgentEnv(game, flat=True, **options), OneAgentVectorEnv(game, num_envs=1, **options)
    (row, info), (seen, told) = one.reset(), many.reset()
    for _ in range(3 * 8):
        np.testing.assert_array_equal(seen, row[None])
        action = masked(rng, info["action_mask"], one.action_space.nvec)
        row, reward, _, over, info = one.step(action)
        seen, rewards, _, truncated, told = many.step(action[None])
        assert (rewards[0], truncated[0]) == (pytest.approx(reward), over)
        assert all(told[name][0] == info[name] for name in ("success", "length", "partner", "referent"))
        if over:
            np.testing.assert_array_equal(told["final_obs"][0], row)
            row, info = one.reset()


def test_who_knows_the_words_is_understood_in_many_games_at_once(game, table):
    """With the table as its policy the agent earns what the table's errors leave, in both roles."""
    channel = Channel(vocabulary=6, max_length=4)
    env = OneAgentVectorEnv(game, num_envs=300, partners=table, topology=SMALL, channel=channel, rounds=3, seed=0)
    seen, _ = env.reset()
    length, wrong = channel.max_length, table.meant != np.arange(len(table.meant))
    for _ in range(3):
        actions = np.zeros((300, len(env.single_action_space.nvec)), np.int64)
        for number, row in enumerate(seen):
            said = in_words(game, channel, row)
            if said["role"] == SPEAKER:
                actions[number, :length] = table.words[table.referent(said["object"])]
            else:
                candidates = said.get("candidates")
                places = None if candidates is None else np.array([[table.referent(one) for one in candidates]])
                actions[number, length:] = table.listen(np.zeros(1, int), said["message"][None], places)
        seen, rewards, *_, told = env.step(actions)
        assert told["success"][~wrong[told["referent"]]].all()
        assert not told["success"][wrong[told["referent"]]].all()
        np.testing.assert_array_equal(rewards, told["success"])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda actions: actions[:-1], r"actions: expected an array \[5, \d\] of whole numbers"),
        (lambda actions: actions + 0.5, "action of the speakers: expected \\d whole numbers"),
        (lambda actions: actions - 1, "action of the speakers: expected a whole number from 0 to 5 at place 0, got -1"),
    ],
)
def test_wrong_actions_are_refused(game, wrong, says):
    channel = Channel(vocabulary=6, max_length=4)
    env = ExchangeVectorEnv(game, topology=SMALL, channel=channel, seed=0)
    env.reset()
    actions = np.zeros((5, len(env.single_action_space.nvec)), np.int64)
    with pytest.raises(ConfigurationError, match=says):
        env.step(wrong(actions))


def test_impossible_numbers_are_refused(game, channel, table):
    for number in (0, 2.0, True, "2"):
        with pytest.raises(ConfigurationError, match="copies: expected a whole number of at least 1, got"):
            ExchangeVectorEnv(game, copies=number, channel=channel)
        with pytest.raises(ConfigurationError, match="num_envs: expected a whole number of at least 1, got"):
            OneAgentVectorEnv(game, num_envs=number, partners=table, channel=channel)
    with pytest.raises(ConfigurationError, match="copies: expected at most 20000 copies of 5 agents, got 20001"):
        ExchangeVectorEnv(game, copies=20_001, topology=SMALL, channel=channel)
    with pytest.raises(ConfigurationError, match="seed: expected one whole number for all copies"):
        ExchangeVectorEnv(game, channel=channel).reset(seed=[1, 2])
    with pytest.raises(ConfigurationError, match="agent: expected the number of an agent that has a link, got 4"):
        OneAgentVectorEnv(game, num_envs=2, partners=table, agent=4, topology=SMALL, channel=channel)


def test_partners_of_another_number_are_refused(game, channel, table):
    class Known:
        topology = Topology(4, [0], [1])
        speak, listen = table.speak, table.listen

    with pytest.raises(ConfigurationError, match="partners: expected 5 agents, as in the topology, got 4"):
        OneAgentEnv(game, partners=Known(), topology=SMALL, channel=channel)
