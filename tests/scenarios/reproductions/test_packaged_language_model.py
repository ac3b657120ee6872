from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch.nn import functional

from hubbub.scenarios.reproductions import RunSet, layer_information_large, reproduction
from hubbub.scenarios.reproductions.layer_information.pairs import Fit
from hubbub.scenarios.reproductions.layer_information_large import COUNTRIES, packaged_language_model
from hubbub.scenarios.reproductions.layer_information_large.packaged_language_model import (
    SPACE,
    PackagedModel,
    Shape,
    rotated,
    smollm2,
)
from hubbub.simulator.errors import ConfigurationError

SHAPE = Shape(blocks=3, heads=4, shared_heads=2, base=100.0, epsilon=1e-5)


def small() -> PackagedModel:
    generator = np.random.default_rng(0)
    sizes = {"token_embd": (26, 16), "output_norm": (16,)}
    for block in range(SHAPE.blocks):
        of_block = {"attn_q": (16, 16), "attn_k": (8, 16), "attn_v": (8, 16), "attn_output": (16, 16)}
        of_block |= {"ffn_gate": (20, 16), "ffn_up": (20, 16), "ffn_down": (16, 20)}
        of_block |= {"attn_norm": (16,), "ffn_norm": (16,)}
        sizes |= {f"blk.{block}.{name}": size for name, size in of_block.items()}
    weights = {
        f"{name}.weight": torch.from_numpy(generator.standard_normal(size, dtype=np.float32))
        for name, size in sizes.items()
    }
    return PackagedModel(SHAPE, weights, [*(SPACE + country for country in COUNTRIES), ","])


def test_rotations_keep_lengths_and_know_distances_only() -> None:
    heads = torch.randn(2, 1, 1, 5, 8, generator=torch.Generator().manual_seed(0))
    same = heads[:, :, :, :1].expand(-1, -1, -1, 5, -1)
    query, key = (rotated(each, 50.0)[0, 0] for each in same)
    torch.testing.assert_close(query[0], heads[0, 0, 0, 0])
    torch.testing.assert_close(query.norm(dim=1), query[:1].norm(dim=1).expand(5))
    products = query @ key.T
    torch.testing.assert_close(products[1:, 1:], products[:-1, :-1])
    [turned] = rotated(torch.tensor([1.0, 0.0]).expand(1, 1, 2, 2), 50.0)[0]
    assert turned[1].tolist() == pytest.approx([math.cos(1), math.sin(1)])


def test_a_block_by_hand() -> None:
    model, tokens = small(), torch.tensor([3, 25, 7])

    def normed(stream: torch.Tensor, name: str) -> torch.Tensor:
        return functional.rms_norm(stream, (16,), model.weights[f"{name}.weight"], eps=SHAPE.epsilon)

    stream = model.weights["token_embd.weight"][tokens]
    given = normed(stream, "blk.0.attn_norm")
    query, key, value = (given @ model.weights[f"blk.0.attn_{part}.weight"].T for part in "qkv")
    made = []
    for head in range(4):
        own, shared = slice(4 * head, 4 * head + 4), slice(4 * (head // 2), 4 * (head // 2) + 4)
        turned, others = (rotated(each[None, None], 100.0)[0, 0] for each in (query[:, own], key[:, shared]))
        made.append((others @ turned[2] / 2).softmax(0) @ value[:, shared])
    last = stream[2] + torch.cat(made) @ model.weights["blk.0.attn_output.weight"].T
    given = normed(last, "blk.0.ffn_norm")
    gate, up, down = (model.weights[f"blk.0.ffn_{part}.weight"] for part in ("gate", "up", "down"))
    last = last + (functional.silu(gate @ given) * (up @ given)) @ down.T
    found = model.residuals(tokens[None])
    assert found.shape == (4, 1, 16)
    torch.testing.assert_close(found[0, 0], stream[2])
    torch.testing.assert_close(found[1, 0], last, rtol=1e-4, atol=1e-4)
    scores = model.scores(found[-1])[0]
    torch.testing.assert_close(scores, model.weights["token_embd.weight"] @ normed(found[-1, 0], "output_norm"))


def test_words_are_single_tokens() -> None:
    assert small().tokens(["Russia", "Kenya"]).tolist() == [0, 24]
    assert small().comma() == 25


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged_language_model, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match="gguf: expected a package that is not installed; pip install gguf"):
        smollm2()


def test_the_large_case_from_end_to_end(here: Callable[..., RunSet], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_information_large, "smollm2", small)
    tiny = {"draws": 2, "sequences": 40, "blocks": (2, 3), "fit": Fit(3, 1e-3)}
    outcome = reproduction["layer-information-large"]("small", **tiny).reproduce(here())
    assert len(outcome.table) == 2 * 2 * 2  # draws × blocks × (pairs, and shuffled)
    claims = {claim.name: claim for claim in outcome.claims}
    assert claims["counting says how many sequences were drawn"].verdict == "holds"
    whole = math.log2(25 * 24 * 23 * 22)
    assert claims["counting falls short of the data"].value.value == pytest.approx(whole - math.log2(40), abs=0.06)
    assert "blocks" in outcome.figures
