import numpy as np
import pytest

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory.models.hopfield import Hopfield
from hubbub.simulator.memory.models.polynomial import Polynomial


def by_energies(patterns, state, order):
    new = state.copy()
    for spin in range(len(state)):
        up, down = (np.where(np.arange(len(state)) == spin, value, state).astype(object) for value in (1, -1))
        gain = sum(
            int(pattern.astype(object) @ up) ** order - int(pattern.astype(object) @ down) ** order
            for pattern in patterns
        )
        new[spin] = np.sign(gain) or state[spin]
    return new


@pytest.mark.parametrize("kernel", ["plain", "loop"])
@pytest.mark.parametrize("order", [2, 3, 4, 5])
def test_a_step_takes_the_lower_energy(networks, coins, spins, kernel, order):
    patterns = coins(6, 11)
    made = networks(Polynomial(order), patterns, start="random", repetitions=8, kernel=kernel)
    expected = [by_energies(patterns, state, order) for state in made.copies.start]
    made.step(1)
    assert np.array_equal(spins(made), expected)


def test_order_two_is_the_hopfield_memory_of_hebb(networks, coins, spins):
    grid = {"noise": (0.0, 0.2), "start": "random", "repetitions": 4}
    dense, pairs = (networks(model, coins(5, 50), **grid) for model in (Polynomial(2), Hopfield()))
    dense.step(30)
    pairs.step(30)
    assert np.array_equal(spins(dense), spins(pairs))


@pytest.mark.parametrize("update", ["synchronous", "asynchronous"])
def test_kernels_make_the_same_run(networks, coins, spins, update):
    grid = {"noise": (0.0, 0.1, 0.4), "load": (2, 6), "start": "random"}
    loop, plain = (networks(Polynomial(3, update), coins(6, 30), kernel=kernel, **grid) for kernel in ("loop", "plain"))
    loop.step(15)
    plain.step(15)
    assert np.array_equal(spins(loop), spins(plain))


def test_asynchronous_steps_without_noise_never_raise_the_energy(networks, coins, energies):
    made = networks(Polynomial(3, "asynchronous"), coins(12, 40), start="random", repetitions=10)
    before = energies(made)
    for _ in range(4):
        made.step(1)
        after = energies(made)
        assert (after <= before).all()
        before = after


def test_orders_that_lose_digits_are_refused(networks, coins):
    with pytest.raises(
        ConfigurationError, match=r"memory\.order: expected an order whose fields are below 2\^53 at 784"
    ):
        networks(Polynomial(6), coins(10, 784))
