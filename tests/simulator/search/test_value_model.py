"""The regression that chooses which graphs to try."""

from __future__ import annotations

import numpy as np
import pytest

from hubbub.simulator.search.value_model import LEAST, MOST, ValueModel


def tries(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    features = generator.normal([0.0, 100.0], [1.0, 10.0], (n, 2))
    return features, 3 + features @ [2.0, -0.1]


def test_it_learns_a_linear_value() -> None:
    features, values = tries(400)
    new, truth = tries(50, seed=1)
    assert ValueModel(features, values).predict(new) == pytest.approx(truth, abs=0.1)


def test_its_penalty_is_that_of_ridge_regression() -> None:
    """Against the least squares of the same problem with one more row for each penalised weight."""
    features, values = tries(100)
    known = (features - features.mean(axis=0)) / (features.std(axis=0) + 1e-6)
    rows = np.vstack([known, np.sqrt(0.1 * 10) * np.eye(2)])
    weights = np.linalg.lstsq(rows, np.r_[values - values.mean(), 0, 0], rcond=None)[0]
    assert ValueModel(features, values).predict(features) == pytest.approx(values.mean() + known @ weights)


def test_it_waits_for_tries_and_forgets_the_oldest() -> None:
    features, values = tries(LEAST - 2)
    model = ValueModel(features, values)
    assert not model.is_ready
    model = model.with_tries(np.zeros((1, 2)), np.array([[5.0, 6.0]]))
    assert model.is_ready
    assert model.features[-2:].tolist() == [[0, 0], [0, 0]]
    assert model.values[-2:].tolist() == [5, 6]
    many, more = tries(MOST + 5)
    assert np.array_equal(ValueModel(many, more).values, more[5:])
