"""How a speaker learns from what its listeners understood: one loss per estimator of the gradient."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int

from hubbub.simulator.agents import Speech
from hubbub.simulator.channel import Channel


def gumbel_loss(speech: Speech, gradient: Float[torch.Tensor, "M G L V"], channel: Channel) -> Float[torch.Tensor, ""]:
    """Return a loss that carries the listeners' `gradient [M, G, L, V]` back through the straight-through messages.

    Added to it: the length cost, with the expected length as the sum over positions of the relaxed probability that
    the message has not ended before, and the entropy bonus. Jang et al. (2017); Havrylov & Titov (2017).
    """
    assert speech.relaxed is not None
    loss = (speech.relaxed * gradient).sum() + _entropy_loss(speech, channel)
    if channel.length_cost and channel.end_symbol:
        goes_on = torch.cumprod(1 - speech.relaxed[..., 0], dim=-1)[..., :-1]
        loss = loss + channel.length_cost * goes_on.sum(-1).mean(1).sum()
    return loss


def advantages(
    log_likelihood: Float[torch.Tensor, "M G"], lengths: Int[torch.Tensor, "M G"], channel: Channel
) -> Float[torch.Tensor, "M G"]:
    """Return by how much the reward of a game exceeds the mean of its exchange, in standard deviations, `[M, G]`.

    The reward is the listener's log-likelihood, less the cost of the `lengths` of the messages.
    """
    reward = log_likelihood - channel.length_cost * lengths
    return (reward - reward.mean(1, keepdim=True)) / (reward.std(1, keepdim=True) + 1e-3)


def reinforce_loss(
    speech: Speech, log_likelihood: Float[torch.Tensor, "M G"], channel: Channel
) -> Float[torch.Tensor, ""]:
    """Return the score-function loss with the listener's log-likelihood, less the length cost, as reward `[M, G]`.

    The baseline is the mean over the games of an exchange, so every speaker has its own, and advantages are divided
    by their standard deviation there; so G must be at least 2. Williams (1992).
    """
    assert speech.log_probability is not None
    advantage = advantages(log_likelihood, speech.lengths, channel)
    return -(advantage * speech.log_probability).mean(1).sum() + _entropy_loss(speech, channel)


def _entropy_loss(speech: Speech, channel: Channel) -> torch.Tensor | float:
    """Return the entropy bonus as a loss: the part that needs no listener."""
    if not channel.entropy_bonus or speech.entropy is None:
        return 0.0
    return -channel.entropy_bonus * speech.entropy.mean(1).sum()
