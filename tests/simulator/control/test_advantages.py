from __future__ import annotations

import pytest
import torch

from hubbub.simulator.control.advantages import advantages


def found(terminated: list[bool], ended: list[bool], trace: float) -> list[float]:
    rewards, values = torch.tensor([[1.0, 2.0, 4.0]]), torch.tensor([[0.5, 0.25, 1.0]])
    following = torch.tensor([[0.25, 3.0, 8.0]])
    flags = (torch.tensor([flags]) for flags in (terminated, ended))
    return advantages(rewards, values, following, *flags, discount=0.5, trace=trace)[0].tolist()


def test_without_an_end_surprises_are_summed() -> None:
    surprises = [1 + 0.125 - 0.5, 2 + 1.5 - 0.25, 4 + 4 - 1.0]
    expected = [surprises[0] + 0.25 * (surprises[1] + 0.25 * surprises[2]), surprises[1] + 0.25 * surprises[2], 7.0]
    assert found([False] * 3, [False] * 3, 0.5) == pytest.approx(expected)


def test_an_episode_that_is_cut_off_keeps_its_promise_and_one_that_is_over_does_not() -> None:
    cut = found([False] * 3, [False, True, False], 1.0)
    over = found([False, True, False], [False, True, False], 1.0)
    assert cut[1] == pytest.approx(2 + 0.5 * 3 - 0.25)
    assert over[1] == pytest.approx(2 - 0.25)
    assert cut[0] == pytest.approx(1.125 - 0.5 + 0.5 * cut[1])
    assert over[2] == cut[2] == pytest.approx(7.0)


def test_with_a_trace_of_one_it_is_what_came_less_what_was_expected() -> None:
    [first, *_] = found([False, False, True], [False, False, True], 1.0)
    # Values in between cancel where each is the one that was foreseen; here they are 0.25 and 0.25, 3 and 1.
    assert first == pytest.approx(1 + 0.5 * 2 + 0.25 * 4 - 0.5 + 0.5 * (0.25 - 0.25) + 0.25 * (3 - 1))
