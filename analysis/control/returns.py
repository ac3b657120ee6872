"""Returns of agents, and returns relative to a reference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from hubbub.analysis.validation import MAY_BE_NAN, validated
from hubbub.simulator.errors import ConfigurationError, complaint


@validated(stated_shapes=True, rewards=MAY_BE_NAN, actions=MAY_BE_NAN)
def returns(
    rewards: Float[np.ndarray, "S C T"],
    actions: Float[np.ndarray, "S C T A"] | None = None,
    action_costs: Sequence[float] | None = None,
) -> Float[np.ndarray, " S"]:
    """Return the mean return of each agent over its episodes, `[S]`.

    NaN for an agent with an episode without any reward, for example where its weights are not finite.

    Parameters
    ----------
    rewards
        Rewards of S agents in C episodes of T steps, `[S, C, T]`; NaN after the end of an episode.
    actions, action_costs
        With both given, `[S, C, T, A]` and `[S]`, the reward of each step is reduced by the cost of the agent times the
        sum of its squared actions.

    Raises
    ------
    ConfigurationError
        Shapes that do not fit, or an axis of length 0.
    """
    net = rewards
    if action_costs is not None and len(action_costs) != len(rewards):
        raise ConfigurationError(
            complaint("action_costs", expected=f"{len(rewards)}, one for each agent", got=len(action_costs))
        )
    if 0 in rewards.shape:
        raise ConfigurationError(complaint("rewards", expected="shape [S, C, T], none of them 0", got=rewards.shape))
    if actions is not None and action_costs is not None:
        net = rewards - np.reshape(action_costs, (-1, 1, 1)) * np.square(actions).sum(-1)
    totals = np.where(np.isnan(net).all(axis=-1), np.nan, np.nansum(net, axis=-1))
    return totals.mean(axis=-1)


@validated(value=MAY_BE_NAN, reference=MAY_BE_NAN, baseline=MAY_BE_NAN)
def performance_ratio(value: float, reference: float, *, baseline: float) -> float:
    """Return the normalised return (value − baseline) / (reference − baseline).

    1 if the agent has the return of the reference, 0 if it has that of the baseline, for example of random actions.
    Returns may be negative.
    """
    return (value - baseline) / (reference - baseline)
