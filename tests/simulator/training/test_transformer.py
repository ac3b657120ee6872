from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

from hubbub.simulator.training.transformer import Transformer

LAYERS, HEADS, WIDTH, TOKENS, LENGTH = 2, 2, 8, 11, 6


def made(seed: int = 0, *, scale: float = 20.0) -> tuple[Transformer, dict[str, Tensor]]:
    """Return a transformer and weights large enough for attention to be far from uniform."""
    model = Transformer(TOKENS, LENGTH, layers=LAYERS, heads=HEADS, width=WIDTH)
    initial = model.initial(np.random.default_rng(seed))
    return model, {name: values * scale if values.ndim > 1 else values for name, values in initial.items()}


def tokens(seed: int = 1, samples: int = 3, length: int = LENGTH) -> Tensor:
    return torch.from_numpy(np.random.default_rng(seed).integers(TOKENS, size=(samples, length)))


def by_torch(weights: dict[str, Tensor], given: Tensor) -> Tensor:
    """Return the scores from torch's own encoder layers, normed first and masked to what came before."""
    zero = torch.zeros
    stream = weights["token"][given] + weights["position"][: given.shape[1]]
    for number in range(LAYERS):
        of = {name.removeprefix(f"blocks.{number}."): values for name, values in weights.items()}
        layer = nn.TransformerEncoderLayer(
            WIDTH, HEADS, 4 * WIDTH, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        layer.load_state_dict(
            {
                "self_attn.in_proj_weight": of["attention.weight"],
                "self_attn.in_proj_bias": zero(3 * WIDTH),
                "self_attn.out_proj.weight": of["mixed.weight"],
                "self_attn.out_proj.bias": zero(WIDTH),
                "linear1.weight": of["up.weight"],
                "linear1.bias": zero(4 * WIDTH),
                "linear2.weight": of["down.weight"],
                "linear2.bias": zero(WIDTH),
                "norm1.weight": of["norm1.weight"],
                "norm1.bias": zero(WIDTH),
                "norm2.weight": of["norm2.weight"],
                "norm2.bias": zero(WIDTH),
            }
        )
        stream = layer(stream, src_mask=nn.Transformer.generate_square_subsequent_mask(given.shape[1]), is_causal=True)
    return functional.layer_norm(stream, (WIDTH,), weights["norm.weight"]) @ weights["token"].T


def test_scores_are_those_of_torchs_own_layers() -> None:
    model, weights = made()
    weights["blocks.1.norm2.weight"] = torch.linspace(0.5, 2, WIDTH)
    for given in (tokens(), tokens(length=4)):
        scores = functional_call(model, weights, (given,))
        assert scores.shape == (*given.shape, TOKENS)
        torch.testing.assert_close(scores, by_torch(weights, given).detach(), rtol=1e-4, atol=1e-4)


def test_what_comes_later_has_no_say() -> None:
    model, weights = made()
    given = tokens()
    changed = given.clone()
    changed[:, 4:] = (changed[:, 4:] + 1) % TOKENS
    before, after = (functional_call(model, weights, (each,)) for each in (given, changed))
    torch.testing.assert_close(before[:, :4], after[:, :4])
    torch.testing.assert_close(before[:, :4], functional_call(model, weights, (given[:, :4],)), rtol=1e-4, atol=1e-4)
    assert float((before[:, 4:] - after[:, 4:]).abs().min(dim=2).values.max()) > 0.01


def test_what_came_before_has_a_say_and_so_has_its_order() -> None:
    model, weights = made()
    given = tokens(samples=1)
    given[0, :2] = torch.tensor([3, 5])
    swapped = given.clone()
    swapped[0, :2] = torch.tensor([5, 3])
    scores, others = (functional_call(model, weights, (each,))[0, -1] for each in (given, swapped))
    assert float((scores - others).abs().max()) > 0.01


def test_a_stack_computes_as_each_network_alone() -> None:
    each = [made(seed) for seed in (0, 1, 2)]
    model = each[0][0]
    stack = {name: torch.stack([weights[name] for _, weights in each]) for name in each[0][1]}
    given = torch.stack([tokens(seed) for seed in (5, 6, 7)])
    scores = torch.vmap(lambda of, seen: functional_call(model, of, (seen,)))(stack, given)
    for number, (_, weights) in enumerate(each):
        alone = functional_call(model, weights, (given[number],))
        torch.testing.assert_close(scores[number], alone, rtol=1e-4, atol=1e-4)


def test_the_residual_stream_is_there_below_and_after_every_block() -> None:
    model, weights = made()
    model.load_state_dict(weights)
    given = tokens()
    stream = model.residuals(given)
    assert stream.shape == (LAYERS + 1, 3, LENGTH, WIDTH)
    torch.testing.assert_close(stream[0], weights["token"][given] + weights["position"])
    torch.testing.assert_close(stream[2], model.blocks[1](stream[1]))
    torch.testing.assert_close(model(given), model.norm(stream[-1]) @ model.token.T)


def test_weights_begin_small_and_smaller_where_a_block_ends() -> None:
    model = Transformer(500, 40, layers=8, heads=2, width=64)
    initial = model.initial(np.random.default_rng(0))
    assert initial.keys() == dict(model.named_parameters()).keys()
    assert not any(name.endswith("bias") for name in initial)
    for name, values in initial.items():
        if values.ndim == 1:
            assert values.tolist() == [1] * 64
            continue
        expected = 0.02 / (math.sqrt(16) if name.endswith(("mixed.weight", "down.weight")) else 1)
        assert float(values.std()) == pytest.approx(expected, rel=0.05)
        assert abs(float(values.mean())) < 0.1 * expected + 0.001
