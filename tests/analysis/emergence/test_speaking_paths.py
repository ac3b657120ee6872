"""Path emergence of speakers: by hand, by enumeration of all paths, and with the states of real agents."""

from typing import Any, Literal

import numpy as np
import pytest
import torch

from hubbub.analysis.emergence import speaking_path_emergence, speaking_states
from hubbub.simulator.agents.gru import GRU
from hubbub.simulator.channel import Channel
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games import game
from hubbub.simulator.games.referents import referents

Coupling = Literal["tied", "separate"]
Speakers = tuple[dict[str, np.ndarray], np.ndarray, np.ndarray, np.ndarray]


def speakers(n: int = 3, *, end_symbol: bool = True, coupling: Coupling = "tied", seed: int = 0) -> Speakers:
    """Return weights and objects, and the greedy messages of untrained agents with their lengths."""
    about = referents.call(
        "symbolic", {"attributes": 2, "values": 3, "held_out": 0.0}, generator=np.random.default_rng(0)
    )
    channel = Channel(vocabulary=4, max_length=3, end_symbol=end_symbol)
    kind = GRU(
        hidden=5, embedding=3, coupling=coupling, game=game.call("reconstruction", {}, referents=about), channel=channel
    )
    weights = kind.initialise(np.random.default_rng(seed), n)
    weights["emit"] *= 4  # so that messages differ
    objects = torch.from_numpy(about.features)
    speech = kind.speak(
        {name: torch.from_numpy(values) for name, values in weights.items()}, objects.expand(n, -1, -1), noise=None
    )
    return weights, about.features, speech.messages.numpy(), speech.lengths.numpy()


@pytest.mark.parametrize("coupling", ["tied", "separate"])
@pytest.mark.parametrize("end_symbol", [True, False])
def test_states_are_those_that_agents_speak_from(end_symbol: bool, coupling: Coupling) -> None:
    weights, objects, messages, lengths = speakers(20, end_symbol=end_symbol, coupling=coupling)
    assert len(np.unique(messages.reshape(-1, 3), axis=0)) > 5
    for place, states in enumerate(speaking_states(weights, objects, messages)):
        said = (states @ weights["emit"] + weights["emit_bias"]).argmax(axis=-1)
        alive = lengths > place
        np.testing.assert_array_equal(said[alive], messages[:, :, place][alive])


def test_paths_by_hand() -> None:
    """One cell, two symbols, two positions; saturated, so that activations are known."""
    one = np.ones((1, 1, 1), dtype=np.float32)
    weights = {
        "objects": 9 * one,
        "objects_bias": 0 * one,  # the object decides: on for that of the first agent, off for its opposite
        "symbols": np.zeros((1, 3, 1), dtype=np.float32),
        "inputs": np.zeros((1, 1, 3), dtype=np.float32),
        "inputs_bias": np.array([[[0, -9, 9]]], dtype=np.float32),  # every next state is on
        "recurrent": np.zeros((1, 1, 3), dtype=np.float32),
        "candidate_bias": 0 * one,
        "emit": np.zeros((1, 1, 2), dtype=np.float32),
        "emit_bias": np.zeros((1, 1, 2), dtype=np.float32),
    }
    said, lengths = np.array([[[1, 0]]]), np.array([[2]])
    found = speaking_path_emergence(weights, np.array([[-1.0]], dtype=np.float32), said, lengths=lengths)
    assert found.active.tolist() == [[0, 1, 1, 1, 1]]
    # The object is off, its paths: 1 to state 1, 1 to the symbol said, then to state 2 directly and over 2 symbols, 3,
    # and to the symbol said last, 3. Symbol 0 is off in the first place: to state 2, 1, and to the last symbol, 1.
    assert found.value.tolist() == [1 + 1 + 3 + 3 + 1 + 1]
    assert found.n_parameters.tolist() == [sum(values.size for values in weights.values())]
    lit = speaking_path_emergence(weights, np.array([[1.0]], dtype=np.float32), said, lengths=lengths)
    assert lit.value.tolist() == [2]
    short = speaking_path_emergence(weights, np.array([[1.0]], dtype=np.float32), said * 0, lengths=lengths * 0 + 1)
    assert short.active.tolist() == [[1, 1, 1, 0, 0]]
    assert short.value.tolist() == [0]
    assert short.reason.tolist() == ["no path leads from an inactive unit to an active one"]


@pytest.mark.parametrize("threshold", [0.01, 0.05, 0.2])
def test_every_path_walked(threshold: float) -> None:
    weights, objects, messages, lengths = speakers(2)
    found = speaking_path_emergence(weights, objects, messages, lengths=lengths, threshold=threshold)
    n_places, (n_cells, n_symbols) = messages.shape[2], weights["emit"].shape[1:]
    follows = {0: [1], **{1 + 2 * place: [2 + 2 * place, 3 + 2 * place] for place in range(n_places)}}
    follows |= {2 + 2 * place: [3 + 2 * place] for place in range(n_places)}
    last = 2 * n_places
    seen = np.tanh(objects @ weights["objects"] + weights["objects_bias"])
    for agent in range(2):
        layers = [seen[agent].mean(axis=0) > threshold]
        for place, states in enumerate(speaking_states(weights, objects, messages)):
            alive = (lengths[agent] > place)[:, None]
            layers.append((states[agent] * alive).mean(axis=0) > threshold)
            layers.append(((messages[agent, :, place, None] == np.arange(n_symbols)) & alive).mean(axis=0) > threshold)

        def count(layer: int, layers: list[np.ndarray] = layers) -> int:
            """Return the number of paths from one unit of a layer to active units."""
            return sum(
                int(layers[after].sum()) + len(layers[after]) * count(after)
                for after in follows.get(layer, [])
                if after <= last
            )

        by_hand = sum(int((~on).sum()) * count(layer) for layer, on in enumerate(layers))
        assert found.value[agent] == by_hand > 0
        np.testing.assert_array_equal(found.active[agent], [on.sum() for on in layers])
    assert found.layers == ("object", "state 1", "symbol 1", "state 2", "symbol 2", "state 3", "symbol 3")
    assert found.sizes.tolist() == [n_cells, *[n_cells, n_symbols] * n_places]


def test_agents_are_counted_one_by_one() -> None:
    weights, objects, messages, lengths = speakers(3)
    together = speaking_path_emergence(weights, objects, messages, lengths=lengths)
    for agent in range(3):
        one = {name: values[agent : agent + 1] for name, values in weights.items()}
        alone = speaking_path_emergence(one, objects, messages[agent : agent + 1], lengths=lengths[agent : agent + 1])
        assert alone.value[0] == together.value[agent]
        np.testing.assert_array_equal(alone.swept[0], together.swept[agent])
    assert len(set(together.value)) > 1


@pytest.mark.parametrize(
    ("name", "spoil", "expected"),
    [
        ("weights", lambda weights: {"pairs": weights["emit"]}, "including objects"),
        (
            "weights",
            lambda weights: {**weights, "inputs": weights["inputs"] * np.nan},
            r"weights\['inputs'\]: .*finite",
        ),
        ("objects", lambda objects: objects[:, 1:], r"objects: expected shape \[R, 6\]"),
        ("messages", lambda messages: messages[:, 1:], r"messages: expected shape \[2, 9, L\]"),
        ("lengths", lambda lengths: lengths[:1], r"lengths: expected shape \(2, 9\)"),
    ],
)
def test_bad_input_is_refused_by_name(name: str, spoil: Any, expected: str) -> None:
    given: dict[str, Any] = dict(zip(("weights", "objects", "messages", "lengths"), speakers(2), strict=True))
    given[name] = spoil(given[name])
    with pytest.raises(ConfigurationError, match=expected):
        speaking_path_emergence(**given)
