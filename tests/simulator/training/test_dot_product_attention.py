"""The attention task against the formulas written out with whole matrices."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training import Grid, Network, Networks, Sgd, lay_out
from hubbub.simulator.training.tasks.dot_product_attention import DotProductAttention, Samples

CPU = torch.device("cpu")


def small(**changes: object) -> DotProductAttention:
    settings: dict = {"sample_complexity": (1.0, 2.0), "omega": (0.3,), "starts": ("semantic", "random")} | changes
    return DotProductAttention(20, rng=RandomStreams(4), device=CPU, **settings)


def written_out(tokens: np.ndarray, teacher: np.ndarray, query: np.ndarray, omega: float) -> np.ndarray:
    """Return ‖student − teacher‖² of every sample, with softmax and tokens of length d."""
    d = len(teacher)
    position = np.array([[1.0], [-1.0]]) / math.sqrt(d)

    def attention(scores: np.ndarray) -> np.ndarray:
        weights = np.exp(np.outer(scores, scores))
        return weights / weights.sum(axis=1, keepdims=True)

    squares = []
    for z in tokens:
        x = z + position
        mix = (1 - omega) * attention(z @ teacher / math.sqrt(d)) + omega * np.array([[0.6, 0.4], [0.4, 0.6]])
        squares.append(((attention(x @ query / math.sqrt(d)) @ x - mix @ z) ** 2).sum())
    return np.array(squares)


def test_the_loss_is_that_of_whole_matrices() -> None:
    task = small()
    networks = lay_out(Grid(seeds=2), task.settings())
    generator = np.random.default_rng(0)
    query = torch.from_numpy(generator.standard_normal((len(networks), 20))).float()
    losses = task.loss({"query": query}, networks, 0)
    for row, network in enumerate(networks):
        tokens = 0.5 * RandomStreams(4).at("train", network.seed).standard_normal((40, 2, 20), dtype=np.float32)
        used = tokens[: int(20 * float(network.of_task["sample_complexity"]))]
        teacher, own = task.teacher(network.seed).numpy(), query[row].numpy()
        expected = written_out(used, teacher, own, 0.3).sum() / 40 + 0.005 * (own**2).sum()
        assert float(losses[row]) == pytest.approx(expected, rel=1e-4)


def test_features_are_the_attention_of_each_token_to_itself() -> None:
    task = small()
    query = torch.from_numpy(np.random.default_rng(0).standard_normal((1, 20))).float()
    tokens = 0.5 * RandomStreams(4).at("fresh", 0).standard_normal((2000, 2, 20), dtype=np.float32)
    scores = (tokens + np.array([[1.0], [-1.0]]) / math.sqrt(20)) @ query[0].numpy() / math.sqrt(20)
    one, other = scores[3]
    found = task.features({"query": query})
    assert found.shape == (1, 200, 2)
    expected = [1 / (1 + math.exp(one * other - one**2)), 1 / (1 + math.exp(one * other - other**2))]
    np.testing.assert_allclose(found[0, 3], expected, rtol=1e-4)


def test_starts() -> None:
    task = small()
    semantic, positional, random = (
        task.initial(Network(3, of_task={"start": start}))["query"] for start in ("semantic", "positional", "random")
    )
    assert float(semantic.norm()) == pytest.approx(math.sqrt(20))
    assert positional.tolist() == pytest.approx([20**-0.5] * 20)
    seen = task.observe({"query": torch.stack([semantic, positional, random])}, _three(task), closely=False)
    assert float(seen["theta"][0]) == pytest.approx(1.0)
    assert float(seen["m"][1]) == pytest.approx(20**-0.5)
    assert 0 < float(seen["theta"][2]) < 0.8


def _three(task: DotProductAttention) -> list[Network]:
    return [Network(3, of_task={**task.settings()[0], "start": start}) for start in ("a", "b", "c")]


def test_without_positions_the_teacher_makes_no_error_but_that_of_the_positions() -> None:
    generator = torch.Generator().manual_seed(0)
    samples = Samples(0.5 * torch.randn(50, 2, 400, generator=generator), torch.randn(400, generator=generator))
    own = samples.teacher - samples.teacher.mean()  # blind to the positions
    squares = samples.squares(own[None], torch.zeros(1, 1, 1))
    assert float(squares.max()) < 5 / 400  # (2s − 1)²/d of two rows, and what tokens have along the positions


def test_the_linear_baseline_is_least_squares() -> None:
    generator = torch.Generator().manual_seed(1)
    tokens, teacher = 0.5 * torch.randn(60, 2, 30, generator=generator), torch.randn(30, generator=generator)
    samples = Samples(tokens, teacher)
    scores = tokens @ teacher / math.sqrt(30)
    mix = 0.7 * torch.softmax(scores[:, :, None] * scores[:, None], dim=-1) + 0.3 * torch.tensor(
        [[0.6, 0.4], [0.4, 0.6]]
    )
    targets = (mix @ tokens).transpose(0, 1).reshape(2, -1)
    flat = tokens.transpose(0, 1).reshape(2, -1)
    fitted = torch.linalg.lstsq(flat.T, targets.T).solution
    expected = (targets.T - flat.T @ fitted).square().mean()
    torch.testing.assert_close(samples.linear_error(0.3), expected, rtol=1e-4, atol=1e-7)
    assert float(samples.linear_error(1.0)) == pytest.approx(0.0, abs=1e-7)


def test_fewer_samples_have_the_lower_loss_and_networks_stand_alone() -> None:
    task = small()
    networks = lay_out(Grid(seeds=2, learning_rate=(0.15,)), task.settings())
    whole = Networks(task, networks, optimiser=Sgd(), block=8)
    whole.step(50)
    alone = Networks(small(), [networks[5]], optimiser=Sgd())
    alone.step(50)
    torch.testing.assert_close(alone.parameters["query"][0], whole.parameters["query"][5], rtol=1e-4, atol=1e-5)
    losses = task.loss(whole.parameters, networks, 0)
    assert (losses[:4] < losses[4:]).all()  # α = 1 before α = 2


def test_the_positional_minimum_is_the_lower_with_few_samples_and_the_semantic_one_with_many() -> None:
    task = DotProductAttention(60, (0.4, 4.0), (0.3,), ("semantic", "positional"), rng=RandomStreams(0), device=CPU)
    networks = Networks(task, lay_out(Grid(seeds=4, learning_rate=(0.15,)), task.settings()), optimiser=Sgd(), block=16)
    networks.step(400)
    few_semantic, few_positional, many_semantic, many_positional = (
        task.loss(networks.parameters, networks.networks, 0).view(4, 4).mean(1).tolist()
    )
    assert few_positional < few_semantic
    assert many_semantic < many_positional
