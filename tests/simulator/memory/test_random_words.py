from fractions import Fraction

import numpy as np
import pytest
import torch

from hubbub.simulator.memory.kernels.packing import pack, unpack
from hubbub.simulator.memory.kernels.random_words import (
    bit,
    draw_flips,
    draw_order,
    empty_words,
    spin_mask,
    uniform,
    word_at,
)
from hubbub.simulator.memory.random_words import bernoulli, chance_bits, orders, uniforms, words


def keys(*values):
    return torch.from_numpy(np.array(values, dtype=np.uint64).view(np.int64))


def compiled_flips(key, step, chance, n_spins):
    mask = spin_mask(n_spins)
    flips = np.zeros_like(mask)
    draw_flips(np.uint64(key), step, chance_bits(np.array([chance]))[0], mask, empty_words(mask), flips)
    return np.array([bit(flips, spin) for spin in range(n_spins)]), flips & ~mask


def test_the_published_outputs_of_splitmix64():
    drawn = words(keys(1234567), 1, 5).numpy().view(np.uint64)[0]
    assert drawn.tolist() == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert [word_at(np.uint64(1234567), np.uint64(number)) for number in range(1, 6)] == drawn.tolist()


@pytest.mark.parametrize("n_spins", [1, 63, 64, 65, 784])
@pytest.mark.parametrize("chance", [0.0, 1e-5, 0.3, 0.5, 1.0])
def test_plain_and_compiled_draws_are_the_same(n_spins, chance):
    chances = torch.from_numpy(chance_bits(np.array([chance])).view(np.int64))
    for step in (0, 1, 10**6):
        flips, beyond = compiled_flips(2**63 + 5, step, chance, n_spins)
        assert np.array_equal(bernoulli(keys(2**63 + 5), step, chances, n_spins)[0].numpy(), flips)
        assert not beyond.any()


def test_a_chance_is_compared_to_its_last_digit():
    word = words(keys(9), 0, 4).numpy().view(np.uint64)[0]  # 4 spins: digit r of all of them is in word r
    number = sum((int(word[place]) >> 16 & 0xFFFF) << (48 - 16 * place) for place in range(4))  # of spin 1
    for bits, expected in ((number, False), (number + 1, True), (number - 1, False)):
        chance = torch.from_numpy(np.array([bits], dtype=np.uint64).view(np.int64))
        assert bool(bernoulli(keys(9), 0, chance, 4)[0, 1]) is expected
        mask = spin_mask(4)
        flips = np.zeros_like(mask)
        draw_flips(np.uint64(9), 0, np.uint64(bits), mask, empty_words(mask), flips)
        assert bit(flips, 1) == expected


def test_binary_digits_of_a_chance():
    assert chance_bits(np.array([0.0, 0.5, 0.75, 2.0**-64])).tolist() == [0, 2**63, 3 * 2**62, 1]
    assert chance_bits(np.array([1.0]))[0] == 2**64 - 2**11
    assert int(chance_bits(np.array([0.1]))[0]) == Fraction(0.1) * 2**64


@pytest.mark.parametrize("chance", [0.02, 0.1, 1 / 3])
def test_flips_are_as_frequent_as_they_should_be_and_unrelated(chance):
    chances = torch.from_numpy(chance_bits(np.full(50, chance)).view(np.int64))
    many = torch.stack([bernoulli(keys(*range(50)), step, chances, 200) for step in range(40)]).double().numpy()
    sd = np.sqrt(chance * (1 - chance))
    assert abs(many.mean() - chance) < 4 * sd / np.sqrt(many.size)
    centred = (many - chance) / sd
    for axis in range(3):  # steps, copies, spins
        neighbours = (np.roll(centred, 1, axis) * centred).mean()
        assert abs(neighbours) < 4 / np.sqrt(many.size)


def test_uniforms_and_orders_plain_and_compiled():
    drawn = uniforms(keys(3, 4), 7, 11)
    assert drawn.tolist() == [[uniform(np.uint64(key), 77 + spin) for spin in range(11)] for key in (3, 4)]
    order = orders(keys(3), 2, 30)[0]
    assert np.array_equal(order, draw_order(np.uint64(3), 2, 30))
    assert sorted(order.tolist()) == list(range(30)) != order.tolist()


def test_packing_is_undone(coins):
    spins = coins(3, 77)
    assert pack(spins).shape == (3, 2)
    assert np.array_equal(unpack(pack(spins), 77), spins)
