"""The games as environments: PettingZoo for N agents on a topology, Gymnasium for one agent among frozen partners.

A round is one exchange of every agent that found a partner: speakers speak, then listeners answer. The
environments play by the same `Game`, `Channel` and `reward` as the trainer.

>>> from hubbub.simulator.games.environments import reconstruction_v0
>>> env = reconstruction_v0.parallel_env()
>>> observations, infos = env.reset(seed=1)
>>> sorted(observations)
['agent_0', 'agent_1', 'agent_2', 'agent_3']
"""


def register() -> None:
    """Make the environments known by name to `gymnasium.make` and `pettingzoo.make`; calling it again is harmless.

    Gymnasium: `hubbub/Reconstruction-v0`, `hubbub/Discrimination-v0` (option `partners` is required). PettingZoo, both
    as "parallel" and as "aec": `hubbub/reconstruction_v0`, `hubbub/discrimination_v0`.
    """
    import gymnasium
    import pettingzoo

    for game in ("reconstruction", "discrimination"):
        module = f"{__name__}.{game}_v0"
        if f"hubbub/{game.capitalize()}-v0" not in gymnasium.registry:
            gymnasium.register(
                f"hubbub/{game.capitalize()}-v0",
                entry_point=f"{module}:one_agent_env",
                vector_entry_point=f"{module}:one_agent_vector_env",
            )
            pettingzoo.register("parallel", f"hubbub/{game}_v0", entry_point=f"{module}:parallel_env")
            pettingzoo.register("aec", f"hubbub/{game}_v0", entry_point=f"{module}:env")
