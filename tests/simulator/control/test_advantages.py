from __future__ import annotations

import pytest
import torch

from hubbub.simulator.control.advantages import advantages


def found(terminated: list[bool], ended: list[bool], gae_lambda: float) -> list[float]:
    rewards, values = torch.tensor([[1.0, 2.0, 4.0]]), torch.tensor([[0.5, 0.25, 1.0]])
    following = torch.tensor([[0.25, 3.0, 8.0]])
    flags = (torch.tensor([flags]) for flags in (terminated, ended))
    return advantages(rewards, values, following, *flags, discount=0.5, gae_lambda=gae_lambda)[0].tolist()


def test_without_an_end_td_errors_are_summed() -> None:
    td_errors = [1 + 0.125 - 0.5, 2 + 1.5 - 0.25, 4 + 4 - 1.0]
    expected = [td_errors[0] + 0.25 * (td_errors[1] + 0.25 * td_errors[2]), td_errors[1] + 0.25 * td_errors[2], 7.0]
    assert found([False] * 3, [False] * 3, 0.5) == pytest.approx(expected)


def test_a_truncated_episode_keeps_the_value_of_its_last_state_and_a_terminated_one_does_not() -> None:
    cut = found([False] * 3, [False, True, False], 1.0)
    over = found([False, True, False], [False, True, False], 1.0)
    assert cut[1] == pytest.approx(2 + 0.5 * 3 - 0.25)
    assert over[1] == pytest.approx(2 - 0.25)
    assert cut[0] == pytest.approx(1.125 - 0.5 + 0.5 * cut[1])
    assert over[2] == cut[2] == pytest.approx(7.0)


def test_with_lambda_one_it_is_the_discounted_return_less_the_value() -> None:
    [first, *_] = found([False, False, True], [False, False, True], 1.0)
    # A value cancels with the next value of the step before where both are equal; here 0.25 and 0.25, 3 and 1.
    assert first == pytest.approx(1 + 0.5 * 2 + 0.25 * 4 - 0.5 + 0.5 * (0.25 - 0.25) + 0.25 * (3 - 1))
