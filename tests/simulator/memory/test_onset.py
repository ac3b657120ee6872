import numpy as np
import pytest

from hubbub.simulator.memory import Recording
from hubbub.simulator.memory.capacity import exponential_capacity
from hubbub.simulator.memory.models.sedam import Sedam
from hubbub.simulator.memory.onset import onset


def test_onset_by_hand():
    patterns = np.ones((2, 3), dtype=np.int8)
    patterns[1] = -1
    p = onset(patterns, 0, 2)  # 3 p² (1 − p) + p³ = ½ at p = ½
    assert p == pytest.approx(0.5)
    p = onset(patterns, 0, 1000)
    assert 3 * p**2 * (1 - p) + p**3 == pytest.approx(1e-3)
    patterns[1] = [1, -1, -1]
    p = onset(patterns, 0, 1000)  # both of two, or half of the ties
    assert p**2 + p * (1 - p) == pytest.approx(1e-3)


def test_a_single_pattern_has_none():
    assert np.isnan(onset(np.ones((1, 3)), 0, 1000))


def test_onset_agrees_with_simulation(networks, coins):
    steps, patterns = 1000, coins(20, 200)
    expected = onset(patterns, 0, steps)
    noises = tuple(np.round(expected + np.arange(-0.024, 0.025, 0.004), 6))
    recording = Recording(burn_in_steps=0, avalanches=False, coincidences=False, switches=True)
    made = networks(Sedam(), patterns, noise=noises, repetitions=150, recording=recording)
    left = np.zeros(len(made.copies), dtype=bool)
    left[made.step(steps)["events"]["copy"]] = True
    share = left.reshape(len(noises), -1).mean(axis=1)
    simulated = np.interp(1 - np.exp(-1), share, noises)  # lost once on average: 63 % have lost it
    assert share[0] < 0.4
    assert share[-1] > 0.9
    assert simulated == pytest.approx(expected, abs=0.01)


def test_exponentially_many_patterns_are_restored_in_one_step(networks, coins, spins):
    assert exponential_capacity(0.0) == pytest.approx(np.log(2) / 2)
    assert exponential_capacity(0.5) == 0
    patterns = coins(round(np.exp(0.15 * 60)), 60)  # of flipped 0.1: below 0.184; of flipped 0.4: above 0.010
    below, above = (
        networks(Sedam(), patterns, flipped=flipped, repetitions=20, kernel="packed") for flipped in (0.1, 0.4)
    )
    for made in (below, above):
        made.step(1)
    assert (spins(below) == patterns[0]).all()
    assert (spins(above) == patterns[0]).all(axis=1).mean() < 0.2
