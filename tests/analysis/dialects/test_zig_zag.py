import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.dialects import hop_distances, zig_zag


def ring(n: int) -> np.ndarray:
    edges = np.array(nx.cycle_graph(n).edges)
    return hop_distances(np.concatenate([edges, edges[:, ::-1]]), n)


def noisy(values: np.ndarray, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 0.03, values.shape)
    return values + (noise + noise.T) / 2


def test_a_line_with_an_alternation_by_hand() -> None:
    far = ring(16)
    found = zig_zag(0.9 - 0.05 * far + 0.2 * (-1) ** far, far)
    assert found.found
    assert found.amplitude.value == pytest.approx(0.2)
    assert zig_zag(0.5 - 0.2 * (-1) ** far, far).amplitude.value == pytest.approx(-0.2)


@pytest.mark.parametrize("seed", range(5))
def test_only_what_goes_up_and_down_is_a_zig_zag(seed: int) -> None:
    far = ring(24)
    assert zig_zag(noisy(np.where(far % 2, 0.1, 0.7) * np.exp(-far / 5), seed), far).found
    assert not zig_zag(noisy(np.exp(-far / 1.5), seed), far).found
    assert not zig_zag(noisy(np.where(far < 3, 0.7, 0.1), seed), far).found
    assert not zig_zag(noisy(np.full((24, 24), 0.3), seed), far).found


def test_too_short_graphs_have_none() -> None:
    found = zig_zag(np.eye(7), ring(7))
    assert not found.found
    assert found.amplitude.reason == "3 different distances, at least 4 needed"
    assert zig_zag(np.eye(3), np.full((3, 3), np.inf)).amplitude.reason.startswith("0 different")
    assert zig_zag(np.ones((1, 1)), np.zeros((1, 1))).amplitude.reason.startswith("0 different")
