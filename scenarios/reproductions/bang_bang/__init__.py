"""Seyde et al.: policies of the extremes earn what Gaussian ones do, which go to the extremes, until actions cost."""

from __future__ import annotations

from functools import partial

from hubbub.scenarios.reproductions.bang_bang.claims import claims
from hubbub.scenarios.reproductions.bang_bang.environments import FULL, SMALL, Environment
from hubbub.scenarios.reproductions.bang_bang.figures import figures
from hubbub.scenarios.reproductions.catalogue import Reproduction, reproduction, sizes


@reproduction("bang-bang")
@sizes(small={"environments": SMALL}, full={"environments": FULL})
def bang_bang(*, environments: tuple[Environment, ...]) -> Reproduction:
    """Gaussian, Bernoulli and bang-off-bang policies with and without a cost of actions, and students across heads."""
    settings = "; ".join(
        f"{of.title}: {of.seeds} seeds, {of.steps} steps of PPO of {of.ppo['n_envs']} × {of.ppo['horizon']} moments, "
        f"learning rate {of.learning_rate:g}, γ = {of.ppo['discount']}, cost {of.cost:g}"
        for of in environments
    )
    return Reproduction(
        "Bang-bang control",
        "Seyde et al., arXiv 2111.02552",
        [of.design() for of in environments],
        partial(claims, environments=environments),
        partial(figures, environments=environments),
        [f"{settings}. Two hidden layers of 64 ReLU units for policy and value each.", *REMARKS],
        digits=6,
    )


REMARKS = (
    "Returns are those of likeliest actions in whole episodes that begin the same for all agents; actions lie in "
    "[−1, 1], and a cost c takes c·a² from the reward of every step. What counts as equal (within 10 % of what the "
    "Gaussian earns above uniform actions), as piled up (more than half of the actions beyond .95) and as learnt is "
    "ours.",
    "Gaussian heads are those of common PPO: not squashed, clipped by the environment. A drawn action lies at a bound "
    "also because noise carries it there, so the mass is judged by likeliest actions.",
    "Caution: a Bernoulli policy pays the whole cost in every step, whatever it does, so that it loses is arithmetic. "
    "What is learnt is the other side: what the Gaussian saves.",
    "The source trains several algorithms, MPO among them, on the DeepMind Control Suite; PPO on the double "
    "integrator and the pendulum stands for that here.",
)
