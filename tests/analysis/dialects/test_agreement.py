import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from hubbub.analysis.dialects import agreement
from hubbub.analysis.dialects.agreement import group_numbers
from hubbub.simulator.errors import ConfigurationError


def test_four_agents_by_hand() -> None:
    # Pairs together on the left: 2; on the right: 2; in both: 0 of 6. (0 − 2/3) / (2 − 2/3) = −1/2.
    assert agreement(np.array([0, 0, 1, 1]), ["a", "b", "a", "b"]).rand.value == pytest.approx(-0.5)
    # Together: 2 and 3, in both 1 … {0,1}{2,3} against {0,1,2}{3}: (1 − 1) / (2.5 − 1) = 0.
    assert agreement(np.array([0, 0, 1, 1]), ["a", "a", "a", "b"]).rand.value == pytest.approx(0)
    # Together: 1 and 2, in both 1 of 6: (1 − 1/3) / (3/2 − 1/3) = 4/7.
    assert agreement(np.array([0, 0, 1, 2]), ["a", "a", "b", "b"]).rand.value == pytest.approx(4 / 7)
    assert agreement(np.array([0, 0, 1, 1]), ["x", "x", "y", "y"]).rand.value == 1
    assert agreement(np.array([0, 0, 1, 1]), ["x", "x", "y", "y"]).mutual_information.value == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=25))
def test_both_indices_are_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    found = agreement(left, right.tolist(), permutations=0)
    assert found.rand.value == pytest.approx(adjusted_rand_score(left, right), abs=1e-9)
    assert found.mutual_information.value == pytest.approx(adjusted_mutual_info_score(left, right), abs=1e-9)


def test_chance_is_zero_and_a_real_agreement_is_seen() -> None:
    rng = np.random.default_rng(2)
    groups = np.repeat([0, 1], 17)
    nothing = agreement(rng.permutation(groups), groups.tolist(), generator=rng)
    for measure in (nothing.rand, nothing.mutual_information):
        assert measure.null is not None
        assert abs(measure.null.mean) < 4 * measure.null.sd / np.sqrt(measure.null.n)
        assert measure.p_value > 0.01
    labels = groups.copy()
    labels[:2] = 1
    much = agreement(labels, groups.tolist())
    assert much.rand.value > 0.7
    assert much.rand.p_value == pytest.approx(1 / 1001)
    assert much.mutual_information.p_value == pytest.approx(1 / 1001)


def test_agents_without_a_group_are_left_out() -> None:
    found = agreement(np.array([0, 0, 1, 1, 0, 1]), ["a", "a", "b", "b", None, float("nan")])
    assert (found.rand.value, found.rand.n) == (1, 4)
    nobody = agreement(np.array([0, 1]), [None, None])
    assert nobody.rand.reason == nobody.mutual_information.reason == "fewer than 2 agents with a known group"
    assert group_numbers(["b", None, "a", "b"], n_agents=4).tolist() == [0, -1, 1, 0]


def test_as_many_groups_as_agents_are_needed() -> None:
    with pytest.raises(ConfigurationError, match="partition: expected 3 values, got 2"):
        agreement(np.array([0, 1, 1]), ["a", "b"])
