"""Many games in one step: the vectorised environment
==================================================

Sixteen copies of the karate club are stepped at once, as one Gymnasium `VectorEnv` of 544 agents.
"""

import time

from hubbub.simulator.games.environments import reconstruction_v0

STEPS = 200  # small: 4

env = reconstruction_v0.vector_env(topology="karate", copies=16, rounds=STEPS // 2)
observations, infos = env.reset(seed=0)
print(f"observations {observations.shape}, action space of one agent {env.single_action_space}")
began, earned = time.perf_counter(), 0.0
for _ in range(STEPS):
    observations, rewards, terminations, truncations, infos = env.step(env.action_space.sample())
    earned += rewards.sum()
seconds = time.perf_counter() - began
print(f"reward {earned / (STEPS * env.num_envs):.4f} for an agent and step")
print(f"{STEPS * env.num_envs / seconds:,.0f} steps of agents a second")
