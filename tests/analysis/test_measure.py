import numpy as np
import pytest
from scipy.stats import ttest_1samp

from hubbub.analysis.measure import Measure, Null, against_null, mean_over_agents, over_seeds, undefined


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


def test_the_interval_over_seeds_is_students() -> None:
    found = over_seeds([1.0, 2.0, 3.0, 6.0])
    low, high = ttest_1samp([1, 2, 3, 6], 0).confidence_interval(0.95)
    assert found.value == 3
    assert found.interval == pytest.approx((low, high))
    assert (found.n, found.reason) == (4, "")
    assert [each.value for each in found.each] == [1, 2, 3, 6]


def test_seeds_without_a_value_are_left_out_and_told() -> None:
    seeds = [Measure(0.5, "bits", "entropy", 9), undefined("all alike", unit="bits", estimator="entropy")]
    found = over_seeds(seeds)
    assert (found.value, found.unit, found.n, found.interval) == (0.5, "bits", 1, None)
    assert found.reason == "1 of 2 seeds left out"
    assert found.each == tuple(seeds)
    assert found.estimator.endswith("entropy")
    nothing = over_seeds(seeds[1:])
    assert np.isnan(nothing.value)
    assert nothing.reason == "1 of 1 seeds left out"
    assert over_seeds([]).reason == "no seeds"
    assert over_seeds([2.0, 2.0]).interval == (2, 2)


def test_rounding_is_no_spread() -> None:
    null = np.array([0.1 + 0.2, 0.3, 0.3]) * 1e3
    assert 0 < null.std() < 1e-9
    assert np.isnan(against_null(300.1, null, unit="1", estimator="m", n=3, model="same").z_score)
    assert against_null(1e-6, null * 1e-9, unit="1", estimator="m", n=3, model="small").z_score != 0


def test_a_measure_shows_itself_shortly() -> None:
    plain = Measure(0.5, "1", "mean", 3)
    assert repr(plain) == "<Measure 0.5, n = 3>"
    known = Measure(1.25, "bits", "plug-in <b>", 9, Null(0.1, 0.02, 99, "permuted"), 0.01, (1.0, 1.5), "1 left out")
    assert repr(known) == (
        "<Measure 1.25 bits, 95 % interval 1 to 1.5, 0.1 ± 0.02 by chance, p = 0.01, n = 9, 1 left out>"
    )
    shown = known._repr_html_()
    assert "plug-in &lt;b&gt;" in shown and "permuted" in shown and "<b>" not in shown
