#!/usr/bin/env bash
# SuperSuit: a vector environment made for Stable-Baselines3 cannot be given a seed by Stable-Baselines3.
#
# Expected: `concat_vec_envs_v1(env, n, base_class="stable_baselines3")` returns a VecEnv that a trainer of Stable-Baselines3 takes with all its
# arguments, `seed` among them: it calls `VecEnv.seed`. Seen with SuperSuit 3.11.0 and Stable-Baselines3 2.9.2 on Python 3.11: without `seed` PPO is
# made, with `seed=1` it ends with AttributeError: 'ConcatVecEnv' object has no attribute 'seed'. What a user loses is the reproducible run.
# What helps: `torch.manual_seed`, and a seed of the environment's own; docs/environments.md says so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.13.0 stable-baselines3==2.9.2 supersuit==3.11.0 pettingzoo==1.27.0
cat > "$folder/seed.py" <<'PY'
import sys
from importlib.metadata import version

import numpy as np
import stable_baselines3
import supersuit
from gymnasium import spaces
from pettingzoo import ParallelEnv


class Still(ParallelEnv):
    metadata = {"name": "still_v0"}
    possible_agents = ["a", "b"]
    render_mode = None

    def observation_space(self, agent):
        return SEEN

    def action_space(self, agent):
        return DONE

    def reset(self, seed=None, options=None):
        self.agents, self.left = self.possible_agents[:], 8
        return self.seen(), {agent: {} for agent in self.agents}

    def step(self, actions):
        agents, self.left = self.agents, self.left - 1
        self.agents = agents if self.left else []
        return (
            self.seen(),
            dict.fromkeys(agents, 0.0),
            dict.fromkeys(agents, False),
            dict.fromkeys(agents, not self.left),
            {agent: {} for agent in agents},
        )

    def seen(self):
        return {agent: np.zeros(2, np.float32) for agent in self.possible_agents}


SEEN, DONE = spaces.Box(0, 1, (2,), np.float32), spaces.Discrete(2)


def made(**options):
    env = supersuit.pettingzoo_env_to_vec_env_v1(Still())
    env = supersuit.concat_vec_envs_v1(env, 2, num_cpus=1, base_class="stable_baselines3")
    return stable_baselines3.PPO("MlpPolicy", env, n_steps=8, batch_size=8, device="cpu", **options)


print(", ".join(f"{name} {version(name)}" for name in ("supersuit", "stable-baselines3", "pettingzoo", "gymnasium")))
made().learn(32)
print("PPO without a seed: trains")
try:
    made(seed=1)
except AttributeError as error:
    print(f"PPO with seed=1: AttributeError: {error}")
    sys.exit(0 if "has no attribute 'seed'" in str(error) else 1)
print("PPO with seed=1: made")
sys.exit(1)
PY
"$folder/venv/bin/python" "$folder/seed.py" || { echo "the behaviour has changed"; exit 1; }
