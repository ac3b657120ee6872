from __future__ import annotations

import math

import numpy as np
import pytest

from hubbub.analysis.shape_bias import shape_bias


def names(n_shape: int, n_texture: int, n_other: int, *, right: int, wrong: int) -> tuple[np.ndarray, ...]:
    """Return named, shapes and textures of classes 0 (shape), 1 (texture) and 2."""
    named = np.repeat([0, 1, 2, 0, 2], [n_shape, n_texture, n_other, right, wrong])
    textures = np.repeat([1, 0], [n_shape + n_texture + n_other, right + wrong])
    return named, np.zeros_like(named), textures


@pytest.mark.parametrize(
    ("n_shape", "n_texture", "bias"), [(181, 575, 0.2394), (277, 108, 0.7195), (77, 892, 0.0795), (236, 168, 0.5842)]
)
def test_counts_of_the_source(n_shape: int, n_texture: int, bias: float) -> None:
    others = 1200 - n_shape - n_texture
    found = shape_bias(*names(n_shape, n_texture, others, right=60, wrong=20), n_classes=16)
    assert found.value == pytest.approx(bias, abs=5e-5)
    assert found.shape_fraction == n_shape / 1200
    assert found.texture_fraction == n_texture / 1200
    assert (found.chance, found.accuracy, found.n_conflicts) == (1 / 16, 0.75, 1200)


def test_who_guesses_has_a_bias_of_a_half_and_fractions_of_chance() -> None:
    rng = np.random.default_rng(0)
    named, shapes, apart = (rng.integers(0, 4, 40000) for _ in range(3))
    found = shape_bias(named, shapes, (shapes + apart) % 4, n_classes=4)
    assert found.value == pytest.approx(0.5, abs=0.02)
    for fraction in (found.shape_fraction, found.texture_fraction, found.accuracy):
        assert fraction == pytest.approx(found.chance, abs=0.01)


def test_it_is_not_defined_where_neither_decides_or_nothing_is_in_conflict() -> None:
    assert math.isnan(shape_bias(*names(0, 0, 5, right=1, wrong=0), n_classes=4).value)
    found = shape_bias(*names(0, 0, 0, right=3, wrong=1), n_classes=4)
    assert math.isnan(found.shape_fraction)
    assert found.accuracy == 0.75
    assert math.isnan(shape_bias(*names(1, 1, 0, right=0, wrong=0), n_classes=4).accuracy)


@pytest.mark.parametrize("by_texture", [0.0, 0.3, 0.9])
def test_who_is_blind_to_shape_sees_none_and_who_names_some_by_shape_sees_those(by_texture: float) -> None:
    rng = np.random.default_rng(1)
    n = 60000
    shapes, apart, others = rng.integers(0, 4, n), rng.integers(1, 4, n), rng.integers(1, 4, n)
    textures = (shapes + apart) % 4
    blind = np.where(rng.random(n) < by_texture, textures, (textures + others) % 4)
    found = shape_bias(blind, shapes, textures, n_classes=4)
    assert found.shape_fraction == pytest.approx((1 - by_texture) / 3, abs=0.01)
    assert found.shape_seen == pytest.approx(0, abs=0.01)
    seeing = np.where(rng.random(n) < 0.2, shapes, blind)
    expected = 0.2 + 0.8 * (1 - by_texture) / 3 - (1 - 0.8 * by_texture) / 3
    assert shape_bias(seeing, shapes, textures, n_classes=4).shape_seen == pytest.approx(expected, abs=0.01)
