import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.analysis.temporal import Branches, delta_of_mu, h_of_mu, mu_of_delta, mu_of_h
from hubbub.simulator.errors import ConfigurationError


@pytest.mark.parametrize(
    ("walk", "mu", "h", "delta"),
    [
        ("AJ", 1.5, 0.75, 0.5),
        ("AJ", 2.5, 0.75, 1 / 1.5),
        ("AJ", 3.5, 0.5, 0.5),
        ("SJ", 1.5, 0.5, 0.25),
        ("SJ", 2.5, 0.5, 0.5),
        ("SV", 1.5, 1.25, 1),
        ("SV", 2.5, 0.75, 1 / 1.5),
        ("SV", 4, 0.5, 0.5),
    ],
)
def test_exponents_of_each_walk(walk: str, mu: float, h: float, delta: float) -> None:
    assert h_of_mu(mu, walk=walk) == pytest.approx(h)
    assert delta_of_mu(mu, walk=walk) == pytest.approx(delta)


@given(mu=st.floats(1.01, 2.99), walk=st.sampled_from(["AJ", "SJ", "SV"]))
def test_every_branch_leads_back(mu: float, walk: str) -> None:
    for there, back in ((h_of_mu, mu_of_h), (delta_of_mu, mu_of_delta)):
        value = there(mu, walk=walk)
        branches = back(value, walk=walk)
        for branch in (branches.below_two, branches.above_two):
            if math.isfinite(branch):
                assert there(branch, walk=walk) == pytest.approx(value)
        if walk == "AJ" and abs(mu - 2) > 0.01:
            assert branches.nearest(mu) == pytest.approx(mu)


def test_h_has_two_branches_and_a_fit_decides() -> None:
    branches = mu_of_h(0.75)
    assert (branches.below_two, branches.above_two) == (1.5, 2.5)
    assert branches.nearest(1.7) == 1.5
    assert branches.nearest(2.2) == 2.5
    assert math.isnan(mu_of_h(0.5, walk="SJ").nearest(2))
    assert math.isnan(mu_of_h(0.4).nearest(2))
    assert Branches(math.nan, 2.5).nearest(1) == 2.5
    assert mu_of_h(1.25, walk="SV").below_two == pytest.approx(1.5)
    assert mu_of_delta(0.25, walk="SJ").below_two == pytest.approx(1.5)


def test_the_door_of_exponent_relations() -> None:
    with pytest.raises(ConfigurationError, match="mu: expected an exponent above 1, got 1"):
        h_of_mu(1)
    with pytest.raises(ConfigurationError, match="walk: expected one of AJ, SJ, SV, got 'AV'"):
        mu_of_delta(0.6, walk="AV")
