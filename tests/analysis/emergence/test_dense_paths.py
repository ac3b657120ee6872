import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.emergence import Counting, closed_form_paths, path_emergence_stack
from hubbub.simulator.errors import ConfigurationError

SIZES = (5, 4, 6, 3)


def activations(n_networks: int, n_samples: int, *, seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.normal(0, 0.2, (n_networks, n_samples, size)) for size in SIZES]


def listed(active: list[np.ndarray], links: list[np.ndarray], *, product: str = "n") -> int:
    """Number of paths of one network by enumeration: all combinations of units in the layers between are tried."""
    paths = 0
    for first, last in itertools.combinations(range(len(active)), 2):
        for way in itertools.product(*(range(len(active[k])) for k in range(first, last + 1))):
            linked = all(links[first + s][way[s + 1], way[s]] for s in range(last - first))
            between = all(active[first + s][way[s]] for s in range(1, last - first)) or product == "n"
            paths += linked and between and not active[first][way[0]] and active[last][way[-1]]
    return paths


def test_the_example_by_hand() -> None:
    assert closed_form_paths([3, 4, 2], [1, 2, 1]) == 14
    assert closed_form_paths([3, 4, 2], [1, 2, 1], product="a") == 10


def test_networks_go_along_any_axes() -> None:
    active = np.array([[[1, 2, 1], [3, 4, 2]], [[0, 0, 0], [0, 4, 2]]])
    np.testing.assert_array_equal(closed_form_paths([3, 4, 2], active), [[14, 0], [0, 36]])


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_linear_in_the_active_units_of_each_layer(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(2, 9), min_size=2, max_size=5))
    active = np.array([data.draw(st.integers(0, size)) for size in sizes], dtype=float)
    layer = data.draw(st.integers(0, len(sizes) - 1))
    ends, between = np.tile(active, (2, 1)), active.copy()
    ends[:, layer] = 0, sizes[layer]
    share = active[layer] / sizes[layer]
    expected = closed_form_paths(sizes, ends) @ [1 - share, share]
    assert closed_form_paths(sizes, between) == pytest.approx(expected)


@pytest.mark.parametrize("product", ["n", "a"])
def test_paths_are_those_that_can_be_listed(product: str) -> None:
    rng = np.random.default_rng(1)
    units = activations(3, 1)
    masks = [rng.random((3, SIZES[k + 1], SIZES[k])) < 0.6 for k in range(3)]
    full = [np.ones_like(mask) for mask in masks]
    pruned = path_emergence_stack(units, masks=masks, product=product, sweep=())
    closed = path_emergence_stack(units, product=product, sweep=())
    for network in range(3):
        active = [layer[network, 0] > 0.05 for layer in units]
        assert pruned.value[network] == listed(active, [mask[network] for mask in masks], product=product)
        assert closed.value[network] == listed(active, [mask[network] for mask in full], product=product)
    assert (pruned.value < closed.value).all()


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["n", "a"]), st.sampled_from(["mean", "sample", "any"]), st.integers(0, 99))
def test_full_masks_give_the_closed_form(product: str, activity: str, seed: int) -> None:
    units = activations(2, 4, seed=seed)
    full = [np.ones((2, SIZES[k + 1], SIZES[k])) for k in range(3)]
    masked = path_emergence_stack(units, masks=full, product=product, activity=activity)
    closed = path_emergence_stack(units, product=product, activity=activity)
    np.testing.assert_array_equal(masked.swept, closed.swept)
    np.testing.assert_array_equal(masked.active, closed.active)
    np.testing.assert_array_equal(masked.relative, closed.relative)


def test_a_stack_gives_each_network_its_own() -> None:
    units = activations(4, 3)
    masks = [np.random.default_rng(2).random((4, SIZES[k + 1], SIZES[k])) < 0.7 for k in range(3)]
    stack = path_emergence_stack(units, masks=masks)
    for network in range(4):
        own = [layer[network : network + 1] for layer in units]
        alone = path_emergence_stack(own, masks=[mask[network] for mask in masks])
        assert alone.value[0] == stack.value[network]
        assert alone.relative[0] == stack.relative[network]


def test_rules_of_activity() -> None:
    """Two samples, in which a unit is off and on: active by "mean" and "any", and in one of two by "sample"."""
    units = [np.array([[[0.0, 0.0], [0.2, 0.0]]]), np.ones((1, 2, 1))]
    values = {activity: path_emergence_stack(units, activity=activity) for activity in ("mean", "any", "sample")}
    assert {name: float(found.value[0]) for name, found in values.items()} == {"mean": 1, "any": 1, "sample": 1.5}
    assert values["sample"].active.tolist() == [[0.5, 1]]
    np.testing.assert_array_equal(values["mean"].thresholds, [0.01, 0.02, 0.05, 0.1, 0.2])
    np.testing.assert_array_equal(values["mean"].swept, [[1, 1, 1, 2, 2]])
    assert values["mean"].counting == Counting(activity="mean", masked=False)


def test_relative_to_links_or_to_what_is_given() -> None:
    units = [np.zeros((1, 1, 3)), np.ones((1, 1, 2))]
    assert path_emergence_stack(units).relative.tolist() == [1]
    mask = np.array([[1, 0, 0], [0, 1, 1]])
    pruned = path_emergence_stack(units, masks=[mask])
    assert (pruned.value.tolist(), pruned.n_parameters.tolist()) == ([3], [3])
    assert path_emergence_stack(units, n_parameters=12).relative.tolist() == [0.5]


def test_no_paths_and_why() -> None:
    on, off = np.ones((1, 1, 3)), np.zeros((1, 1, 3))
    reasons = {
        "every unit where a path could begin is active": ([on, on], None),
        "no unit where a path could end is active": ([off, off], None),
        "no hidden layer, so no unit where a path could begin": ([off], None),
        "no path leads from an inactive unit to an active one": ([off, on], [np.zeros((3, 3))]),
    }
    for reason, (units, masks) in reasons.items():
        found = path_emergence_stack(units, masks=masks)
        assert (found.value[0], found.relative[0], found.reason[0]) == (0, 0, reason)
    assert path_emergence_stack([off, on]).reason.tolist() == [""]


def test_counts_beyond_an_integer_keep_their_digits() -> None:
    sizes, active = [512] * 30, [200] * 30
    exact = sum(312 * 200 * 512 ** (j - i - 1) for i in range(30) for j in range(i + 1, 30))
    assert closed_form_paths(sizes, active) == pytest.approx(exact, rel=1e-13)
    assert math.log10(exact) > 80
    with pytest.raises(ConfigurationError, match=r"paths: expected at most 1.8e308, got more"):
        closed_form_paths([512] * 130, [200] * 130)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda units: path_emergence_stack(units, masks=[np.ones((4, 5))]), "masks: expected 3, one for each pair of"),
        (
            lambda units: path_emergence_stack(units, masks=[np.ones((4, 5)), np.ones((4, 6)), np.ones((3, 6))]),
            r"masks\[1\]: expected shape \[2, 6, 4\], got \(4, 6\)",
        ),
        (lambda units: path_emergence_stack([units[0], units[1] * np.nan]), r"activations\[1\]: .* got 24 others"),
        (lambda units: path_emergence_stack([units[0], units[1][:1]]), r"activations\[1\]: expected shape \[2, 3, n\]"),
        (lambda units: path_emergence_stack([units[0][0]]), r"activations\[0\]: expected shape \[N, M, units\]"),
        (lambda units: path_emergence_stack([]), "one array for each layer"),
        (lambda units: path_emergence_stack(units, activity="means"), "activity: .* did you mean 'mean'"),
        (lambda units: path_emergence_stack(units, threshold=np.nan), "threshold: expected a finite number, got nan"),
        (lambda units: path_emergence_stack(units, product="b"), "product: expected one of n, a"),
        (lambda units: closed_form_paths([3, 4], [1, 5]), "active: expected between 0 and"),
        (lambda units: closed_form_paths([3, 4], [1, 2, 3]), "active: expected shape"),
        (lambda units: closed_form_paths([3, 4], [1, 2], product="b"), "product: expected one of n, a"),
    ],
)
def test_bad_input_is_refused(wrong, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        wrong(activations(2, 3))
