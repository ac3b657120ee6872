from __future__ import annotations

import math

import pytest

from hubbub.analysis.crossing import crossing
from hubbub.simulator.errors import ConfigurationError


def test_a_level_is_passed_on_a_straight_line() -> None:
    assert crossing([1, 2, 4], [-1, 1, 5]) == pytest.approx(1.5)
    assert crossing([1, 2, 4], [-1, 1, 5], level=3) == pytest.approx(3)
    assert crossing([0, 1, 2, 3], [-1, 0, -1, 1]) == 1  # the first time


@pytest.mark.parametrize("values", [[-3, -2, -1], [1, 2, 3], [1, -1, 2]])
def test_what_does_not_rise_through_it_has_no_crossing(values: list[float]) -> None:
    assert math.isnan(crossing([1, 2, 3], values))


def test_settings_must_ascend() -> None:
    with pytest.raises(ConfigurationError, match="ascending, one for each value"):
        crossing([2, 1], [0, 1])
