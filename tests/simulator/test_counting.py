"""Numbers of things that are there, and exact parts of a whole."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.simulator.counting import numbers_below, part
from hubbub.simulator.errors import ConfigurationError


def test_all_shares_of_two_decimals_of_all_numbers_up_to_2000() -> None:
    for hundredths in range(101):
        share = hundredths / 100
        for n in range(1, 2001, 1 if hundredths % 10 == 7 else 37):
            assert part(share, n) == Fraction(hundredths * n, 100)
    assert math.ceil(part(0.07, 100)) == 7
    assert math.floor(part(0.29, 100)) == 29


@given(numerator=st.integers(0, 999), denominator=st.integers(1, 999), n=st.integers(0, 10**6))
def test_simple_fractions_are_exact(numerator: int, denominator: int, n: int) -> None:
    assert part(numerator / denominator, n) == Fraction(numerator * n, denominator)


def test_sums_of_shares_and_shares_that_are_no_simple_fraction() -> None:
    assert math.ceil(part(0.1 + 0.2, 100)) == 30
    assert math.ceil(part(1e-9, 5)) == 1
    assert part(math.pi / 4, 3) == Fraction(math.pi / 4) * 3


@pytest.mark.parametrize("wrong", [[3], [-1], [0.5], [math.nan], [math.inf], ["a"]])
def test_what_is_not_there_is_refused(wrong: list[object]) -> None:
    with pytest.raises(ConfigurationError, match=r"agents: expected 0 … 2, got"):
        numbers_below(np.array(wrong), 3, name="agents")
    assert numbers_below(np.array([0.0, 2.0]), 3, name="agents").tolist() == [0, 2]
