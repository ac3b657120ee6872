from decimal import Decimal, getcontext

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.simulator.memory import Grid, Recording, lay_out
from hubbub.simulator.memory.models.sedam import Sedam
from hubbub.simulator.randomness import RandomStreams

getcontext().prec = 120
SWITCHES = Recording(burn_in_steps=0, avalanches=False, coincidences=False, switches=True, series_every=1)


def by_brute_force(patterns, state):
    """Return the new state by the energies of both values of every spin, with 120 digits."""
    new = state.copy()
    for spin in range(len(state)):
        terms = []  # exact multiples of whole powers of e, so that equal energies cancel
        for pattern in patterns:
            rest = int(pattern @ state) - int(pattern[spin] * state[spin])
            terms += [(rest + int(pattern[spin]), 1), (rest - int(pattern[spin]), -1)]
        counts = {power: sum(sign for at, sign in terms if at == power) for power, _ in terms}
        field = sum(count * Decimal(power).exp() for power, count in counts.items())
        new[spin] = state[spin] if field == 0 else np.sign(field)
    return new


@st.composite
def memories(draw):
    size = draw(st.integers(2, 12))
    rows = st.lists(st.sampled_from([-1, 1]), min_size=size, max_size=size)
    patterns = draw(st.lists(rows, min_size=1, max_size=8, unique_by=tuple))
    return np.array(patterns, dtype=np.int8), np.array(draw(rows), dtype=np.int8)


@pytest.mark.parametrize("kernel", ["plain", "loop", "packed"])
@settings(max_examples=60, deadline=None)
@given(memories())
def test_the_cheap_form_is_the_brute_force_one(kernel, memory):
    patterns, state = memory
    from hubbub.simulator.memory.record import Record

    model = Sedam()
    model.store(
        lay_out(Grid(noise=(0.0,), load=(len(patterns),)), RandomStreams(0), patterns=patterns), torch.device("cpu")
    )
    new = state[None].copy()
    model.advance(kernel, new, made=0, record=Record.empty(1, 1, nearest=True))
    assert new[0].tolist() == by_brute_force(patterns, state).tolist()


@pytest.mark.parametrize("kernel", ["plain", "loop", "packed"])
@pytest.mark.parametrize("vote", [-1, 1])
def test_a_far_pattern_decides_between_two_that_balance(networks, spins, kernel, vote):
    patterns = np.ones((3, 60), dtype=np.int8)
    patterns[1, 0] = -1  # one spin away: weighs as much against spin 0 as the first for it
    patterns[2, 30:], patterns[2, 0] = -1, vote
    made = networks(Sedam(), patterns, kernel=kernel)
    made.step(1)
    assert spins(made)[0].tolist() == [vote, *[1] * 59] == by_brute_force(patterns, patterns[0]).tolist()


def close_patterns(n_patterns, n_spins, share, seed):
    """Return patterns that differ in few spins, so that they compete all the time."""
    rng = np.random.default_rng(seed)
    rows = np.where(rng.random((3 * n_patterns, n_spins)) < share, -1, 1).astype(np.int8)
    return rng.permutation(np.unique(rows, axis=0))[:n_patterns]


@pytest.mark.parametrize(("n_patterns", "n_spins"), [(1, 5), (2, 64), (30, 70), (40, 300)])
def test_all_kernels_make_the_same_run(networks, spins, n_patterns, n_spins):
    patterns = close_patterns(n_patterns, n_spins, 0.2, 3)
    grid = {"noise": (0.0, 0.01, 0.2, 0.45, 1.0), "load": tuple({1, n_patterns}), "repetitions": 2, "start": "random"}
    runs = []
    for kernel in ("packed", "loop", "plain"):
        made = networks(Sedam(), patterns, kernel=kernel, recording=SWITCHES, **grid)
        tables = made.step(60)
        runs.append((spins(made), tables["series"], tables["events"]))
    for state, *tables in runs[1:]:
        assert np.array_equal(state, runs[0][0])
        for table, expected in zip(tables, runs[0][1:], strict=True):
            assert all(
                np.array_equal(np.ma.filled(table[name], -1), np.ma.filled(expected[name], -1)) for name in expected
            )
    if n_patterns > 1:
        assert len(runs[0][2]["step"]) > 20


def test_asynchronous_kernels_make_the_same_run(networks, spins):
    patterns = close_patterns(6, 30, 0.3, 1)
    grid = {"noise": (0.0, 0.1, 0.4), "load": (2, 6), "start": "random"}
    loop, plain = (networks(Sedam("asynchronous"), patterns, kernel=kernel, **grid) for kernel in ("loop", "plain"))
    loop.step(15)
    plain.step(15)
    assert np.array_equal(spins(loop), spins(plain))


def test_without_noise_every_pattern_is_a_fixed_point(networks, spins):
    patterns = close_patterns(25, 40, 0.2, 5)
    apart = (patterns[:, None] != patterns[None]).sum(axis=2)
    patterns = patterns[[not (apart[row, :row] < 2).any() for row in range(len(patterns))]]
    for target in range(len(patterns)):
        for update in ("synchronous", "asynchronous"):
            made = networks(Sedam(update), patterns, target=target)
            made.step(3)
            assert np.array_equal(spins(made)[0], patterns[target])


@pytest.mark.parametrize("update", ["synchronous", "asynchronous"])
def test_below_the_onset_the_overlap_is_that_of_the_flips_alone(networks, coins, update):
    made = networks(Sedam(update), coins(5, 400), noise=(0.05, 0.1, 0.2), repetitions=4)
    made.step(400)
    means = {row["copy"]: row["value"] for row in made.observe(closely=False).metrics if row["name"] == "mean_overlap"}
    for copy, noise in enumerate(made.copies.noise):
        assert means[copy] == pytest.approx(1 - 2 * noise, abs=5 * 2 * np.sqrt(noise / 400 / 400))


def test_a_single_pattern_is_never_lost_and_fair_flips_are_fair_coins(networks, coins):
    made = networks(Sedam(), coins(1, 500), noise=(0.1, 0.45, 0.5), recording=SWITCHES)
    series = made.step(600)["series"]
    mean = np.reshape(series["overlap"], (600, 3)).mean(axis=0)
    assert mean == pytest.approx([0.8, 0.1, 0.0], abs=0.01)
    coins_only = np.reshape(series["overlap"], (600, 3))[:, 2]
    assert coins_only.std() == pytest.approx(1 / np.sqrt(500), rel=0.15)
    assert np.corrcoef(coins_only[1:], coins_only[:-1])[0, 1] == pytest.approx(0, abs=0.13)


@pytest.mark.parametrize("seed", range(3))
def test_asynchronous_steps_without_noise_never_raise_the_energy(networks, energies, seed):
    patterns = close_patterns(12, 30, 0.35, seed)
    made = networks(Sedam("asynchronous"), patterns, start="random", repetitions=10, seed=seed)
    before = energies(made)
    for _ in range(4):
        made.step(1)
        after = energies(made)
        assert (after <= before + 1e-9).all()
        before = after


def test_energy_by_hand(networks, energies):
    patterns = np.array([[1, 1, 1], [1, -1, 1]], dtype=np.int8)
    assert energies(networks(Sedam(), patterns))[0] == pytest.approx(-np.log(np.exp(3) + np.exp(1)))
