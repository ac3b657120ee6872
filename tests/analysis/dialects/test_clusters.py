import numpy as np
import pytest
from scipy.cluster.hierarchy import cut_tree, linkage
from scipy.spatial.distance import squareform
from sklearn.metrics import silhouette_score

from hubbub.analysis.dialects import cluster
from hubbub.analysis.dialects.clusters import by_size
from hubbub.simulator.errors import ConfigurationError


def blocks(sizes: list[int], *, within: float = 0.9, between: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    labels = np.repeat(np.arange(len(sizes)), sizes)
    matrix = np.where(labels[:, None] == labels, within, between)
    np.fill_diagonal(matrix, 1)
    return matrix, labels


def noisy(n: int, seed: int) -> np.ndarray:
    points = np.random.default_rng(seed).random((n, 2))
    return 1 - np.linalg.norm(points[:, None] - points, axis=2)


@pytest.mark.parametrize("sizes", [[4, 3], [5, 4, 3], [3, 3, 3, 3]])
def test_blocks_are_found(sizes: list[int]) -> None:
    matrix, labels = blocks(sizes)
    found = cluster(matrix)
    assert found.n_clusters == len(sizes)
    assert found.labels.tolist() == labels.tolist()
    assert found.silhouette == pytest.approx((0.8 - 0.1) / 0.8)


def test_labels_go_by_size_whatever_the_order_of_the_agents() -> None:
    matrix, labels = blocks([2, 5, 3])
    order = np.random.default_rng(0).permutation(10)
    found = cluster(matrix[np.ix_(order, order)])
    assert found.labels.tolist() == np.array([2, 0, 1])[labels[order]].tolist()
    assert by_size(np.array([7, 3, 3, 7, 5])).tolist() == [0, 1, 1, 0, 2]


def test_silhouette_and_cuts_are_those_of_the_libraries() -> None:
    matrix = noisy(25, 1)
    found = cluster(matrix)
    distances = 1 - matrix
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), "average")
    for n, silhouette in found.silhouettes.items():
        theirs = cut_tree(tree, n)[:, 0]
        assert by_size(theirs).tolist() == found.cut(n).tolist()
        assert silhouette == pytest.approx(silhouette_score(distances, theirs, metric="precomputed"))
    assert found.silhouette == max(found.silhouettes.values())
    assert set(found.silhouettes) == set(range(2, 11))


def test_a_wanted_number_and_a_threshold() -> None:
    matrix, labels = blocks([4, 3, 2])
    assert cluster(matrix, n_clusters=2).n_clusters == 2
    assert cluster(matrix, n_clusters=9).labels.tolist() == list(range(9))
    assert cluster(matrix, n_clusters=1).labels.tolist() == [0] * 9
    assert cluster(matrix, threshold=0.5).labels.tolist() == labels.tolist()
    assert cluster(matrix, threshold=0.9).labels.tolist() == labels.tolist()
    assert cluster(matrix, threshold=0.95).n_clusters == 9
    assert cluster(matrix, threshold=0.1).n_clusters == 1


def test_a_tree_is_cut_at_any_threshold() -> None:
    matrix, labels = blocks([4, 3, 2])
    found = cluster(matrix)
    assert found.at(0.5).tolist() == labels.tolist()
    assert found.at(0.1).tolist() == [0] * 9
    for threshold in (0.95, 0.3):
        assert found.at(threshold).tolist() == cluster(matrix, threshold=threshold).labels.tolist()


def test_a_success_matrix_is_clustered_by_the_mean_of_both_directions() -> None:
    success, labels = blocks([4, 3])
    tilted = success + 0.1 * np.sign(np.subtract.outer(np.arange(7), np.arange(7)))
    np.fill_diagonal(tilted, 0.0)  # who does not understand itself is no stranger
    found = cluster(tilted)
    assert found.labels.tolist() == labels.tolist()
    assert found.silhouette == pytest.approx(cluster(success).silhouette)


def test_one_language_is_one_dialect() -> None:
    found = cluster(np.ones((6, 6)))
    assert found.labels.tolist() == [0] * 6
    assert np.isnan(found.silhouette)
    strangers = cluster(np.eye(6))
    assert strangers.n_clusters == 1
    assert cluster(np.ones((2, 2))).labels.tolist() == [0, 0]
    assert cluster(np.ones((1, 1))).labels.tolist() == [0]


def test_the_door_refuses() -> None:
    with pytest.raises(ConfigurationError, match="similarity: expected shape"):
        cluster(np.ones((2, 3)))
    with pytest.raises(ConfigurationError, match="similarity: expected finite numbers"):
        cluster(np.full((2, 2), np.nan))
    with pytest.raises(ConfigurationError, match="got both"):
        cluster(np.eye(3), n_clusters=2, threshold=0.5)
    with pytest.raises(ConfigurationError, match="n_clusters: expected 1 … 3, got 4"):
        cluster(np.eye(3), n_clusters=4)
