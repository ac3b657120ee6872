"""An engineer with a training loop of her own: from an environment to measures of the language that her agents made."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from hubbub.simulator.channel import Channel
from hubbub.simulator.games.environments import reconstruction_v0
from hubbub.simulator.games.reconstruction import Reconstruction
from hubbub.simulator.games.referents.symbolic import symbolic

VALUES, ROUNDS = 2, 100
GAME = Reconstruction(referents=symbolic(attributes=2, values=VALUES, held_out=0.0, generator=np.random.default_rng(0)))
CHANNEL = Channel(vocabulary=VALUES, max_length=2, end_symbol=False)
BY_CHANCE = 1 / VALUES**2


class Loop:
    """A loop as people write it: one policy for all agents, REINFORCE, Adam."""

    def __init__(self, env: Any) -> None:
        torch.manual_seed(0)
        self.env, self.policy = env, torch.nn.Linear(env.single_observation_space.shape[0], 4 * VALUES)
        self.optimiser = torch.optim.Adam(self.policy.parameters(), 0.05)
        self.seen, self.infos = env.reset(seed=0)

    def act(self) -> tuple[np.ndarray, torch.Tensor]:
        """Return actions and the logarithm of the probability of each agent's."""
        allowed = torch.from_numpy(self.infos["action_mask"]).bool()
        logits = self.policy(torch.from_numpy(self.seen)).masked_fill(~allowed, -torch.inf)
        chosen = torch.distributions.Categorical(logits=logits.view(len(self.seen), 4, VALUES))
        actions = chosen.sample()
        return actions.numpy(), chosen.log_prob(actions).sum(1)

    def round(self) -> pd.DataFrame:
        """Play a round and learn from it; return who said what about which object, and whether it was understood."""
        speakers = self.seen[:, 1] == 1  # an observation begins with the role: idle, speaker, listener
        said, spoke = self.act()
        self.seen, _, _, _, self.infos = self.env.step(said)
        answers, answered = self.act()
        self.seen, rewards, _, _, self.infos = self.env.step(answers)
        paid = torch.from_numpy(rewards)
        loss = -((spoke + answered) * (paid - paid.mean())).mean()
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        colour, shape = GAME.referents.attributes[self.infos["referent"][speakers]].T
        talk = {
            "agent": np.flatnonzero(speakers) % self.env.topology.n_agents,
            "text": [" ".join(map(str, message)) for message in said[speakers, :2]],
            "colour": colour,
            "shape": shape,
            "success": self.infos["success"][speakers],
        }
        return pd.DataFrame(talk)


def test_from_a_loop_of_ones_own_to_a_curve_and_measures(folder: Path, does: Callable[..., Any]) -> None:
    env = reconstruction_v0.vector_env(
        game=GAME, channel=CHANNEL, topology={"kind": "complete", "n_agents": 4}, copies=64, rounds=50
    )
    loop = Loop(env)
    talks = [loop.round() for _ in range(ROUNDS)]
    success = pd.Series([talk["success"].mean() for talk in talks])
    assert success[:5].mean() < 2 * BY_CHANCE < 0.8 < success[-5:].mean()
    success.plot(xlabel="round", ylabel="understood").figure.savefig("curve.png")
    assert Path("curve.png").read_bytes().startswith(b"\x89PNG")

    pd.concat(talks[-5:]).to_csv("talk.csv", index=False)
    ended = does("measure corpus talk.csv speaker=agent referent=colour,shape")
    assert ended.out.startswith("read: table (text, commas between cells); 640 messages; 4 speakers; 4 referents (")
    assert Path("measures/talk/report.html").exists()
    found = json.loads(Path("measures/talk/measures.json").read_text())
    assert found["language"]["topographic similarity"]["value"] > 0.5
