from __future__ import annotations

import math

import numpy as np
import pytest

from hubbub.analysis.percolation import transition_step
from hubbub.simulator.errors import ConfigurationError


def test_a_sigmoid_is_half_way_at_its_middle() -> None:
    steps = np.arange(0, 2000, 10)
    curve = 0.1 + 0.9 / (1 + np.exp(-(steps - 700) / 80))
    assert transition_step(steps.tolist(), curve.tolist(), level=0.55) == pytest.approx(700, abs=1)


def test_one_record_alone_is_no_transition() -> None:
    curve = [0.0, 0.0, 0.9, 0.0, 0.0, 0.0, 0.9, 0.9, 0.9]
    assert transition_step(range(9), curve, level=0.5) == pytest.approx(5 + (0.5 - 0.3) / 0.3)


def test_what_does_not_rise_has_no_step() -> None:
    assert math.isnan(transition_step([0, 1, 2, 3], [0.1, 0.2, 0.3, 0.3], level=0.5))
    assert math.isnan(transition_step([0, 1, 2, 3], [0.9, 0.9, 0.9, 0.9], level=0.5))


def test_steps_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="ascending"):
        transition_step([1, 0], [0, 1], level=0.5)
