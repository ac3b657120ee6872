from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.func import functional_call

from hubbub.simulator.training.top_k import TopK, kept_of, strongest


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape, dtype=np.float32))


def keeping(kept: int, places: int) -> TopK:
    layer = TopK(places)
    layer.kept.fill_(kept)
    return layer


@settings(max_examples=20, deadline=None)
@given(kept=st.integers(1, 12), seed=st.integers(0, 99))
def test_exactly_k_of_each_sample_and_channel_remain_the_strongest(kept: int, seed: int) -> None:
    activations = drawn(2, 5, 3, 4, seed=seed)
    found = keeping(kept, 12)(activations)
    assert torch.count_nonzero(found.flatten(2), dim=2).eq(kept).all()
    assert torch.equal(found[found != 0], activations[found != 0])
    weakest_kept = found.abs().masked_fill(found == 0, torch.inf).flatten(2).amin(2)
    strongest_gone = activations.abs().masked_fill(found != 0, 0).flatten(2).amax(2)
    assert (weakest_kept > strongest_gone).all()


def test_what_is_kept_and_what_is_not_make_the_whole() -> None:
    activations = drawn(2, 5, 3, 4)
    mask = strongest(activations.flatten(-2), torch.tensor(4)).view_as(activations)
    rest = activations * (1 - mask)
    assert torch.equal(keeping(4, 12)(activations) + rest, activations)
    assert torch.count_nonzero(rest).item() == 2 * 5 * 8
    assert torch.equal(TopK(12)(activations), activations)


def test_k_of_equal_magnitudes_are_kept_and_negative_ones_are_strong() -> None:
    assert strongest(torch.ones(2, 6), torch.tensor(4)).tolist() == [[1, 1, 1, 1, 0, 0]] * 2
    assert strongest(torch.tensor([1.0, -3.0, 2.0]), torch.tensor(2)).tolist() == [0, 1, 1]


def test_the_gradient_goes_through_those_kept() -> None:
    activations = drawn(1, 2, 3, 3).requires_grad_()
    found = keeping(2, 9)(activations)
    [gradient] = torch.autograd.grad((3 * found).sum(), [activations])
    assert torch.equal(gradient, 3 * (found != 0).float())


def test_networks_of_a_stack_keep_different_numbers() -> None:
    activations = drawn(3, 2, 4, 3, 3)
    counts = torch.tensor([1, 5, 9])

    def one(kept: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
        return functional_call(TopK(9), {"kept": kept}, (own,))

    together = torch.vmap(one)(counts, activations)
    for kept, own, found in zip(counts.tolist(), activations, together, strict=True):
        assert torch.equal(found, keeping(kept, 9)(own))


@pytest.mark.parametrize(("share", "places", "kept"), [(0.3, 256, 76), (0.05, 16, 1), (1.0, 64, 64), (0.1, 64, 6)])
def test_a_share_is_rounded_down_and_one_remains(share: float, places: int, kept: int) -> None:
    assert kept_of(share, places) == kept
