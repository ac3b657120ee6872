import math

import numpy as np
import pytest
from scipy.linalg import solve_discrete_lyapunov, toeplitz

from hubbub.analysis.emergence import dynamical_dependence, dynamical_independence
from hubbub.simulator.errors import ConfigurationError

DRIVEN = np.array([[0.6, 0.8], [0.0, 0.0]])


def process(transfer: np.ndarray, n: int = 4000) -> np.ndarray:
    rng = np.random.default_rng(0)
    record = np.zeros((n, len(transfer)))
    for t in range(1, n):
        record[t] = transfer @ record[t - 1] + rng.standard_normal(len(transfer))
    return record


def test_white_noise_that_drives_by_hand() -> None:
    """The second variable has no memory, so for the first alone it is additional noise of variance .64."""
    assert dynamical_dependence(DRIVEN, np.eye(2), np.array([[1.0, 0]])) == pytest.approx(0.5 * math.log2(1.64))
    assert dynamical_dependence(DRIVEN, np.eye(2), np.array([[0, 1.0]])) == pytest.approx(0)


def test_a_view_that_is_a_process_in_its_own_right() -> None:
    """Rows of L that span a subspace invariant under the transfer matrix: L A = B L."""
    rng = np.random.default_rng(1)
    basis = rng.standard_normal((4, 4))
    blocks = np.diag([0.9, 0.7, -0.5, 0.2])
    blocks[2:, :2] = 0.3
    transfer = np.linalg.inv(basis) @ blocks @ basis
    assert dynamical_dependence(transfer, np.eye(4), basis[:2]) == pytest.approx(0, abs=1e-9)
    assert dynamical_dependence(transfer, np.eye(4), basis[2:]) > 0.01


def test_only_the_space_of_the_view_matters() -> None:
    rng = np.random.default_rng(2)
    transfer = rng.standard_normal((4, 4)) / 4
    view, mixed = rng.standard_normal((2, 4)), rng.standard_normal((2, 2))
    values = [dynamical_dependence(transfer, np.eye(4), rows) for rows in (view, mixed @ view)]
    assert values[0] == pytest.approx(values[1])
    assert values[0] > 0


def test_the_error_given_all_the_past_is_that_of_a_long_regression() -> None:
    """The regression of y on 60 steps of its own past, from the autocovariances of the process."""
    transfer = np.array([[0.5, 0.4, 0.0], [0.0, 0.6, 0.5], [0.3, 0.0, 0.4]])
    covariance = solve_discrete_lyapunov(transfer, np.eye(3))
    lagged = [(np.linalg.matrix_power(transfer, lag) @ covariance)[0, 0] for lag in range(61)]
    slopes = np.linalg.solve(toeplitz(lagged[:60]), lagged[1:])
    expected = 0.5 * math.log2(lagged[0] - slopes @ lagged[1:])
    assert dynamical_dependence(transfer, np.eye(3), np.array([[1.0, 0, 0]])) == pytest.approx(expected)


def test_a_recorded_process_against_its_null() -> None:
    record = process(DRIVEN)
    driven, driver = (dynamical_independence(record, np.array([view]), shuffles=20) for view in ([1, 0], [0, 1]))
    assert driven.value == pytest.approx(0.5 * math.log2(1.64), abs=0.03)
    assert driven.p_value == pytest.approx(1 / 21)
    assert driver.null is not None
    assert driver.value == pytest.approx(driver.null.mean, abs=0.002)


def test_bad_processes() -> None:
    view = np.array([[1.0, 0]])
    assert dynamical_independence(np.ones((20, 2)), view).reason == "19 samples, at least 40 needed"
    flat = np.ones((90, 2))
    assert dynamical_independence(flat, view).reason == "a variable does not vary, or is a function of others"
    growing = process(np.diag([1.05, 0.5]), 200)
    assert dynamical_independence(growing, view).reason == "the process is not stationary"
    with pytest.raises(ConfigurationError, match=r"projection: expected shape \[m, 2\] of rank m < 2"):
        dynamical_independence(growing, np.eye(2))
    with pytest.raises(ConfigurationError, match="record: expected finite numbers"):
        dynamical_independence(growing * np.nan, view)
