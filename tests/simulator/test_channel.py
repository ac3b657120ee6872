"""The one rule for length and end of a message."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.simulator.channel import Channel
from hubbub.simulator.configuration import validate
from hubbub.simulator.errors import ConfigurationError

HAND_CASES = [
    # as written, as padded, length
    ([3, 1, 2, 0], [3, 1, 2, 0], 4),  # the end symbol comes last
    ([3, 0, 2, 0], [3, 0, 0, 0], 2),  # and in the middle: it counts, what follows does not
    ([0, 1, 2, 3], [0, 0, 0, 0], 1),  # and first: the shortest message
    ([3, 1, 2, 3], [3, 1, 2, 3], 4),  # and never: L symbols
]


@pytest.mark.parametrize(("written", "padded", "length"), HAND_CASES)
def test_end_symbol_ends_the_message_and_counts(written, padded, length):
    channel, message = Channel(vocabulary=4), torch.tensor(written)
    assert channel.pad(message).tolist() == padded
    assert channel.lengths(message).item() == length
    assert channel.alive(message).tolist() == [position < length for position in range(4)]


@pytest.mark.parametrize(("written", "padded", "length"), HAND_CASES)
def test_without_end_symbol_every_symbol_is_part_of_the_message(written, padded, length):
    channel, message = Channel(vocabulary=4, end_symbol=False), torch.tensor(written)
    assert channel.pad(message).tolist() == written
    assert channel.lengths(message).item() == 4
    assert channel.alive(message).all()


@given(st.lists(st.lists(st.integers(0, 2), min_size=5, max_size=5), min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_rule_in_plain_python(rows):
    channel, messages = Channel(vocabulary=3, max_length=5), torch.tensor(rows)
    cut = [row[: row.index(0) + 1] if 0 in row else row for row in rows]
    assert channel.lengths(messages).tolist() == [len(row) for row in cut]
    assert channel.pad(messages).tolist() == [row + [0] * (5 - len(row)) for row in cut]


def test_transmit_replaces_only_symbols_whose_flip_is_below_the_noise():
    channel = Channel(vocabulary=9, max_length=5, noise=0.5)
    sent = torch.tensor([[5, 6, 7, 0, 0]])
    flips = torch.tensor([[0.49, 0.5, 0.0, 0.9, 0.0]])
    replacements = torch.tensor([[1, 2, 3, 4, 8]])
    assert channel.transmit(sent, flips, replacements).tolist() == [[1, 6, 3, 0, 0]]  # padding is never touched


def test_transmit_cuts_at_an_end_symbol_made_by_noise_and_opens_one_lost_to_noise():
    channel = Channel(vocabulary=9, noise=0.5)
    flips = torch.tensor([[0.9, 0.1, 0.9, 0.9]])
    replaced = channel.transmit(torch.tensor([[5, 6, 7, 8]]), flips, torch.zeros(1, 4, dtype=torch.int64))
    assert replaced.tolist() == [[5, 0, 0, 0]]
    lost = channel.transmit(torch.tensor([[5, 0, 0, 0]]), flips, torch.full((1, 4), 3))
    assert lost.tolist() == [[5, 3, 0, 0]]


def test_noise_rate_and_replacements_are_as_stated():
    """Of the symbols sent, a share ε (V − 1) / V arrives changed, and every other symbol is as likely."""
    channel = Channel(vocabulary=5, max_length=4, noise=0.3, end_symbol=False)
    draws = np.random.default_rng(1)
    sent = torch.full((20_000, 4), 2)
    flips = torch.from_numpy(draws.random((20_000, 4)))
    received = channel.transmit(sent, flips, torch.from_numpy(draws.integers(5, size=(20_000, 4))))
    shares = np.bincount(received.flatten().numpy(), minlength=5) / received.numel()
    assert shares == pytest.approx([0.06, 0.06, 0.76, 0.06, 0.06], abs=0.005)  # five standard errors


@pytest.mark.parametrize("flip", [0.0, 0.999])
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_noise_of_0_and_1_are_certain(noise, flip):
    channel = Channel(vocabulary=9, max_length=2, noise=noise)
    received = channel.transmit(torch.tensor([[4, 5]]), torch.full((1, 2), flip), torch.tensor([[7, 8]]))
    assert received.tolist() == ([[7, 8]] if noise else [[4, 5]])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"vocabulary": 1}, ["vocabulary", "2"]),
        ({"max_length": 1}, ["max_length", "end symbol"]),
        ({"noise": 1.5}, ["noise", "1"]),
        ({"length_cost": float("inf")}, ["length_cost", "finite"]),
        ({"estimator": "reinforc"}, ["estimator", "did you mean 'reinforce'"]),
    ],
)
def test_values_out_of_range_are_refused(given, words):
    with pytest.raises(ConfigurationError) as error:
        validate(Channel, given)
    assert all(word in str(error.value) for word in words)


def test_one_symbol_is_a_message_without_end_symbol():
    assert Channel(max_length=1, end_symbol=False).lengths(torch.tensor([[0]])).tolist() == [1]
