"""Every draw by its address."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from hubbub.simulator.randomness import RandomStreams

CPU = torch.device("cpu")


def test_draws_do_not_depend_on_what_was_drawn_before():
    rng = RandomStreams(7)
    first = rng.at("pairing", 3).random(5)
    rng.at("noise", 3).random(1000)
    rng.at("pairing", 2).random(1000)
    assert np.array_equal(rng.at("pairing", 3).random(5), first)
    assert np.array_equal(RandomStreams(7).at("pairing", 3).random(5), first)


def test_neighbouring_addresses_give_different_draws():
    """Among them the pairs whose digits read alike when they are written one after the other."""
    addresses = [("a", 1, 23), ("a", 12, 3), ("a", 123), ("a", 1, 2, 3), ("a1", 23), ("a", 1), ("a", 1, 0), ("a",)]
    draws = [RandomStreams(seed).at(*address).integers(2**62) for seed in (0, 1) for address in addresses]
    assert len(set(draws)) == len(draws)


def test_keys_fill_128_bits():
    keys = [RandomStreams(0)._key("a", (number,)) for number in range(64)]
    assert all(any(key >> bit & 1 for key in keys) and not all(key >> bit & 1 for key in keys) for bit in range(128))


def test_streams_are_unrelated():
    """Correlations between streams stay within five standard errors."""
    draws = np.stack(
        [RandomStreams(3).at(*address).standard_normal(4000) for address in [("a", 0), ("a", 1), ("b", 0)]]
    )
    correlations = np.corrcoef(draws)
    assert all(abs(correlations[i, j]) < 5 / np.sqrt(4000) for i, j in itertools.combinations(range(3), 2))


@pytest.mark.parametrize(
    "draw",
    [
        lambda n: RandomStreams(1).at("x", 4).random((n, 3)),
        lambda n: RandomStreams(1).at("x", 4).random((n, 3), dtype=np.float32),
        lambda n: RandomStreams(1).at("x", 4).integers(7, size=(n, 3)),
        lambda n: RandomStreams(1).at("x", 4).standard_exponential((n, 3), dtype=np.float32),
        lambda n: RandomStreams(1).gumbel((n, 3), CPU, "x", 4).numpy(),
    ],
)
def test_one_more_row_changes_no_earlier_row(draw):
    assert np.array_equal(draw(6)[:5], draw(5))


def test_gumbel_draws_have_the_moments_of_the_distribution():
    """Mean γ = 0.5772, standard deviation π / √6 = 1.2825."""
    draws = RandomStreams(5).gumbel((200_000,), CPU, "gumbel", 0)
    assert draws.dtype == torch.float32
    assert draws.isfinite().all()
    assert draws.mean().item() == pytest.approx(0.5772, abs=0.015)
    assert draws.std().item() == pytest.approx(1.2825, abs=0.015)


def test_gumbel_draws_stay_finite_where_the_exponential_draw_is_0(monkeypatch):
    """NumPy's float32 exponential is exactly 0 about once in ten million draws."""

    class Zeros:
        def standard_exponential(self, shape, dtype):
            return np.zeros(shape, dtype)

    monkeypatch.setattr(RandomStreams, "at", lambda self, stream, *address: Zeros())
    assert RandomStreams(0).gumbel((3,), CPU, "gumbel").isfinite().all()


def test_torch_generator_repeats_and_varies():
    first, again, other = (
        torch.rand(4, generator=RandomStreams(2).torch_at(CPU, "init", block)).tolist() for block in (0, 0, 1)
    )
    assert first == again
    assert first != other
