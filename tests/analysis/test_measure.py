import numpy as np
import pytest

from analysis.measure import Measure, against_null, mean_over_agents, undefined


def test_the_p_value_counts_the_null_and_the_value_itself() -> None:
    found = against_null(2.0, np.array([1.0, 2.0, 3.0]), unit="1", estimator="mean", n=9, model="shuffled")
    assert found.p_value == pytest.approx(3 / 4)
    assert found.z_score == pytest.approx(0)
    assert float(found) == 2.0
    assert against_null(2.0, np.empty(0), unit="1", estimator="mean", n=9, model="shuffled").null is None


def test_the_mean_over_agents_leaves_out_the_undefined() -> None:
    each = [Measure(1.0, "1", "m", 5), undefined("constant", unit="1", estimator="m"), Measure(0.0, "1", "m", 5)]
    found = mean_over_agents(each, np.array([[1.0, np.nan, 0.0], [0.5, np.nan, 0.0]]), model="shuffled")
    assert found.value == 0.5
    assert found.n == 2
    assert found.null is not None
    assert found.null.mean == pytest.approx(0.375)
    assert found.reason == "1 of 3 agents left out: constant"
    assert found.each == tuple(each)
    nobody = mean_over_agents(each[1:2], np.empty((0, 1)), model="shuffled")
    assert (nobody.n, nobody.reason) == (0, "constant")
