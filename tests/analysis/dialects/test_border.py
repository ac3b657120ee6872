import networkx as nx
import numpy as np
import pytest
from scipy.optimize import curve_fit

from hubbub.analysis.dialects import border_or_continuum, cluster, dialect_border, hop_distances
from hubbub.simulator.errors import ConfigurationError


def hops(graph: nx.Graph) -> np.ndarray:
    edges = np.array(graph.edges).reshape(-1, 2)
    return hop_distances(np.concatenate([edges, edges[:, ::-1]]), len(graph))


RING = hops(nx.cycle_graph(32))
QUARTERS = np.repeat(np.arange(4), 8)


def noisy(values: np.ndarray, seed: int, sd: float = 0.05) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, sd, values.shape)
    return values + (noise + noise.T) / 2


def decay(far: np.ndarray) -> np.ndarray:
    return 0.05 + 0.6 * np.exp(-(far - 1) / 1.5)


def step(labels: np.ndarray) -> np.ndarray:
    return np.where(labels[:, None] == labels, 0.6, 0.1)


@pytest.mark.parametrize("seed", range(3))
def test_each_kind_is_recognised_with_dialects_found_in_other_data(seed: int) -> None:
    for truth, expected in ((decay(RING), "continuum"), (step(QUARTERS), "border")):
        labels = cluster(noisy(truth, 100 + seed)).labels
        assert border_or_continuum(noisy(truth, seed), RING, labels).result == expected


def test_the_numbers_of_a_clear_border() -> None:
    found = border_or_continuum(noisy(step(QUARTERS), 0), RING, QUARTERS)
    assert found.border > 0.95 > found.continuum > 0
    assert found.both == pytest.approx(found.border, abs=0.01)
    assert (found.within, found.between) == (pytest.approx(0.6, abs=0.01), pytest.approx(0.1, abs=0.01))
    assert found.advantage.value == pytest.approx(found.border - found.continuum)
    low, high = found.advantage.interval or (0, 0)
    assert 0 < low < found.advantage.value < high
    assert found.reason == ""


def test_the_numbers_of_a_clear_continuum_are_those_of_scipy() -> None:
    values = noisy(decay(RING), 1, sd=0.02)
    found = border_or_continuum(values, RING, QUARTERS)
    others = ~np.eye(32, dtype=bool)
    (floor, _, length), _ = curve_fit(
        lambda d, c, a, xi: c + a * np.exp(-d / xi), RING[others], values[others], p0=(0, 1, 2)
    )
    assert found.decay_hops == pytest.approx(length, rel=0.1)
    assert found.floor == pytest.approx(floor, abs=0.01)
    assert found.continuum > 0.95


def test_border_and_decay_together() -> None:
    found = border_or_continuum(noisy(step(QUARTERS) * np.exp(-RING / 8), 0), RING, QUARTERS)
    assert found.both > max(found.border, found.continuum) + 0.03
    assert found.result == "border on a gradient"
    assert found.gradient.value == pytest.approx(found.both - found.border)
    low, high = found.gradient.interval or (0, 0)
    assert 0 < low < found.gradient.value < high


def test_what_linked_pairs_lose_at_the_cut() -> None:
    """Means and loss by hand, and the jackknife with each agent left out."""
    values = noisy(step(QUARTERS[:16]), 3)
    far, labels = hops(nx.cycle_graph(16)), QUARTERS[:16]
    found = border_or_continuum(values, far, labels).linked

    def means(kept: np.ndarray) -> tuple[float, float]:
        near, same = far[np.ix_(kept, kept)] == 1, labels[kept, None] == labels[kept]
        return values[np.ix_(kept, kept)][near & same].mean(), values[np.ix_(kept, kept)][near & ~same].mean()

    within, across = means(np.arange(16))
    assert (found.within, found.across) == (pytest.approx(within), pytest.approx(across))
    assert found.loss.value == pytest.approx(1 - across / within)
    lost = [1 - np.divide(*means(np.delete(np.arange(16), agent))[::-1]) for agent in range(16)]
    error = np.sqrt(14 / 32 * ((lost - np.mean(lost)) ** 2).sum())
    inside = far == 1
    independent = values[inside & (labels[:, None] == labels)].std() / within / np.sqrt(2)
    low, high = found.loss.interval or (0, 0)
    assert (high - low) / 2 == pytest.approx(1.96 * max(error, independent))


@pytest.mark.parametrize("bridges", [1, 2])
def test_two_cliques_have_a_border_although_a_decay_imitates_it(bridges: int) -> None:
    graph = nx.disjoint_union(nx.complete_graph(10), nx.complete_graph(10))
    graph.add_edges_from((agent, 10 + agent) for agent in range(bridges))
    halves, far = np.repeat([0, 1], 10), hops(graph)
    found = border_or_continuum(noisy(step(halves), 0), far, halves)
    assert found.result == "border"
    assert found.continuum > 0.9  # the pairs at one hop are all alike but those of the bridges
    level = np.where(far == 1, 0.6, 0.1)
    assert border_or_continuum(noisy(level, 0), far, halves).result in ("continuum", "neither")


def test_values_that_are_not_above_0_lose_nothing() -> None:
    found = border_or_continuum(noisy(step(QUARTERS) - 1, 0), RING, QUARTERS)
    assert np.isnan(found.linked.loss.value) and "above 0" in found.linked.loss.reason
    assert found.result == "neither"


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_neither(seed: int) -> None:
    labels = cluster(noisy(np.zeros((32, 32)), 50 + seed)).labels
    assert border_or_continuum(noisy(np.zeros((32, 32)), seed), RING, labels).result == "neither"


def test_the_error_is_that_of_leaving_out_each_agent() -> None:
    """The border model by hand: means within and across over the pairs of all others."""
    values, labels = noisy(step(QUARTERS[:12]), 3), QUARTERS[:12]
    far = hops(nx.cycle_graph(12))
    same = labels[:, None] == labels
    total = 0.0
    for agent in range(12):
        rest = np.delete(np.arange(12), agent)
        others = ~np.eye(11, dtype=bool)
        kept, alike = values[np.ix_(rest, rest)], same[np.ix_(rest, rest)]
        within, across = kept[others & alike].mean(), kept[others & ~alike].mean()
        total += 2 * ((values[agent, rest] - np.where(same[agent, rest], within, across)) ** 2).sum()
    variance = values[~np.eye(12, dtype=bool)].var()
    assert border_or_continuum(values, far, labels).border == pytest.approx(1 - total / (2 * 132) / variance)


def messages(of_agent: np.ndarray, seed: int) -> np.ndarray:
    """Return messages `[N, 40, 4]` of agents whose code is a mixture: share of referents named as each of the codes."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(1, 20, (of_agent.shape[1], 40, 4))
    chosen = np.array([rng.choice(len(share), 40, p=share) for share in of_agent])
    return codes[chosen, np.arange(40)]


def test_dialects_in_messages() -> None:
    found = dialect_border(messages(np.eye(4)[QUARTERS] * 0.8 + 0.05, 0), RING)
    assert found.result == "border"
    near = np.exp(-RING[:, ::2] / 1.5)
    found = dialect_border(messages(near / near.sum(axis=1, keepdims=True), 0), RING)
    assert found.result == "continuum"
    assert found.continuum > found.border


def test_the_same_luck_gives_the_same_result() -> None:
    said = messages(np.eye(4)[QUARTERS] * 0.8 + 0.05, 1)
    assert repr(dialect_border(said, RING)) == repr(dialect_border(said, RING))  # in which NaN equals NaN


def test_pairs_without_a_path_are_counted_and_left_out() -> None:
    far = hops(nx.disjoint_union(nx.path_graph(8), nx.path_graph(8)))
    labels = np.tile(np.repeat([0, 1], 4), 2)
    found = border_or_continuum(noisy(step(labels), 0), far, labels)
    assert found.result == "border"
    assert found.reason == "128 of 240 ordered pairs left out: no path"


def test_edges_in_one_direction_only() -> None:
    far = hop_distances(np.stack([np.arange(9), np.arange(1, 10)], axis=1), 10)
    found = border_or_continuum(
        noisy(decay(np.abs(np.subtract.outer(np.arange(10), np.arange(10)))), 0), far, QUARTERS[:10]
    )
    assert found.result in ("continuum", "not decided")
    assert found.continuum > found.border
    star = hop_distances(np.array([[0, i] for i in range(1, 7)]), 7)
    assert "1 different distances" in border_or_continuum(noisy(np.zeros((7, 7)), 0), star, QUARTERS[:7]).reason


@pytest.mark.parametrize(
    ("values", "far", "labels", "reason"),
    [
        (np.eye(5), hops(nx.cycle_graph(5)), np.arange(5), "5 agents, at least 6 needed"),
        (np.eye(8), hops(nx.complete_graph(8)), QUARTERS[4:12], "1 different distances, at least 3 needed"),
        (np.ones((12, 12)), hops(nx.cycle_graph(12)), QUARTERS[:12], "all pairs have the same value"),
        (noisy(np.eye(12), 0), hops(nx.cycle_graph(12)), np.zeros(12), "no pair with a path is in different dialects"),
        (noisy(np.eye(12), 0), hops(nx.cycle_graph(12)), np.arange(12), "no pair with a path is in the same dialect"),
        (np.eye(8), np.full((8, 8), np.inf), np.zeros(8), "0 different distances, at least 3 needed; 56 of 56"),
    ],
)
def test_what_cannot_be_decided(values: np.ndarray, far: np.ndarray, labels: np.ndarray, reason: str) -> None:
    found = border_or_continuum(values, far, labels)
    assert found.result == "not decided"
    assert found.reason.startswith(reason)
    assert np.isnan([found.border, found.continuum, found.advantage.value, found.decay_hops]).all()


def test_messages_with_nothing_to_decide() -> None:
    assert dialect_border(np.ones((12, 6, 3), int), hops(nx.cycle_graph(12))).reason == "all pairs have the same value"
    assert dialect_border(np.ones((12, 1, 3), int), hops(nx.cycle_graph(12))).reason == "1 referent, at least 2 needed"
    assert dialect_border(np.ones((1, 6, 3), int), np.zeros((1, 1))).reason == "1 agents, at least 6 needed"


def test_the_door_refuses() -> None:
    with pytest.raises(ConfigurationError, match=r"labels: expected shape \(32,\), got \(8,\)"):
        border_or_continuum(np.eye(32), RING, np.arange(8))
    with pytest.raises(ConfigurationError, match="distance: expected shape"):
        dialect_border(np.ones((12, 6, 3), int), RING)
    with pytest.raises(ConfigurationError, match="values: expected finite"):
        border_or_continuum(np.full((32, 32), np.nan), RING, QUARTERS)
