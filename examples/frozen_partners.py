"""A Gymnasium environment: one newcomer among trained partners
============================================================

A population is trained and frozen. The newcomer takes the place of agent 0 and acts at random; its reward is what a
learner of your own would raise.
"""

import gymnasium

import hubbub
from hubbub.simulator.games.environments import register

STEPS, ROUNDS = 300, 200  # small: 5, 4

register()
run = hubbub.run("group-size", {"topology.n_agents": 4, "training.steps": STEPS, "training.learning_rate": 0.003})
partners = hubbub.load_system(run.path)  # from its newest checkpoint
env = gymnasium.make(
    "hubbub/Reconstruction-v0",
    partners=partners,
    topology=partners.topology,
    game=partners.game,
    channel=partners.channel,
    agent=0,
    rounds=ROUNDS,
)
observation, info = env.reset(seed=0)
total, over = 0.0, False
while not over:
    observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
    total, over = total + reward, terminated or truncated
print(f"the partners understand each other: {run.metric('success_all_pairs')[1][-1]:.2f}")
print(f"reward of a newcomer that acts at random: {total / ROUNDS:.3f} in each round")
