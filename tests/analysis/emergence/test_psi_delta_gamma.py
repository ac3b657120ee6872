import math
import re

import numpy as np
import pytest

from hubbub.analysis.emergence import PsiDeltaGamma, integrated_information_decomposition, psi_delta_gamma
from hubbub.analysis.measure import Measure
from hubbub.simulator.errors import ConfigurationError

STEPS = 4000


def coins(*, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2, (STEPS, 2))


def into_first() -> np.ndarray:
    """X1' = X1 XOR X2; X2' is a fair coin."""
    parts = coins()
    for t in range(1, STEPS):
        parts[t, 0] = parts[t - 1, 0] ^ parts[t - 1, 1]
    return parts


def parity_kept() -> np.ndarray:
    """Fair coins whose parity stays the same with probability 0.9."""
    parts = coins()
    rng = np.random.default_rng(1)
    for t in range(1, STEPS):
        parity = parts[t - 1].sum() % 2 ^ int(rng.random() < 0.1)
        parts[t, 1] = parts[t, 0] ^ parity
    return parts


def linear(transfer: np.ndarray, n: int = 20_000) -> np.ndarray:
    rng = np.random.default_rng(2)
    record = np.zeros((n, len(transfer)))
    for t in range(1, n):
        record[t] = transfer @ record[t - 1] + rng.standard_normal(len(transfer))
    return record


def values(found: PsiDeltaGamma) -> list[float]:
    return [found.psi.value, found.delta.value, found.gamma.value]


def test_xor_into_one_part() -> None:
    parts = into_first()
    found = psi_delta_gamma(parts[:, 0] ^ parts[:, 1], parts)
    assert values(found) == pytest.approx([0, 1, 1], abs=0.01)
    assert found.gamma.null is not None
    assert found.gamma.null.mean == pytest.approx(1 / (2 * STEPS * math.log(2)), rel=1)  # known bias
    assert found.gamma.p_value == pytest.approx(1 / 101)
    assert (found.gamma.unit, found.gamma.n) == ("bits", STEPS - 1)


def test_parity_that_is_kept_emerges_and_is_decoupled() -> None:
    parts = parity_kept()
    found = psi_delta_gamma(parts[:, 0] ^ parts[:, 1], parts)
    kept = 1 + 0.1 * math.log2(0.1) + 0.9 * math.log2(0.9)
    assert values(found) == pytest.approx([kept, 0, 0], abs=0.04)
    assert found.psi.p_value < 0.02 < found.gamma.p_value


def test_names_and_vectors_are_compared_as_wholes() -> None:
    parts = into_first()
    names = np.array([["a", "b"], ["c", "d"]])[parts[:, 0], parts[:, 1]]
    wholes = psi_delta_gamma(names, parts, shuffles=0)
    assert values(wholes) == values(psi_delta_gamma(parts, parts[:, :, None], shuffles=0))
    assert wholes.psi.null is None


def test_gaussian_estimates_are_those_of_the_process() -> None:
    """X1' = a X1 + noise, X2' = a X2 + noise, V = X1 + X2: correlation a for V, a / √2 between a part and V'."""
    a = 0.8
    record = linear(a * np.eye(2))
    found = psi_delta_gamma(record.sum(axis=1), record, estimator="gaussian", shuffles=20)

    def bits(correlation: float) -> float:
        return -0.5 * math.log2(1 - correlation**2)

    expected = [bits(a) - 2 * bits(a / 2**0.5), bits(a / 2**0.5) - bits(a), bits(a / 2**0.5)]
    assert values(found) == pytest.approx(expected, abs=0.03)
    wide = psi_delta_gamma(record, record[:, :, None], estimator="gaussian", shuffles=0)
    assert wide.gamma.value == pytest.approx(bits(a), abs=0.03)


def test_two_steps_ahead() -> None:
    record = np.tile([0, 0, 1, 1], 500)
    assert psi_delta_gamma(record, record[:, None], lag=1, shuffles=0).gamma.value == pytest.approx(0, abs=1e-3)
    assert psi_delta_gamma(record, record[:, None], lag=2, shuffles=0).gamma.value == pytest.approx(1)


def test_too_few_samples_for_the_states() -> None:
    steps = np.arange(100)
    found = psi_delta_gamma(steps, steps[:, None] % 3)
    assert found.psi.reason == found.gamma.reason == "99 samples, at least 9900 needed"
    assert np.isnan(found.delta.value)
    rng = np.random.default_rng(0)
    few = psi_delta_gamma(rng.random((6, 3)), rng.random((6, 2, 3)), estimator="gaussian")
    assert few.psi.reason == "5 samples, at least 8 needed"


def test_more_bits_than_samples_can_carry_are_refused() -> None:
    walk = 1e4 * np.arange(50.0) + np.random.default_rng(0).random(50)
    found = psi_delta_gamma(walk, walk[:, None], estimator="gaussian")
    assert np.isnan(found.gamma.value)
    assert re.fullmatch(r"\d\d(\.\d)? bits, more than log2 of 49 samples; at least 2\^\d\d needed", found.gamma.reason)
    fixed = psi_delta_gamma(np.tile([0.0, 1], 20), np.tile([0.0, 1], 20)[:, None], estimator="gaussian")
    assert np.isnan(fixed.psi.value)
    flat = psi_delta_gamma(np.ones(50), np.ones((50, 2)), estimator="gaussian")
    assert flat.psi.reason == "a variable does not vary, or is a function of others"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"estimator": "gausian"}, "estimator: expected one of discrete, gaussian, got 'gausian'; did you mean"),
        ({"lag": 0}, "lag: expected 1 … 3999 for 4000 steps, got 0"),
        ({"macro": np.ones(7)}, "parts: expected 7 steps, as macro, got 4000"),
        ({"macro": np.full(STEPS, np.nan)}, "macro: expected finite numbers, got 4000 others"),
        ({"parts": np.ones(STEPS)}, r"parts: expected shape \[T, N\]"),
    ],
)
def test_bad_input_to_the_criteria(options: dict, message: str) -> None:
    arguments = {"macro": coins()[:, 0], "parts": coins(), **options}
    with pytest.raises(ConfigurationError, match=message):
        psi_delta_gamma(arguments.pop("macro"), arguments.pop("parts"), **arguments)


def large_atoms(first: np.ndarray, second: np.ndarray) -> dict[tuple[str, str], float]:
    found = integrated_information_decomposition(first, second, shuffles=0)
    assert sum(atom.value for atom in found.atoms.values()) == pytest.approx(found.total.value)
    assert len(found.atoms) == 16
    return {name: round(atom.value, 1) for name, atom in found.atoms.items() if abs(atom.value) > 0.02}


def test_information_is_found_in_its_atom() -> None:
    parts = into_first()
    assert large_atoms(parts[:, 0], parts[:, 1]) == {("synergistic", "unique to 1"): 1}

    ticking = np.tile([0, 1], STEPS // 2)  # its own past determines its future
    assert large_atoms(ticking, ticking) == {("redundant", "redundant"): 1}
    assert large_atoms(ticking, coins()[:, 1]) == {("unique to 1", "unique to 1"): 1}
    assert large_atoms(coins()[:, 1], ticking) == {("unique to 2", "unique to 2"): 1}

    given = coins()[:, 0]
    handed_over = np.append(0, given[:-1])
    assert large_atoms(given, handed_over) == {("unique to 1", "unique to 2"): 1}

    kept = parity_kept()
    assert large_atoms(kept[:, 0], kept[:, 1]) == {("synergistic", "synergistic"): 0.5}


def test_gaussian_decomposition_of_two_processes_apart() -> None:
    record = linear(np.diag([0.8, 0.5]))
    found = integrated_information_decomposition(record[:, 0], record[:, 1], estimator="gaussian", shuffles=20)
    assert found.atoms["unique to 1", "unique to 1"].value == pytest.approx(-0.5 * math.log2(1 - 0.64), abs=0.03)
    assert found.atoms["unique to 2", "unique to 2"].value == pytest.approx(-0.5 * math.log2(1 - 0.25), abs=0.03)
    total: Measure = found.total
    assert total.null is not None
    assert total.null.mean < 0.001 < total.value


def test_too_few_samples_for_a_decomposition() -> None:
    found = integrated_information_decomposition(np.arange(40) % 4, np.arange(40) % 5)
    assert found.total.reason == "39 samples, at least 400 needed"
    with pytest.raises(ConfigurationError, match="second: expected 40 steps, as first, got 39"):
        integrated_information_decomposition(np.arange(40), np.arange(39))
