"""The trainer and the environments are two faces of the same rules."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble
from hubbub.simulator.games import Deal
from hubbub.simulator.games.environments import discrimination_v0, reconstruction_v0
from hubbub.simulator.games.environments.exchange import Exchange
from hubbub.simulator.games.environments.interface import Phase, Role
from hubbub.simulator.population import Population
from hubbub.simulator.population.block import Block, Heard
from hubbub.simulator.population.mail import Mail

FACES = {"reconstruction": reconstruction_v0, "discrimination": discrimination_v0}


def trained(kind: str) -> Population:
    """Return a population that has learnt a little, so that some games succeed and some fail."""
    game = {"kind": kind, **({"candidates": 3} if kind == "discrimination" else {})}
    settings: dict[str, Any] = {
        "name": "faces",
        "topology": {"kind": "ring", "n_agents": 6},
        "referents": {"kind": "symbolic", "attributes": 2, "values": 3, "held_out": 0.35},
        "game": game,
        "channel": {"vocabulary": 6, "max_length": 3, "length_cost": 0.01},
        "agent": {"kind": "gru", "hidden": 16, "embedding": 8},
        "training": {"games_per_step": 16, "learning_rate": 0.01},
    }
    population = assemble(load(settings))
    population.step(60)
    return population


@pytest.mark.parametrize("kind", FACES)
def test_the_environment_pays_what_the_trainer_counts_for_the_same_messages(kind: str) -> None:
    """Play the environment with a population's own greedy speech, and judge the same games as the trainer does."""
    population = trained(kind)
    env = FACES[kind].parallel_env(
        topology=population.topology, game=population.game, channel=population.channel, rounds=40, seed=3
    )
    observations, _ = env.reset(seed=3)
    features = population.game.referents.features
    earned, expected = [], []
    while env.agents:
        actions: dict[str, Any] = {name: env.action_space(name).sample() for name in env.agents}
        for name, seen in observations.items():
            number = np.array([int(name.removeprefix("agent_"))])
            if seen["role"] == Role.SPEAKER:
                referent = np.flatnonzero((features == seen["object"]).all(1))
                actions[name]["message"] = population.speak(number, referent)[0]
            elif seen["role"] == Role.LISTENER and seen["phase"] == Phase.LISTEN:
                candidates = None
                if kind == "discrimination":
                    candidates = np.array([[np.flatnonzero((features == one).all(1))[0] for one in seen["candidates"]]])
                actions[name]["answer"] = population.listen(number, seen["message"][None], candidates).reshape(-1)
        before = observations
        observations, rewards, _, _, infos = env.step(actions)
        for name, info in infos.items():
            if not info or before[name]["role"] != Role.LISTENER:
                continue
            listener, speaker = np.array([int(name.removeprefix("agent_"))]), np.array([info["partner"]])
            referent = np.array([info["referent"]])
            sent = torch.from_numpy(population.speak(speaker, referent))
            if kind == "reconstruction":
                answers, candidates = torch.from_numpy(population.game.referents.attributes[referent]), None
            else:
                picked = [np.flatnonzero((features == one).all(1))[0] for one in before[name]["candidates"]]
                candidates, answers = np.array([picked]), torch.tensor([picked.index(int(referent[0]))])
            given = torch.from_numpy(population.listen(listener, sent.numpy(), candidates))
            success = population.game.success(given, answers)
            lengths = population.channel.lengths(sent)
            cost, deal = population.channel.length_cost, Deal(torch.from_numpy(referent), answers)
            expected.append(float(population.game.earned(success, deal, sent, lengths, length_cost=cost)))
            earned.append(rewards[name])
            assert rewards[f"agent_{info['partner']}"] == rewards[name]
            assert info["success"] == bool(success)
    assert len(earned) > 40
    assert earned == pytest.approx(expected)
    assert len({round(value, 3) for value in earned}) > 2


@pytest.mark.parametrize("kind", FACES)
def test_one_agent_can_live_in_a_frozen_population(kind: str) -> None:
    population = trained(kind)
    env = FACES[kind].one_agent_env(
        partners=population, game=population.game, channel=population.channel, topology=population.topology, rounds=30
    )
    env.reset(seed=0)
    rewards = []
    for _ in range(30):
        _, earned, _, truncated, info = env.step(env.action_space.sample())
        rewards.append(earned)
        assert info["partner"] in (1, 5)
    assert truncated
    assert len(set(rewards)) > 1


@pytest.mark.parametrize("kind", FACES)
def test_the_trainer_reports_the_reward_that_an_environment_pays_for_the_same_messages(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Listen in on one step of training, and let the environments' own judge decide on its messages and answers."""
    population = trained(kind)
    mails, answers = [], []
    kind_of_block = type(population.blocks[0])
    hear = kind_of_block.listen

    def listening_in(block: Block[Any], step: int, mail: Mail) -> Heard:
        mails.append(mail)
        answers.append(block.answer(mail.messages, mail.deal.candidates, mail.listeners))
        return hear(block, step, mail)

    monkeypatch.setattr(kind_of_block, "listen", listening_in)
    population.step(1)
    [mail], [given] = mails, answers
    flat = Deal(mail.deal.objects.flatten(), mail.deal.answers.flatten(0, 1), None)
    exchange = Exchange(population.game, population.channel)
    outcomes = exchange.judge(flat, mail.messages.flatten(0, 1).numpy(), given.flatten(0, 1).numpy())
    paid = outcomes.rewards.tolist()
    reported = {row["name"]: row["value"] for row in population.observe(closely=False).metrics}["reward"]
    assert reported == pytest.approx(np.mean(paid), abs=1e-6)
    assert len(set(paid)) > 2


def test_the_trainer_learns_from_the_success_that_it_reports() -> None:
    """The listener's likeliest answer is right exactly where `Game.success` says so; nobody else judges."""
    population = trained("reconstruction")
    lexicon = population.crossplay("train", population.recorded_referents("train"))
    r = len(lexicon.referents)
    given = population.listen(np.full(r, 1), lexicon.messages[0], None)
    right = (given == population.game.referents.attributes[lexicon.referents]).all(1)
    assert lexicon.success[0, 1] == pytest.approx(right.mean(), abs=1e-6)
    assert 0 < right.mean() < 1
