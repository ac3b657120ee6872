from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.simulator.training.magnitude import magnitude_masks, weights_of

WEIGHTS = {
    "first": torch.tensor([[[1.0, -4.0], [0.5, 3.0]], [[1.0, 1.0], [2.0, 2.0]]]),
    "bias": torch.zeros(2, 2),
    "second": torch.tensor([[[2.0, -0.1]], [[0.5, 0.2]]]),
}


def test_biases_are_no_weights() -> None:
    assert weights_of(WEIGHTS) == ["first", "second"]


def test_the_smallest_of_each_network_go() -> None:
    masks = magnitude_masks(WEIGHTS, torch.tensor([0.5, 1 / 6], dtype=torch.float64), scope="network")
    assert masks["first"].tolist() == [[[0, 1], [0, 1]], [[1, 1], [1, 1]]]
    assert masks["second"].tolist() == [[[1, 0]], [[1, 0]]]


def test_the_smallest_of_each_layer_go() -> None:
    masks = magnitude_masks(WEIGHTS, torch.tensor([0.5, 0.5], dtype=torch.float64), scope="layer")
    assert masks["first"].tolist() == [[[0, 1], [0, 1]], [[0, 0], [1, 1]]]
    assert masks["second"].tolist() == [[[1, 0]], [[1, 0]]]


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 0.98), st.integers(0, 2**31))
def test_exactly_the_share_goes_and_no_kept_weight_is_smaller(share: float, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    weights = {"a": torch.randn(2, 5, 7, generator=generator), "b": torch.randn(2, 3, 5, generator=generator)}
    masks = magnitude_masks(weights, torch.tensor([share, 0.0], dtype=torch.float64), scope="network")
    kept = torch.cat([mask.flatten(1) for mask in masks.values()], dim=1).bool()
    sizes = torch.cat([values.abs().flatten(1) for values in weights.values()], dim=1)
    n_gone = int(share * 50 + 0.5)
    assert (~kept).sum(1).tolist() == [n_gone, 0]
    if n_gone:
        assert sizes[0][kept[0]].min() >= sizes[0][~kept[0]].max()
