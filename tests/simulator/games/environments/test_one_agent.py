"""One agent among frozen partners."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import numpy as np
import pytest
from gymnasium.utils.env_checker import data_equivalence

from hubbub.simulator.channel import Channel
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games.environments.one_agent import OneAgentEnv
from hubbub.simulator.games.environments.parallel import ExchangeEnv
from hubbub.simulator.topology import Topology

SPEAKER, LISTENER = 1, 2
SPEAK, LISTEN = range(2)
DIRECTED = Topology(5, [0, 0, 3, 4, 1], [1, 2, 0, 3, 2], weights=[1, 2, 1, 9, 9])
"""Agent 0 speaks to 1 and (twice as often) to 2, and listens to 3."""


def make(table, channel, **options: Any) -> OneAgentEnv:
    return OneAgentEnv(table.game, partners=table, channel=channel, **{"topology": DIRECTED, **options})


def act(table, seen) -> dict[str, np.ndarray]:
    if seen["role"] == SPEAKER:
        return {"message": table.words[table.referent(seen["object"])]}
    understood = table.understand(seen["message"])
    if "candidates" in seen:
        return {"answer": np.array([table.place(understood, [table.referent(row) for row in seen["candidates"]])])}
    return {"answer": table.game.referents.attributes[understood]}


def test_partners_are_neighbours_in_the_right_role(table, channel):
    """Edges at the agent are drawn in proportion to their weights 1 : 2 : 1 (five standard errors)."""
    n = 1000
    env = make(table, channel, rounds=n)
    seen, _ = env.reset(seed=1)
    counts: Counter[tuple[int, int]] = Counter()
    for _ in range(n):
        role = int(seen["role"])
        seen, *_, info = env.step(act(table, seen))
        counts[role, info["partner"]] += 1
    assert set(counts) == {(SPEAKER, 1), (SPEAKER, 2), (LISTENER, 3)}
    assert counts[SPEAKER, 2] / n == pytest.approx(0.5, abs=5 * np.sqrt(0.25 / n))
    assert counts[LISTENER, 3] / n == pytest.approx(0.25, abs=5 * np.sqrt(3 / 16 / n))


def test_rewards_are_those_of_the_rules(table, channel):
    """Whoever speaks, the outcome is that of the table: word, length, what is made of it."""
    env = make(table, channel, rounds=200)
    seen, _ = env.reset(seed=2)
    over, outcomes = False, set()
    while not over:
        role = int(seen["role"])
        assert seen in env.observation_space
        assert seen["phase"] == (SPEAK if role == SPEAKER else LISTEN)
        assert seen["object"].any() == (role == SPEAKER)
        assert seen["message"].any() == (role == LISTENER)
        shown, action = seen, act(table, seen)
        seen, earned, ended, over, info = env.step(action)
        referent, word = info["referent"], table.words[info["referent"]].tolist()
        if role == SPEAKER:
            assert table.referent(shown["object"]) == referent
        else:
            assert shown["message"].tolist() == word
        if not table.game.n_candidates:
            assert info["success"] == (table.meant[referent] == referent)
        elif role == LISTENER:
            assert info["success"] == (table.referent(shown["candidates"][action["answer"][0]]) == referent)
        assert info["length"] == word.index(0) + 1
        assert earned == pytest.approx(info["success"] - 0.1 * info["length"])
        assert not ended
        outcomes.add((role, info["success"]))
    assert len(outcomes) == 4


def test_spaces_are_those_of_the_population(table, channel):
    env, population = make(table, channel), ExchangeEnv(table.game, name="test_v0", channel=channel)
    assert env.observation_space == population.observation_space("agent_0")
    assert env.action_space == population.action_space("agent_0")


def test_noise_lies_between_the_agent_and_its_partners(table):
    """At noise 1 both sides hear uniform symbols, whatever was said."""
    env = make(table, Channel(vocabulary=6, noise=1.0, end_symbol=False), rounds=100)
    heard: list[np.ndarray] = []
    answers = table.listen
    object.__setattr__(table, "listen", lambda *asked: heard.append(asked[1][0]) or answers(*asked))
    seen, _ = env.reset(seed=0)
    shown = []
    for _ in range(100):
        if seen["role"] == LISTENER:
            shown.append(seen["message"])
        seen, *_ = env.step({"message": [3, 3, 3, 3], "answer": [0] * len(table.game.answer_sizes)})
    for messages in (heard, shown):
        shares = np.bincount(np.concatenate(messages), minlength=6) / (4 * len(messages))
        assert shares == pytest.approx(np.full(6, 1 / 6), abs=5 * np.sqrt(5 / 36 / (4 * len(messages))))


def episodes(env: OneAgentEnv, seed: int, n: int) -> list[Any]:
    draws, record = np.random.default_rng(0), []
    for episode in range(n):
        record.append(env.reset(seed=seed if episode == 0 else None))
        over = False
        while not over:
            step = env.step({key: draws.integers(part.nvec) for key, part in env.action_space.items()})
            record.append(copy.deepcopy(step))
            over = step[3]
    return record


def test_same_seed_and_actions_give_the_same_over_the_full_horizon(table):
    channel = Channel(vocabulary=6, noise=0.3, length_cost=0.1)
    first, again, other = (episodes(make(table, channel, rounds=20), seed, 3) for seed in (1, 1, 2))
    assert len(first) == 3 * 21
    assert data_equivalence(first, again, exact=True)
    assert not data_equivalence(first, other, exact=True)
    assert not data_equivalence(first[0], first[21], exact=True)


def test_observations_belong_to_the_user(table, channel):
    scribbled, clean = make(table, channel), make(table, channel)
    kept = [clean.reset(seed=5)[0]]
    copies = copy.deepcopy(kept)
    touched = scribbled.reset(seed=5)[0]
    draws = np.random.default_rng(0)
    for _ in range(20):
        for value in touched.values():
            if isinstance(value, np.ndarray):
                value[...] = 1
        action = {key: draws.integers(part.nvec) for key, part in clean.action_space.items()}
        untouched, step = clean.step(action), scribbled.step(copy.deepcopy(action))
        assert data_equivalence(untouched, step, exact=True)
        touched = step[0]
        kept.append(untouched[0])
        copies.append(copy.deepcopy(untouched[0]))
    assert data_equivalence(kept, copies, exact=True)


def test_wrong_actions_are_refused(table, channel):
    env = make(table, channel, topology=Topology(2, [0], [1]))
    env.reset(seed=0)
    with pytest.raises(
        ConfigurationError, match=r"action of agent_0: message: expected 4 integers .*, got \[9, 9, 9, 9\]"
    ):
        env.step({"message": [9, 9, 9, 9], "answer": [0]})
    env = make(table, channel, topology=Topology(2, [1], [0]))
    env.reset(seed=0)
    with pytest.raises(ConfigurationError, match="action of agent_0: answer"):
        env.step({"message": [1, 1, 1, 1]})


@pytest.mark.parametrize("agent", [3, 99])
def test_an_agent_without_links_is_refused(table, channel, agent):
    with pytest.raises(
        ConfigurationError, match=f"agent: expected the number of an agent that has a link, got {agent}"
    ):
        make(table, channel, agent=agent, topology=Topology(4, [0], [1]))


def test_text_of_the_last_exchange(table, channel):
    env = make(table, channel, topology=Topology(2, [1], [0]), render_mode="ansi")
    seen, _ = env.reset(seed=0)
    assert env.render() == ""
    *_, info = env.step(act(table, seen))
    assert env.render().startswith(f"agent_1 to agent_0: referent {info['referent']}, message ")
