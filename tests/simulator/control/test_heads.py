from __future__ import annotations

import math

import pytest
import torch
from torch.distributions import Bernoulli, Categorical, Normal

from hubbub.simulator.control.heads import HEADS, Heads

OUTPUTS = torch.tensor([[[0.3, -0.2], [1.0, 2.5]], [[-0.7, 0.1], [-0.2, -3.0]]])  # [samples, A, 2]
LOG_STD = torch.tensor([-0.4, 0.2])
ONE = torch.tensor([[0.3, -0.5]])


def noise(n: int) -> torch.Tensor:
    return torch.randn(n, generator=torch.Generator().manual_seed(1))


def test_a_gaussian_is_the_normal_distribution() -> None:
    actions = torch.tensor([[0.4, -2.0], [1.5, 0.0]])
    peer = Normal(OUTPUTS[..., 1] - OUTPUTS[..., 0], LOG_STD.exp())
    head = HEADS["gaussian"]
    torch.testing.assert_close(head.log_probability(OUTPUTS, LOG_STD, actions), peer.log_prob(actions).sum(-1))
    torch.testing.assert_close(head.entropy(OUTPUTS, LOG_STD), peer.entropy().sum(-1))
    torch.testing.assert_close(head.mode(OUTPUTS), peer.mean)
    drawn = head.sample(ONE.expand(20000, 1, 2), LOG_STD[:1], noise(20000)[:, None])
    assert drawn.mean().item() == pytest.approx(-0.8, abs=0.02)
    assert drawn.std().item() == pytest.approx(math.exp(-0.4), rel=0.02)


def test_a_bernoulli_chooses_between_the_extremes() -> None:
    peer = Bernoulli(logits=OUTPUTS[..., 1] - OUTPUTS[..., 0])
    head = HEADS["bernoulli"]
    for actions in (torch.tensor([[1.0, -1.0], [-1.0, -1.0]]), torch.tensor([[1.0, 1.0], [-1.0, 1.0]])):
        own = head.log_probability(OUTPUTS, LOG_STD, actions)
        torch.testing.assert_close(own, peer.log_prob((actions + 1) / 2).sum(-1))
    torch.testing.assert_close(head.entropy(OUTPUTS, LOG_STD), peer.entropy().sum(-1))
    assert head.mode(OUTPUTS).tolist() == [[-1, 1], [1, -1]]
    drawn = head.sample(ONE.expand(20000, 1, 2), LOG_STD[:1], noise(20000)[:, None])
    assert set(drawn.flatten().tolist()) == {-1, 1}
    assert (drawn == 1).double().mean().item() == pytest.approx(1 / (1 + math.exp(0.8)), abs=0.01)


def test_bang_off_bang_has_three_values() -> None:
    three = torch.stack([OUTPUTS[..., 0], torch.zeros(2, 2), OUTPUTS[..., 1]], -1)
    peer, head = Categorical(logits=three), HEADS["bang-off-bang"]
    for actions in (torch.tensor([[1.0, 0.0], [-1.0, -1.0]]), torch.tensor([[0.0, 1.0], [0.0, 1.0]])):
        own = head.log_probability(OUTPUTS, LOG_STD, actions)
        torch.testing.assert_close(own, peer.log_prob(actions + 1).sum(-1))
    torch.testing.assert_close(head.entropy(OUTPUTS, LOG_STD), peer.entropy().sum(-1))
    assert head.mode(OUTPUTS).tolist() == [[-1, 1], [1, 0]]
    drawn = head.sample(ONE.expand(20000, 1, 2), LOG_STD[:1], noise(20000)[:, None])
    shares = [(drawn == value).double().mean().item() for value in (-1, 0, 1)]
    expected = torch.tensor([0.3, 0.0, -0.5]).softmax(0).tolist()
    assert shares == pytest.approx(expected, abs=0.012)


@pytest.mark.parametrize("kind", ["bernoulli", "bang-off-bang"])
def test_an_action_between_two_values_is_the_weighted_mean_of_both(kind: str) -> None:
    head = HEADS[kind]

    def of(action: float) -> float:
        return head.log_probability(ONE[None], LOG_STD[:1], torch.tensor([[action]])).item()

    low, share = (-1.0, 0.65) if kind == "bernoulli" else (0.0, 0.3)
    assert of(0.3) == pytest.approx(share * of(1.0) + (1 - share) * of(low))


def test_networks_of_every_head_go_side_by_side() -> None:
    kinds = ["bernoulli", "gaussian", "bang-off-bang", "gaussian"]
    outputs, log_std = torch.randn(4, 5, 2, 2), torch.randn(4, 1, 2)
    together = Heads(kinds).apply(lambda head, s: head.entropy(outputs[s], log_std[s]))
    alone = [HEADS[kind].entropy(outputs[row], log_std[row]) for row, kind in enumerate(kinds)]
    torch.testing.assert_close(together, torch.stack(alone))
