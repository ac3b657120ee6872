import numpy as np
import pytest

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory import Recording
from hubbub.simulator.memory.models.threshold_neurons import ThresholdNeurons
from hubbub.simulator.memory.silenced import Silenced, silenced
from hubbub.simulator.topology import Topology

PATH = Topology.from_pairs(4, [(0, 1), (1, 2), (2, 3)])
SERIES = Recording(burn_in_steps=0, avalanches=False, coincidences=False, series_every=1)


def history(networks, spins, model, start, n_steps, kernel):
    made = networks(model, None, kernel=kernel)
    made._state[0] = start
    states = []
    for _ in range(n_steps):
        made.step(1)
        states.append(spins(made)[0].tolist())
    return states


@pytest.mark.parametrize("kernel", ["loop", "plain"])
def test_a_wave_on_a_path_by_hand(networks, spins, kernel):
    wave = history(networks, spins, ThresholdNeurons(1, 1, 2, topology=PATH), [1, 0, 0, 0], 5, kernel)
    assert wave == [[-2, 1, 0, 0], [-1, -2, 1, 0], [0, -1, -2, 1], [0, 0, -1, -2], [0, 0, 0, -1]]


@pytest.mark.parametrize("kernel", ["loop", "plain"])
def test_firing_on_end_and_silence_have_their_lengths(networks, spins, kernel):
    pair = Topology.from_pairs(2, [(0, 1)])
    states = history(networks, spins, ThresholdNeurons(1, 3, 2, topology=pair), [1, 1], 6, kernel)
    assert [state[0] for state in states] == [2, 3, -2, -1, 0, 0]
    lone = history(networks, spins, ThresholdNeurons(2, 3, 2, topology=pair), [1, 1], 2, kernel)
    assert lone == [[0, 0], [0, 0]]  # one neighbour is not enough, and no silence follows


@pytest.mark.parametrize("kernel", ["loop", "plain"])
def test_links_are_heard_in_their_direction(networks, spins, kernel):
    one_way = Topology(2, [0], [1])
    assert history(networks, spins, ThresholdNeurons(1, topology=one_way), [0, 1], 1, kernel) == [[0, -1]]
    assert history(networks, spins, ThresholdNeurons(1, topology=one_way), [1, 0], 1, kernel) == [[-1, 1]]


def test_a_neuron_after_its_silence_can_fire_at_once(networks):
    made = networks(ThresholdNeurons(1, 1, 1, topology=PATH), None, noise=(1.0,), recording=SERIES)
    assert np.asarray(made.step(6)["series"]["activity"]).tolist() == [4, 0, 4, 0, 4, 0]


def test_kernels_make_the_same_run(networks, spins):
    grid = {"noise": (0.001, 0.02, 0.3), "repetitions": 2, "start": "random"}
    runs = []
    for kernel in ("loop", "plain"):
        made = networks(
            ThresholdNeurons(2, 2, 3, topology=random_graph()), None, kernel=kernel, recording=SERIES, **grid
        )
        activity = made.step(60)["series"]["activity"]
        runs.append((spins(made), activity))
    assert all(np.array_equal(loop, plain) for loop, plain in zip(*runs, strict=True))
    assert len(set(runs[0][1].tolist())) > 20


def random_graph():
    pairs = np.random.default_rng(0).integers(150, size=(400, 2))
    return Topology.from_pairs(150, pairs[pairs[:, 0] != pairs[:, 1]])


def test_without_links_they_fire_by_themselves_only(networks):
    graph = silenced(random_graph(), Silenced(share=1.0), np.random.default_rng(0))
    made = networks(ThresholdNeurons(1, 1, 1, topology=graph), None, noise=(0.1,), repetitions=10, recording=SERIES)
    activity = np.asarray(made.step(300)["series"]["activity"])
    assert activity.mean() / 150 == pytest.approx(0.1 / 1.1, rel=0.03)  # fires, rests one step, waits


def test_they_need_a_graph():
    with pytest.raises(ConfigurationError, match="topology: expected a graph of the neurons"):
        ThresholdNeurons(topology=None)


def test_silenced_hubs_and_others():
    star = Topology.from_pairs(5, [(0, 1), (0, 2), (0, 3), (0, 4), (3, 4)])
    without_hub = silenced(star, Silenced(share=0.2), np.random.default_rng(0))
    assert (without_hub.n_agents, without_hub.sources.tolist(), without_hub.targets.tolist()) == (5, [3, 4], [4, 3])
    drawn = {
        silenced(star, Silenced(share=0.2, who="random"), np.random.default_rng(seed)).n_edges for seed in range(20)
    }
    assert drawn == {2, 6, 8}
    assert silenced(star, Silenced(), np.random.default_rng(0)).n_edges == 10
