import numpy as np
import pytest

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory import Recording
from hubbub.simulator.memory.capacity import HOPFIELD_CAPACITY
from hubbub.simulator.memory.couplings import couplings, hebb, pseudo_inverse, storkey
from hubbub.simulator.memory.models.hopfield import Hopfield
from hubbub.simulator.topology import Topology

RULES = ("hebb", "pseudo-inverse", "storkey")
SERIES = Recording(burn_in_steps=0, avalanches=False, coincidences=False, switches=True, series_every=1)


def ring(n_spins):
    return Topology.from_pairs(n_spins, [(spin, (spin + hop) % n_spins) for spin in range(n_spins) for hop in (1, 2)])


def complete(n_spins):
    return Topology.from_pairs(n_spins, [(a, b) for a in range(n_spins) for b in range(a)])


def test_hebb_by_hand():
    patterns = np.array([[1, 1, -1], [1, -1, -1]])
    assert np.allclose(hebb(patterns) * 3, [[2, 0, -2], [0, 2, 0], [-2, 0, 2]])
    stored = couplings([patterns], "hebb", None)
    assert np.allclose(stored.matrix(0) * 3, [[0, 0, -2], [0, 0, 0], [-2, 0, 0]])  # no spin is coupled to itself


def test_pseudo_inverse_makes_every_pattern_its_own_field(coins):
    patterns = coins(15, 20).astype(float)
    assert np.allclose(pseudo_inverse(patterns) @ patterns.T, patterns.T)
    with pytest.raises(
        ConfigurationError, match="linearly independent for 'pseudo-inverse', got 3 patterns of 4 spins"
    ):
        pseudo_inverse(np.array([[1.0, 1, 1, 1], [1, 1, -1, -1], [-1, -1, 1, 1]]))


def test_storkey_as_it_is_written(coins):
    patterns = coins(4, 7).astype(float)
    size = patterns.shape[1]
    matrix = np.zeros((size, size))
    for pattern in patterns:
        old = matrix.copy()
        for i in range(size):
            for j in range(size):
                h_ij = sum(old[i, k] * pattern[k] for k in range(size) if k not in (i, j))
                h_ji = sum(old[j, k] * pattern[k] for k in range(size) if k not in (i, j))
                matrix[i, j] += (pattern[i] * pattern[j] - pattern[i] * h_ji - h_ij * pattern[j]) / size
    assert np.allclose(storkey(patterns), matrix)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("noise", ["flips", "temperature"])
def test_a_complete_topology_is_the_full_memory(networks, coins, spins, rule, noise):
    grid = {"noise": (0.0, 0.3), "flipped": 0.2, "repetitions": 3}
    full, graph = (
        networks(Hopfield(rule, noise=noise, topology=topology), coins(4, 30), **grid)
        for topology in (None, complete(30))
    )
    full.step(20)
    graph.step(20)
    assert np.array_equal(spins(full), spins(graph))


def test_couplings_run_along_the_edges_only(coins):
    patterns, graph = coins(3, 12), Topology(12, [0, 1, 5], [1, 2, 1])
    matrix = couplings([patterns], "hebb", graph).matrix(0)
    scale = 12 / (1 + 3 / 12)
    assert set(zip(*np.nonzero(matrix), strict=True)) <= {
        (1, 0),
        (2, 1),
        (1, 5),
    }  # [target, source]
    assert matrix[2, 1] == pytest.approx(hebb(patterns.astype(float))[2, 1] * scale)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("update", ["synchronous", "asynchronous"])
@pytest.mark.parametrize("noise", ["flips", "temperature"])
def test_kernels_make_the_same_run(networks, coins, spins, rule, update, noise):
    grid = {"noise": (0.0, 0.1, 0.6), "load": (2, 5), "start": "random"}
    runs = []
    for kernel in ("loop", "plain"):
        model = Hopfield(rule, update, noise, topology=ring(40))
        made = networks(model, coins(5, 40), kernel=kernel, recording=SERIES, **grid)
        series = made.step(12)["series"]
        runs.append((spins(made), series["overlap"], series["activity"]))
    assert all(np.array_equal(loop, plain) for loop, plain in zip(*runs, strict=True))


@pytest.mark.parametrize("topology", [None, ring(60)], ids=["full", "ring"])
def test_asynchronous_steps_without_noise_never_raise_the_energy(networks, coins, energies, topology):
    made = networks(Hopfield(update="asynchronous", topology=topology), coins(8, 60), start="random", repetitions=10)
    before = energies(made)
    for _ in range(4):
        made.step(1)
        after = energies(made)
        assert (after <= before + 1e-9).all()
        before = after


def test_energy_of_a_single_pattern(networks, coins, energies):
    assert energies(networks(Hopfield(), coins(1, 20)))[0] == pytest.approx(-19 / 2)


def test_two_spins_at_a_temperature_follow_boltzmann(networks):
    pair = networks(
        Hopfield(update="asynchronous", noise="temperature"),
        np.array([[1, 1]]),
        noise=(0.4,),
        repetitions=20,
        recording=SERIES,
    )
    alike = np.asarray(pair.step(1500)["series"]["activity"]) != 1
    expected = 1 / (1 + np.exp(-2 * 0.5 / 0.4))  # J = ½: energies ∓½
    assert alike.mean() == pytest.approx(expected, abs=0.01)


def test_capacity_is_about_0138_patterns_a_spin(networks, coins):
    overlaps = {}
    for share in (0.1, 0.2):
        patterns = coins(round(share * 400), 400)
        made = networks(Hopfield(update="asynchronous"), patterns, repetitions=2)
        made.step(15)
        overlaps[share] = np.mean(
            [row["value"] for row in made.observe(closely=False).metrics if row["name"] == "overlap"]
        )
    assert 0.1 < HOPFIELD_CAPACITY < 0.2
    assert overlaps[0.1] > 0.95
    assert overlaps[0.2] < 0.75


def test_noise_that_has_no_meaning(networks, coins):
    with pytest.raises(
        ConfigurationError, match=r"copies\.noise: expected chances of a flip between 0 and 1, got 1\.5"
    ):
        networks(Hopfield(), coins(2, 5), noise=(0.5, 1.5))
    networks(Hopfield(noise="temperature"), coins(2, 5), noise=(1.5,))
