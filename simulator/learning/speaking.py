"""How a speaker learns from what its listeners understood: one function per estimator of the gradient."""

from __future__ import annotations

import torch

from hubbub.simulator.agents import Speech
from hubbub.simulator.channel import Channel


def gumbel_backward(speech: Speech, gradient: torch.Tensor, channel: Channel) -> None:
    """Carry the listeners' `gradient [M, G, L, V]` back through the straight-through messages.

    Added to it: the length cost, with the expected length as the sum over positions of the relaxed probability that
    the message has not ended before, and the entropy bonus. Jang et al. (2017); Havrylov & Titov (2017).
    """
    assert speech.relaxed is not None
    loss = (speech.relaxed * gradient).sum() + _own_terms(speech, channel)
    if channel.length_cost and channel.end_symbol:
        goes_on = torch.cumprod(1 - speech.relaxed[..., 0], dim=-1)[..., :-1]
        loss = loss + channel.length_cost * goes_on.sum(-1).mean(1).sum()
    loss.backward()


def reinforce_backward(speech: Speech, log_likelihood: torch.Tensor, channel: Channel) -> None:
    """Follow the score function with the listener's log-likelihood, less the length cost, as reward `[M, G]`.

    The baseline is the mean over the games of an exchange, so every speaker has its own, and advantages are divided
    by their standard deviation there; so G must be at least 2. Williams (1992).
    """
    assert speech.log_probability is not None
    reward = log_likelihood - channel.length_cost * speech.lengths
    advantage = (reward - reward.mean(1, keepdim=True)) / (reward.std(1, keepdim=True) + 1e-3)
    loss = -(advantage * speech.log_probability).mean(1).sum() + _own_terms(speech, channel)
    loss.backward()


def _own_terms(speech: Speech, channel: Channel) -> torch.Tensor | float:
    """Return the part of the loss that needs no listener: the entropy bonus."""
    if not channel.entropy_bonus or speech.entropy is None:
        return 0.0
    return -channel.entropy_bonus * speech.entropy.mean(1).sum()
