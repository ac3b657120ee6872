"""Cross-play is what every pair of agents would do alone, whatever is shared and however it is portioned."""

from __future__ import annotations

from unittest import mock

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble
from hubbub.simulator.population import Population, crossplay

N = 5


def make(**options: object) -> Population:
    small = {
        "name": "small",
        "topology": {"kind": "ring", "n_agents": N, "neighbours": 1},
        "referents": {"kind": "symbolic", "attributes": 2, "values": 3},
        "channel": {"vocabulary": 4, "max_length": 3},
        "agent": {"kind": "gru", "hidden": 8, "embedding": 4},
        "training": {"games_per_step": 4, "learning_rate": 0.05},
        "engine": {"block_agents": 3},
    }
    population: Population = assemble(load(small, {name.replace("__", "."): of for name, of in options.items()}))
    return population


def alone(population: Population, split: str, referents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return messages `[N, R, L]` and success `[N, N]`, every pair asked by itself."""
    deal = population.game.deal(referents, split=split, generator=population.rng.at(f"cross-play-{split}"))
    candidates = None if deal.candidates is None else deal.candidates.numpy()
    r = len(referents)
    messages = np.stack([population.speak(np.full(r, speaker), referents) for speaker in range(N)])
    success = np.empty((N, N))
    for speaker in range(N):
        for listener in range(N):
            given = population.listen(np.full(r, listener), messages[speaker], candidates)
            right = (given == deal.answers.numpy()).reshape(r, -1).all(axis=1)
            success[speaker, listener] = right.mean()
    return messages, success


@settings(max_examples=12, deadline=None)
@given(
    options=st.fixed_dictionaries(
        {
            "seed": st.integers(0, 1000),
            "game__kind": st.sampled_from(["reconstruction", "discrimination"]),
            "agent__coupling": st.sampled_from(["tied", "separate"]),
            "channel__end_symbol": st.booleans(),
            "channel__vocabulary": st.sampled_from([2, 4]),
            "channel__max_length": st.integers(2, 5),
        }
    ),
    steps=st.integers(0, 12),
    portions=st.fixed_dictionaries(
        {
            "LISTENERS_PER_BATCH": st.sampled_from([{"cpu": 2}, {"cpu": 8}]),
            "MESSAGES_PER_BATCH": st.sampled_from([3, 512]),
            "MAX_READINGS": st.sampled_from([1, 15, 1000]),
        }
    ),
)
def test_cross_play_is_what_every_pair_would_do_alone(
    options: dict[str, object], steps: int, portions: dict[str, object]
) -> None:
    if options["game__kind"] == "discrimination":
        options["game__candidates"] = 2
    population = make(**options)
    population.step(steps)
    with mock.patch.multiple(crossplay, **portions):
        splits = population.lexicon().splits
    assert splits.keys() == {"train", "held_out"}
    for split, lexicon in splits.items():
        messages, success = alone(population, split, lexicon.referents)
        np.testing.assert_array_equal(lexicon.messages, messages)
        np.testing.assert_array_equal(lexicon.lengths, population.channel.lengths(torch.from_numpy(messages)))
        np.testing.assert_allclose(lexicon.success, success, atol=1e-6)
