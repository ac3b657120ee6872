from itertools import permutations

import networkx as nx
import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from hubbub.analysis.dialects import hop_distances, mantel_test
from hubbub.simulator.errors import ConfigurationError


def ring(n: int) -> np.ndarray:
    edges = np.array(nx.cycle_graph(n).edges)
    return hop_distances(np.concatenate([edges, edges[:, ::-1]]), n)


@pytest.mark.parametrize(("method", "theirs"), [("spearman", spearmanr), ("pearson", pearsonr)])
def test_the_value_is_the_correlation_over_pairs(method: str, theirs: object) -> None:
    far = ring(9)
    apart = np.random.default_rng(0).random((9, 9)).round(1)
    others = ~np.eye(9, dtype=bool)
    found = mantel_test(apart, far, method=method, permutations=0)
    assert found.value == pytest.approx(theirs(apart[others], far[others])[0])  # type: ignore[operator]
    assert found.n == 72


def test_a_straight_line_is_1_and_cannot_be_beaten() -> None:
    far = ring(12)
    for method in ("spearman", "pearson"):
        found = mantel_test(0.1 * far, far, method=method)
        assert found.value == pytest.approx(1)
        assert found.p_value < 0.01
        assert mantel_test(-far, far, method=method).p_value == 1


def test_the_null_is_that_of_all_orders_of_the_agents() -> None:
    """Rows and columns move together: pairs that share an agent go on sharing it."""
    rng = np.random.default_rng(1)
    own = rng.random(5)
    apart = own[:, None] + 2 * own + 0.1 * rng.random((5, 5))
    far = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) ** 2
    others = ~np.eye(5, dtype=bool)
    orders = [np.ix_(order, order) for order in permutations(range(5))]
    exact = [pearsonr(apart[order][others], far[others])[0] for order in orders]
    found = mantel_test(apart, far, method="pearson", generator=rng, permutations=4000)
    assert found.null is not None
    assert found.null.mean == pytest.approx(np.mean(exact), abs=0.02)
    assert found.null.sd == pytest.approx(np.std(exact), rel=0.05)
    assert found.p_value == pytest.approx(np.mean(np.array(exact) >= found.value - 1e-9), abs=0.03)


def test_pairs_without_a_path_are_counted_and_left_out() -> None:
    edges = np.array([[0, 1], [1, 0], [1, 2], [2, 1], [3, 4], [4, 3]])
    far = hop_distances(edges, 5)
    apart = np.where(np.isinf(far), 100, far)
    found = mantel_test(apart, far, method="pearson", permutations=20)
    assert found.value == pytest.approx(1)
    assert (found.n, found.reason) == (8, "12 of 20 ordered pairs left out: no path")


@pytest.mark.parametrize(
    ("apart", "far", "reason"),
    [
        (np.zeros((3, 3)), ring(3), "3 agents, at least 4 needed"),
        (np.zeros((5, 5)), ring(5), "dissimilarity does not vary over the 20 pairs with a path"),
        (np.random.default_rng(0).random((5, 5)), np.ones((5, 5)), "distance does not vary over the 20 pairs"),
        (np.zeros((4, 4)), np.full((4, 4), np.inf), "distance does not vary over the 0 pairs with a path; 12 of 12"),
        (np.zeros((0, 0)), np.zeros((0, 0)), "0 agents"),
    ],
)
def test_what_has_no_correlation(apart: np.ndarray, far: np.ndarray, reason: str) -> None:
    found = mantel_test(apart, far)
    assert np.isnan(found.value)
    assert found.reason.startswith(reason)


def test_the_door_refuses() -> None:
    with pytest.raises(ConfigurationError, match="method: expected one of spearman, pearson, got 'pearsn'; did you"):
        mantel_test(np.eye(5), ring(5), method="pearsn")
    with pytest.raises(ConfigurationError, match=r"distance: expected shape \(5, 5\)"):
        mantel_test(np.eye(5), ring(4))
    with pytest.raises(ConfigurationError, match="distance: expected numbers or infinity, got 25 NaN"):
        mantel_test(np.eye(5), np.full((5, 5), np.nan))
    with pytest.raises(ConfigurationError, match="dissimilarity: expected finite"):
        mantel_test(np.full((5, 5), np.nan), ring(5))


@pytest.mark.parametrize("apart", [False, True])
def test_the_null_is_that_of_the_permutations_drawn(apart: bool) -> None:
    """Where all pairs have a path and where some have none, which takes other pairs out of each permutation."""
    rng = np.random.default_rng(2)
    far, values = ring(10), rng.random((10, 10)).round(1)
    if apart:
        far[0, 5:7] = np.inf
    used = np.isfinite(far) & ~np.eye(10, dtype=bool)
    found = mantel_test(values, far, generator=np.random.default_rng(3), permutations=50)
    drawn = np.random.default_rng(3)
    orders = [drawn.permutation(10) for _ in range(50)]
    theirs = np.array([spearmanr(values[np.ix_(order, order)][used], far[used])[0] for order in orders])
    assert found.null is not None
    assert (found.null.mean, found.null.sd) == pytest.approx((theirs.mean(), theirs.std(ddof=1)))
    assert found.p_value == (1 + np.count_nonzero(theirs >= found.value - 1e-12)) / 51
