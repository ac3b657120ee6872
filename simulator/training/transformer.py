"""A small decoder-only transformer, for tasks whose inputs are sequences of tokens."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

STANDARD_DEVIATION = 0.02


class Transformer(nn.Module):
    """A GPT (Radford et al. 2019): norms before attention and before a GELU layer of 4 · width, learned positions.

    Without biases, and with the embedding of tokens as the last layer. A position attends to itself and to
    those before it, so tokens after the end of a sequence do not change the outputs before it.

    Parameters
    ----------
    n_tokens, length
        Size of the vocabulary, and of the longest sequence.
    layers, heads, width
        Blocks, heads of each, and size of the residual stream, a multiple of `heads`.
    """

    def __init__(self, n_tokens: int, length: int, *, layers: int, heads: int, width: int) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.empty(n_tokens, width))
        self.position = nn.Parameter(torch.empty(length, width))
        self.blocks = nn.ModuleList(Block(heads, width) for _ in range(layers))
        self.norm = nn.LayerNorm(width, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the scores `[B, L, V]` of the token after each of `tokens [B, L]`."""
        return self.norm(self.residuals(tokens)[-1]) @ self.token.T

    def residuals(self, tokens: Tensor) -> Tensor:
        """Return the residual stream below the first block and after each: `[layers + 1, B, L, width]`."""
        stream = [self.token[tokens] + self.position[: tokens.shape[1]]]
        for block in self.blocks:
            stream.append(block(stream[-1]))
        return torch.stack(stream)

    def initial(self, generator: np.random.Generator) -> dict[str, Tensor]:
        """Return normal weights of standard deviation .02, less by √(2 · layers) where a block ends, and norms of 1."""
        initial = {}
        for name, parameter in self.named_parameters():
            if parameter.ndim == 1:
                initial[name] = torch.ones_like(parameter)
                continue
            is_last = name.endswith(("mixed.weight", "down.weight"))
            scale = STANDARD_DEVIATION / (math.sqrt(2 * len(self.blocks)) if is_last else 1.0)
            drawn = torch.from_numpy(generator.standard_normal(parameter.shape, dtype=np.float32))
            initial[name] = scale * drawn.to(parameter.device)
        return initial


class Block(nn.Module):
    """Attention and a GELU layer, each added to the residual stream `[B, L, width]`."""

    def __init__(self, heads: int, width: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width, bias=False), nn.LayerNorm(width, bias=False)
        self.attention = nn.Linear(width, 3 * width, bias=False)
        self.mixed = nn.Linear(width, width, bias=False)
        self.up, self.down = nn.Linear(width, 4 * width, bias=False), nn.Linear(4 * width, width, bias=False)

    def forward(self, stream: Tensor) -> Tensor:
        """Return the residual stream after the block."""
        stream = stream + self.mixed(self._attention(self.norm1(stream)))
        return stream + self.down(functional.gelu(self.up(self.norm2(stream))))

    def _attention(self, inputs: Tensor) -> Tensor:
        length, width = inputs.shape[-2:]
        query, key, value = (
            part.unflatten(-1, (self.heads, -1)).transpose(-3, -2) for part in self.attention(inputs).split(width, -1)
        )
        scores = query @ key.transpose(-2, -1) / math.sqrt(width // self.heads)
        is_later = torch.ones(length, length, dtype=torch.bool, device=inputs.device).triu(1)
        weights = scores.masked_fill(is_later, -math.inf).softmax(-1)
        return (weights @ value).transpose(-3, -2).flatten(-2)
