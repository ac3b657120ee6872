"""A PettingZoo environment: random agents on a ring
=================================================

The games as a parallel environment. Agents that speak and answer at random are understood by chance.
"""

from hubbub.simulator.games.environments import reconstruction_v0

ROUNDS = 100  # small: 4

env = reconstruction_v0.parallel_env(topology="karate", rounds=ROUNDS)
observations, infos = env.reset(seed=0)
successes = []
while env.agents:
    actions = {name: env.action_space(name).sample() for name in env.agents}
    observations, rewards, terminations, truncations, infos = env.step(actions)
    successes += [info["success"] for info in infos.values() if info.get("success") is not None]
print(f"{len(env.possible_agents)} agents, {len(successes)} answers")
print(f"understood: {sum(successes) / len(successes):.3f}")
