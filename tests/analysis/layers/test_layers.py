from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest

from hubbub.analysis.layers import copula_information, data_emergence, neural_information, quantised_information


def with_commas(entities: int, shots: int) -> np.ndarray:
    shown = np.array(list(permutations(range(entities), shots)))
    return np.stack([shown, np.full_like(shown, entities)], axis=2).reshape(len(shown), -1)


def correlated(rho: float, shape: tuple[int, ...], seed: int) -> tuple[np.ndarray, np.ndarray]:
    one, other = np.random.default_rng(seed).standard_normal((2, *shape))
    return one, rho * one + math.sqrt(1 - rho**2) * other


def test_the_country_set_of_the_source() -> None:
    found = data_emergence(with_commas(25, 4))
    assert found.macro == pytest.approx(math.log2(303_600))
    assert [round(bits, 2) for bits in (found.macro, found.micro, found.value)] == [18.21, 2.32, 15.89]


def test_sequences_count_by_their_share() -> None:
    found = data_emergence(np.array([[0, 1], [0, 1], [1, 1], [2, 1]]))
    assert found.macro == pytest.approx(1.5)
    assert found.micro == pytest.approx(0.75)  # 1.5 at the first position, 0 at the second


def test_an_injective_block_has_the_entropy_of_its_inputs_and_a_fold_loses_what_it_folds() -> None:
    generator = np.random.default_rng(0)
    inputs = generator.standard_normal((8, 3))[np.repeat(np.arange(8), 5)]
    outputs = np.tanh(inputs @ generator.standard_normal((3, 4)))
    assert quantised_information(inputs, outputs, resolution=1e-3) == pytest.approx(3.0)
    folded = np.repeat(np.arange(8) % 4, 5)[:, None].astype(float)
    assert quantised_information(inputs, folded, resolution=1e-3) == pytest.approx(2.0)
    assert quantised_information(inputs, np.ones((40, 2)), resolution=1e-3) == pytest.approx(0.0, abs=1e-12)


def test_cells_are_measured_in_root_mean_squares() -> None:
    values = np.array([[-1.5], [-0.5], [0.5], [1.5]])  # root mean square 1.118
    assert quantised_information(values, values, resolution=0.5) == pytest.approx(2.0)
    assert quantised_information(values, values, resolution=2.0) == pytest.approx(1.5)  # the middle two share a cell
    assert quantised_information(100 * values, values, resolution=8.0) == pytest.approx(0.0, abs=1e-12)


def test_no_count_of_n_samples_exceeds_log2_n() -> None:
    one, other = correlated(0.0, (100, 5), 1)
    assert quantised_information(one, other, resolution=0.01) == pytest.approx(math.log2(100))  # the truth is 0


def test_the_copula_of_a_gaussian_is_exact_and_knows_no_scale() -> None:
    one, other = correlated(0.8, (20_000, 1), 2)
    truth = -0.5 * math.log2(1 - 0.8**2)
    assert copula_information(one, other, components=1) == pytest.approx(truth, abs=0.02)
    assert copula_information(one, np.exp(3 * other), components=1) == pytest.approx(
        copula_information(one, other, components=1)
    )
    generator = np.random.default_rng(3)
    one, other = correlated(0.8, (20_000, 2), 3)
    turned = np.linalg.qr(generator.standard_normal((5, 5)))[0][:2]
    assert copula_information(one @ turned, other @ turned, components=4) == pytest.approx(2 * truth, abs=0.04)


def test_the_copula_where_there_is_no_density() -> None:
    values = np.random.default_rng(4).standard_normal((50, 1))
    assert copula_information(values, values**3, components=2) == math.inf
    assert copula_information(values, np.ones((50, 3)), components=2) == 0.0


def test_mine_finds_what_is_there() -> None:
    one, other = correlated(0.9, (2, 3000, 1), 5)
    one, other = np.repeat(one, 8, axis=2), np.repeat(other, 8, axis=2)
    found = neural_information(one, other, steps=400, generator=np.random.default_rng(0), learning_rate=3e-3)
    truth = -0.5 * math.log2(1 - 0.9**2)
    np.testing.assert_allclose(found.held_out, truth, atol=0.25)
    np.testing.assert_allclose(found.last, truth, atol=0.25)


def test_the_maximum_of_mine_finds_what_is_not_there_and_knows_no_bound() -> None:
    one, other = correlated(0.0, (3, 300, 16), 6)
    found = neural_information(one, other, steps=300, generator=np.random.default_rng(1), learning_rate=3e-3)
    assert found.maximum.min() > 0.3
    assert (found.maximum > found.last).all()
    assert found.held_out.max() < 0.05
    few = np.random.default_rng(7).standard_normal((1, 64, 16))
    fitted = neural_information(few, few, steps=600, generator=np.random.default_rng(2), learning_rate=3e-3)
    assert fitted.maximum[0] > math.log2(32)


def test_mine_is_repeated_by_its_generator() -> None:
    one, other = correlated(0.5, (1, 50, 6), 8)
    first, again = (neural_information(one, other, steps=8, generator=np.random.default_rng(9)) for _ in range(2))
    assert first.held_out == again.held_out
    assert first.maximum == again.maximum
