import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.emergence import (
    causal_emergence,
    coarse_grained,
    effective_information,
    estimated_effective_information,
)
from hubbub.simulator.errors import ConfigurationError

HOEL = np.array([[1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 3]]) / 3


@pytest.mark.parametrize("n", [2, 5, 16])
def test_ring_and_complete_graph(n: int) -> None:
    ring = nx.to_numpy_array(nx.cycle_graph(n, create_using=nx.DiGraph))
    found = effective_information(ring)
    assert found.value == pytest.approx(np.log2(n))
    assert (found.determinism, found.degeneracy, found.n) == (pytest.approx(np.log2(n)), pytest.approx(0), n)
    assert effective_information(np.ones((n, n))).value == pytest.approx(0, abs=1e-12)


def test_a_star_is_certain_and_degenerate() -> None:
    """Four leaves lead to the hub with probability 1, and the hub to one of four: one row of five has log2 4 bits."""
    star = nx.to_numpy_array(nx.star_graph(4))
    mean = np.array([4, 0.25, 0.25, 0.25, 0.25]) / 5
    found = effective_information(star)
    assert found.value == pytest.approx(-(mean * np.log2(mean)).sum() - 2 / 5)
    assert found.value == pytest.approx(found.determinism - found.degeneracy)


def test_states_without_a_way_out_are_left_out() -> None:
    found = effective_information(np.array([[0, 2, 2], [0, 0, 7], [0, 0, 0]]))
    assert found.n == 2
    assert found.value == pytest.approx(-(0.25 * np.log2(0.25) + 0.75 * np.log2(0.75)) - 0.5)
    none = effective_information(np.zeros((3, 3)))
    assert np.isnan(none.value)
    assert none.reason == "no state has a transition out of it"
    assert causal_emergence(np.zeros((3, 3))).reason == none.reason


def test_hoels_four_states() -> None:
    found = causal_emergence(HOEL)
    assert found.micro.value == pytest.approx(0.8113, abs=1e-4)
    assert found.macro.value == pytest.approx(1)
    assert found.value == pytest.approx(1 - 0.8113, abs=1e-4)
    assert found.groups.tolist() == [0, 0, 0, 1]
    assert found.estimator == "every partition"
    np.testing.assert_allclose(coarse_grained(HOEL, found.groups), np.eye(2))


def test_a_ring_is_best_as_it_is() -> None:
    for n in (6, 12):
        found = causal_emergence(np.roll(np.eye(n), 1, axis=1))
        assert (found.value, found.groups.tolist()) == (0, list(range(n)))


def test_greedy_merging_finds_the_groups_of_many_states() -> None:
    """Eight states that lead to each other with equal probabilities, two that lead to themselves, and some noise."""
    groups = np.repeat(np.arange(3), [1, 8, 1])
    rows = np.where(groups[:, None] == groups, 1.0, 0.02)
    found = causal_emergence(rows)
    assert found.estimator == "greedy merging"
    assert found.groups.tolist() == groups.tolist()
    assert found.value == pytest.approx(
        effective_information(coarse_grained(rows / rows.sum(1, keepdims=True), groups)).value
        - effective_information(rows).value
    )
    assert found.value > 0.1


def test_greedy_merging_is_at_least_as_good_as_its_first_step() -> None:
    for seed in range(5):
        rows = np.random.default_rng(seed).dirichlet(np.full(10, 0.1), size=10)
        rows[4:] = rows[4]
        merged = []
        for one, other in itertools.combinations(range(10), 2):
            groups = np.unique(np.where(np.arange(10) == other, one, np.arange(10)), return_inverse=True)[1]
            merged.append(effective_information(coarse_grained(rows, groups)).value)
        found = causal_emergence(rows)
        assert found.macro.value >= max(merged) - 1e-9 > found.micro.value


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 6), st.integers(0, 999))
def test_no_grouping_beats_the_one_found(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.dirichlet(np.full(n, 0.4), size=n)
    found = causal_emergence(rows)
    assert 0 <= found.value <= np.log2(n)
    groups = np.unique(rng.integers(0, n, n), return_inverse=True)[1]
    assert effective_information(coarse_grained(rows, groups)).value <= found.macro.value + 1e-9


def test_transitions_counted_in_a_record() -> None:
    rng = np.random.default_rng(0)
    states = [0]
    for _ in range(8000):
        states.append(rng.choice(4, p=HOEL[states[-1]] * 0.99 + 0.0025))
    found = estimated_effective_information(np.array(["a", "b", "c", "d"])[states], shuffles=30)
    assert found.value == pytest.approx(effective_information(HOEL * 0.99 + 0.0025).value, abs=0.03)
    assert found.null is not None
    assert (found.null.model, found.n) == ("time shuffled", 8000)
    assert found.null.mean < 0.02
    assert found.p_value == pytest.approx(1 / 31)


def test_too_few_transitions_and_bad_matrices() -> None:
    short = estimated_effective_information(np.arange(5))
    assert np.isnan(short.value)
    assert short.reason == "4 samples, at least 25 needed"
    with pytest.raises(ConfigurationError, match=r"transitions: expected numbers ≥ 0, got -1.0"):
        effective_information(np.array([[0, -1], [1, 0]]))
    with pytest.raises(ConfigurationError, match="transitions: expected numbers ≥ 0, got 'no states'"):
        causal_emergence(np.zeros((0, 0)))
    with pytest.raises(ConfigurationError, match=r"transitions: expected shape \[N, N\]"):
        causal_emergence(np.ones((2, 3)))
    with pytest.raises(ConfigurationError, match="expected finite numbers, got 4 others"):
        effective_information(np.full((2, 2), np.nan))
    with pytest.raises(ConfigurationError, match="states: expected shape"):
        estimated_effective_information(np.zeros((3, 3)))
