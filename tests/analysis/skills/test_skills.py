from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from hubbub.analysis.skills import (
    learning_time,
    loss_by_compute,
    loss_by_samples,
    loss_by_time,
    loss_by_units,
    skill_frequencies,
    skill_strength,
    strength_from_samples,
)

EXPONENT = 0.6


def slope(at: np.ndarray, losses: np.ndarray) -> float:
    return float(np.polyfit(np.log(at), np.log(losses), 1)[0])


def test_frequencies_fall_as_a_power() -> None:
    often = skill_frequencies(5, EXPONENT)
    assert often.sum() == pytest.approx(1)
    assert often[1] / often[3] == pytest.approx(2**1.6)


@pytest.mark.parametrize("frequency", [0.6, 0.05])
def test_the_closed_form_solves_the_multilinear_model(frequency: float) -> None:
    target, rate, initial = 5.0, 0.02, 1e-3
    times = np.linspace(0, 800, 9)

    def change(_: float, ab: np.ndarray) -> np.ndarray:  # gradient flow of f (ab − S)²/2
        return -rate * frequency * (ab.prod() - target) * ab[::-1]

    start = np.full(2, np.sqrt(initial * target))
    found = solve_ivp(change, (0, 800), start, t_eval=times, rtol=1e-10, atol=1e-12).y.prod(axis=0) / target
    closed = skill_strength(times, frequency, initial=initial, learning_rate=rate, target=target)
    np.testing.assert_allclose(closed, found, rtol=1e-6)


def test_the_learning_time_is_when_the_strength_is_reached() -> None:
    about = {"initial": 1e-4, "learning_rate": 0.02, "target": 5.0}
    often = skill_frequencies(4, EXPONENT)
    times = learning_time(0.05, often, **about)
    np.testing.assert_allclose(skill_strength(times, often, **about), 0.05)
    assert slope(np.arange(1, 5), times) == pytest.approx(EXPONENT + 1)


def test_samples() -> None:
    assert strength_from_samples(np.array([0, 600, 800, 1e5]), critical=800).tolist() == [0, 0.5, 1, 1]


def test_the_exact_loss_scales_as_the_source_says() -> None:
    at = np.geomspace(3e4, 3e6, 7)
    assert slope(at, loss_by_time(at, EXPONENT, initial=1e-2)) == pytest.approx(-EXPONENT / (EXPONENT + 1), abs=0.01)
    assert slope(at, loss_by_samples(at, EXPONENT)) == pytest.approx(-0.375, abs=0.01)
    units = np.geomspace(1e2, 1e5, 7)
    assert slope(units, loss_by_units(units, EXPONENT)) == pytest.approx(-EXPONENT, abs=0.01)
    budgets = np.geomspace(1e6, 1e9, 5)
    found = slope(budgets, loss_by_compute(budgets, EXPONENT, initial=1e-2))
    assert found == pytest.approx(-EXPONENT / (EXPONENT + 2), abs=0.01)


def test_the_loss_of_all_skills_at_the_start_is_one() -> None:
    assert loss_by_time(np.array([0.0]), EXPONENT, initial=1e-9) == pytest.approx([1.0])
    assert loss_by_samples(np.array([0.0]), EXPONENT) == pytest.approx([1.0])
    assert loss_by_units(np.array([0.0]), EXPONENT) == pytest.approx([1.0])
