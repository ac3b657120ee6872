from __future__ import annotations

import numpy as np
import pytest
import torch

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training import Grid, Network, Networks, Sgd, lay_out
from hubbub.simulator.training.tasks import sparse_parity as tasks_module
from hubbub.simulator.training.tasks.sparse_parity import SparseParity, sparse_parity

CPU = torch.device("cpu")


def small(**changes: object) -> SparseParity:
    options: dict = {"skills": 3, "bits": 6, "relevant": 2, "width": 16, "batch": 64, "weight_scale": 0.3} | changes
    return sparse_parity(**options, rng=RandomStreams(5), device=CPU)


def test_the_answer_is_the_parity_of_the_relevant_bits_of_the_skill_asked_for() -> None:
    task = small()
    questions, answers = task._batch(1, 0)
    relevant = task.relevant_bits(1)
    assert relevant.shape == (3, 2)
    for question, answer in zip(questions.tolist(), answers.tolist(), strict=True):
        asked, bits = question[:3], question[3:]
        assert sorted(asked) == [0, 0, 1]
        assert set(bits) <= {0.0, 1.0}
        odd = sum(bits[place] for place in relevant[asked.index(1)]) % 2
        assert answer == (5.0 if odd else -5.0)


def test_the_probe_asks_about_every_skill_alike() -> None:
    task = small()
    _, questions = task.probe()
    assert questions[:, :3].sum(0).tolist() == [67, 67, 67]
    stack = {name: values[None] for name, values in task.initial(Network(0)).items()}
    features = task.features(stack)
    assert features is not None
    assert features.shape == (1, 201, 16)
    torch.testing.assert_close(features[0], (questions @ stack["dense1.weight"][0].T + stack["dense1.bias"][0]).relu())


def test_skills_are_asked_for_as_the_power_law_says() -> None:
    task = small(batch=20000)
    assert task.frequencies[1] / task.frequencies[2] == pytest.approx(1.5**1.6)
    shares = task._batch(0, 0)[0][:, :3].mean(0).numpy()
    np.testing.assert_allclose(shares, task.frequencies, atol=0.01)


def test_batches_of_a_seed_are_alike_and_those_of_others_and_of_other_steps_differ() -> None:
    task = small()
    network = Network(0)
    stack = {name: torch.stack([values] * 3) for name, values in task.initial(network).items()}
    losses = task.loss(stack, [network, network, Network(1)], 4)
    assert losses[0] == losses[1] != losses[2]
    assert losses[0] != task.loss(stack, [network] * 3, 5)[0]


def test_what_knows_one_skill_has_the_strength_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks_module, "EVALUATED", 4000)
    task = small()

    class Knowing(torch.nn.Module):
        def forward(self, asked: torch.Tensor) -> torch.Tensor:
            odd = asked[:, 3 + torch.from_numpy(task.relevant_bits(0)[1])].sum(1) % 2
            return ((2 * odd - 1) * 5 * asked[:, 1])[:, None]

    monkeypatch.setattr(task, "outputs", lambda _, questions: torch.stack([Knowing()(each) for each in questions]))
    seen = task.observe({}, [Network(0)], closely=False)
    assert [float(seen[f"skill_{number}"][0]) for number in (1, 2, 3)] == pytest.approx([0, 1, 0])
    assert float(seen["loss"][0]) == pytest.approx(25 * (1 - task.frequencies[1]))


def test_networks_learn_skills_alone_as_in_a_stack() -> None:
    networks = lay_out(Grid(seeds=2, learning_rate=(0.02,)))
    stack = Networks(small(), networks, optimiser=Sgd(momentum=0.9))
    stack.step(400)
    seen = stack.observe(closely=False)
    strengths = [row["value"] for row in seen.metrics if row["name"] == "skill_1"]
    assert min(strengths) > 0.5
    initial = Networks(small(), networks, optimiser=Sgd(momentum=0.9))
    initial.step(20)
    alone = Networks(small(), networks[1:], optimiser=Sgd(momentum=0.9))
    alone.step(20)
    weights = alone.parameters["dense1.weight"][0]
    torch.testing.assert_close(weights, initial.parameters["dense1.weight"][1], rtol=1e-4, atol=1e-5)


def test_more_relevant_bits_than_there_are_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="at most the 6 bits, got 7"):
        small(relevant=7)
