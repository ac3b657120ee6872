"""Symbolic referents and their held-out combinations."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games.referents.symbolic import symbolic


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_all_combinations_one_hot():
    referents = symbolic(attributes=2, values=2, held_out=0, generator=rng())
    assert referents.attributes.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert referents.features.tolist() == [[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]]
    assert referents.features.dtype == np.float32
    assert referents.splits == ("train",)
    assert referents.meanings.tolist() == [0, 1, 2, 3]


@given(
    attributes=st.integers(2, 4), values=st.integers(2, 4), held_out=st.floats(0, 0.3), seed=st.integers(0, 2**32 - 1)
)
@settings(max_examples=60, deadline=None)
def test_every_value_stays_in_training_and_nothing_is_in_both_parts(attributes, values, held_out, seed):
    referents = symbolic(attributes=attributes, values=values, held_out=held_out, generator=rng(seed))
    n = values**attributes
    assert len(referents.held_out) == round(held_out * n)
    assert sorted([*referents.train, *referents.held_out]) == list(range(n))
    trained = referents.attributes[referents.train]
    assert all(set(trained[:, attribute]) == set(range(values)) for attribute in range(attributes))


def test_held_out_part_is_drawn():
    parts = [symbolic(generator=rng(seed)).held_out.tolist() for seed in (1, 1, 2)]
    assert parts[0] == parts[1] != parts[2]


def test_largest_share_keeps_each_value_once():
    """Of 2 × 2 combinations, two opposite ones can stay."""
    for seed in range(8):
        referents = symbolic(attributes=2, values=2, held_out=0.5, generator=rng(seed))
        first, second = referents.attributes[referents.train]
        assert (first != second).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"attributes": 1, "values": 5}, r"referents.held_out: .*at most 0 here\), got 0.2"),
        ({"attributes": 2, "values": 2, "held_out": 0.9}, r"referents.held_out: .*at most 0.5 here\), got 0.9"),
        ({"attributes": 8, "values": 10}, r"referents: expected at most 65536 combinations, got 10\^8"),
    ],
)
def test_impossible_settings(options, message):
    with pytest.raises(ConfigurationError, match=message):
        symbolic(**options, generator=rng())


def test_features_tell_all_referents_apart():
    features = symbolic(generator=rng()).features
    assert all((a != b).any() for a, b in itertools.combinations(features, 2))
