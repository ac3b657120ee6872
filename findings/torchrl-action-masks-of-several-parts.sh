#!/usr/bin/env bash
# TorchRL: its wrapper of PettingZoo cannot take an environment that tells action masks of actions with several parts.
#
# Expected: a PettingZoo environment whose actions are `MultiDiscrete` and whose infos hold `action_mask` with one place for every value of every
# part (the form that sb3-contrib takes and that `MultiDiscrete.sample` in parts has) is wrapped, with the mask or without it. Seen with TorchRL 0.14.1
# on Python 3.11: the wrapper is made with `use_mask` at its default, and `reset` ends with RuntimeError, since the room for the mask has
# the shape of the action (2) and not of its values (4). The same environment without masks in its infos is taken.
# What helps: leave the mask out; `parallel_env(flat=True, action_masks=False)` does so, and docs/environments.md says why.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.13.0 torchrl==0.14.1 tensordict==0.14.3 pettingzoo==1.27.0
cat > "$folder/mask.py" <<'PY'
import sys
from importlib.metadata import version

import numpy as np
from gymnasium import spaces
from pettingzoo import ParallelEnv
from torchrl.envs import PettingZooWrapper


class Masked(ParallelEnv):
    metadata = {"name": "masked_v0"}
    possible_agents = ["agent_0", "agent_1"]
    render_mode = None

    def __init__(self, masks):
        self.masks = masks

    def observation_space(self, agent):
        return SEEN

    def action_space(self, agent):
        return DONE

    def reset(self, seed=None, options=None):
        self.agents = self.possible_agents[:]
        return self.seen(), self.told()

    def step(self, actions):
        no = dict.fromkeys(self.agents, False)
        return self.seen(), dict.fromkeys(self.agents, 0.0), no, no, self.told()

    def seen(self):
        return {agent: np.zeros(3, np.float32) for agent in self.possible_agents}

    def told(self):
        mask = {"action_mask": np.ones(4, np.int8)} if self.masks else {}
        return {agent: dict(mask) for agent in self.possible_agents}


SEEN, DONE = spaces.Box(0, 1, (3,), np.float32), spaces.MultiDiscrete([2, 2])


print(", ".join(f"{name} {version(name)}" for name in ("torchrl", "tensordict", "pettingzoo", "gymnasium")))
shape = tuple(PettingZooWrapper(Masked(False), categorical_actions=True).rollout(4)["agent", "action"].shape)
print(f"without masks: actions {shape}")
try:
    PettingZooWrapper(Masked(True), categorical_actions=True).rollout(4)
except RuntimeError as error:
    print(f"with masks: RuntimeError: {str(error).splitlines()[0]}")
    sys.exit(0 if "expanded size" in str(error) else 1)
print("with masks: taken")
sys.exit(1)
PY
"$folder/venv/bin/python" "$folder/mask.py" || { echo "the behaviour has changed"; exit 1; }
