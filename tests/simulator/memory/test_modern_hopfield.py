import numpy as np
import pytest

from hubbub.simulator.memory.models.modern_hopfield import ModernHopfield


def test_a_step_by_hand(networks, spins):
    patterns = np.array([[1, 1, 1], [1, -1, -1]], dtype=np.int8)
    made = networks(ModernHopfield(beta=0.5), patterns)
    made.step(1)
    weights = np.exp([0.5 * 3, 0.5 * -1])
    weights /= weights.sum()
    assert np.allclose(spins(made)[0], [1, weights[0] - weights[1], weights[0] - weights[1]])


def test_steps_without_noise_never_raise_the_energy(networks, coins, energies):
    made = networks(ModernHopfield(beta=0.05), coins(10, 40), start="random", repetitions=8)
    before = energies(made)
    for _ in range(6):
        made.step(1)
        after = energies(made)
        assert (after <= before + 1e-9).all()
        before = after


def test_flipped_patterns_are_restored(networks, coins, spins):
    patterns = coins(100, 64)
    made = networks(ModernHopfield(), patterns, flipped=0.1, repetitions=5)
    made.step(2)
    assert np.allclose(spins(made), patterns[0])


def test_the_noise_is_a_standard_deviation(networks, coins, spins):
    patterns = coins(1, 1000)
    made = networks(ModernHopfield(), patterns, noise=(0.1, 0.5), repetitions=10)
    made.step(3)
    error = (spins(made) - patterns[0]).reshape(2, -1)
    assert error.std(axis=1) == pytest.approx([0.1, 0.5], rel=0.03)
    assert error.mean(axis=1) == pytest.approx([0, 0], abs=0.02)
