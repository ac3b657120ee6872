"""Dot-product attention on two tokens, learned from a teacher that attends by meaning and by position."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Annotated, Literal

import numpy as np
import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from hubbub.simulator import counting
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training.catalogue import Parameters, Task, task
from hubbub.simulator.training.layout import Network

Count = Annotated[int, Field(ge=2)]
Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Start = Literal["semantic", "positional", "random"]
TOKEN_SCALE = 0.5
RIDGE = 0.01
OWN_SHARE_BY_POSITION = 0.6
"""Attention of a token to itself in the teacher that attends by position."""
TEST_SAMPLES = 2000
"""New samples that errors are estimated on."""
PROBED = 200
"""Samples of the probe."""


@task("dot-product-attention")
def dot_product_attention(
    *,
    dimension: Count = 200,
    sample_complexity: Annotated[tuple[Positive, ...], Field(min_length=1)] = (0.8, 1.0, 1.2, 1.4, 1.6, 2.0),
    omega: Annotated[tuple[Share, ...], Field(min_length=1)] = (0.3,),
    starts: Annotated[tuple[Start, ...], Field(min_length=1)] = ("semantic", "positional"),
    rng: RandomStreams,
    device: torch.device,
) -> DotProductAttention:
    """One attention vector of `dimension` d, trained on `sample_complexity` · d samples of two tokens.

    The teacher attends by position with weight `omega`, otherwise by meaning. Weights start as the teacher's
    (`semantic`), along the positions (`positional`), or standard normal (`random`).
    """
    return DotProductAttention(dimension, sample_complexity, omega, starts, rng=rng, device=device)


class DotProductAttention(Task):
    """Students softmax(v vᵀ) x with v = x w/√d and x = z ± 1/√d (Cui, Behrens, Krzakala & Zdeborová 2024).

    Tokens z are N(0, I/4); the teacher is (1 − ω) softmax(u uᵀ) z + ω [[.6, .4], [.4, .6]] z, u = z q/√d, ‖q‖ = √d.
    The loss is the sum over all samples of ‖student − teacher‖²/2d, and .005 ‖w‖². Samples of a seed are the same in
    every setting; a smaller number of samples is the first part of a larger one. A step costs O(αd²) for each network.
    """

    def __init__(
        self,
        dimension: int,
        sample_complexity: Sequence[float],
        omega: Sequence[float],
        starts: Sequence[Start],
        *,
        rng: RandomStreams,
        device: torch.device,
    ) -> None:
        self.dimension, self.sample_complexity, self.omega, self.starts = dimension, sample_complexity, omega, starts
        self.rng, self.device = rng, device
        self._samples: dict[tuple[str, int], Samples] = {}  # cached, because every step needs them

    def settings(self) -> Sequence[Mapping[str, float | int | str]]:
        """Return every teacher with every number of samples and every start."""
        names = ("omega", "sample_complexity", "start")
        return [
            dict(zip(names, each, strict=True)) for each in product(self.omega, self.sample_complexity, self.starts)
        ]

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return the weights `[d]` at the start."""
        start = network.of_task["start"]
        if start == "semantic":
            return {"query": self.teacher(network.seed)}
        if start == "positional":
            return {"query": torch.full((self.dimension,), self.dimension**-0.5, device=self.device)}
        return {"query": self._normal("start", network.seed, self.dimension)}

    def teacher(self, seed: int) -> Tensor:
        """Return the teacher's weights `[d]`."""
        drawn = self._normal("teacher", seed, self.dimension)
        return drawn * (math.sqrt(self.dimension) / drawn.norm())

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the loss of all samples `[S]`, the same at every step."""
        query = parameters["query"]
        sums = torch.empty(len(networks), device=query.device)
        for seed, rows in _by_seed(networks).items():
            squares = self._squares(query[rows], seed, "train", networks, rows)
            counts = torch.tensor([self._count(networks[row]) for row in rows], device=query.device)
            used = torch.arange(squares.shape[1], device=query.device) < counts[:, None]
            sums[rows] = (squares * used).sum(dim=1) / 2
        return sums + RIDGE / 2 * query.square().sum(dim=1)

    def observe(self, parameters: Parameters, networks: Sequence[Network], *, closely: bool) -> Mapping[str, Tensor]:
        """Return `train_loss` per dimension, errors, the overlap `theta` with the teacher and `m` with the positions.

        Errors are mean squares of a component of a token in new samples: `generalisation_error`, and
        `linear_error` of the best fixed linear combination of the two tokens.
        """
        query = parameters["query"]
        errors, linear = torch.empty(2, len(networks), device=query.device)
        for seed, rows in _by_seed(networks).items():
            errors[rows] = self._squares(query[rows], seed, "fresh", networks, rows).mean(dim=1) / 2
            samples = self._drawn("fresh", seed)
            for row in rows:
                linear[row] = samples.linear_error(float(networks[row].of_task["omega"]))
        teachers = torch.stack([self.teacher(network.seed) for network in networks])
        return {
            "train_loss": self.loss(parameters, networks, 0) / self.dimension,
            "generalisation_error": errors,
            "linear_error": linear,
            "theta": (teachers * query).sum(dim=1).abs() / self.dimension,
            "m": query.sum(dim=1).abs() / self.dimension,
        }

    def features(self, parameters: Parameters) -> Tensor:
        """Return how much each of the two tokens attends to itself, in the first new samples of seed 0: `[S, M, 2]`."""
        return self._drawn("fresh", 0).student_share(parameters["query"])[:, :PROBED]

    def _squares(self, query: Tensor, seed: int, part: str, networks: Sequence[Network], rows: Sequence[int]) -> Tensor:
        """Return ‖student − teacher‖²/d of every sample `[rows, n]`."""
        samples = self._drawn(part, seed)
        omega = torch.tensor([networks[row].of_task["omega"] for row in rows], device=query.device)
        return samples.squares(query, omega.view(-1, 1, 1))

    def _count(self, network: Network) -> int:
        return round(counting.part(float(network.of_task["sample_complexity"]), self.dimension))

    def _drawn(self, part: str, seed: int) -> Samples:
        """Return the samples of a seed: all training samples of the largest setting, or new ones (`fresh`)."""
        if (part, seed) not in self._samples:
            n = TEST_SAMPLES if part == "fresh" else round(counting.part(max(self.sample_complexity), self.dimension))
            tokens = TOKEN_SCALE * self._normal(part, seed, n, 2, self.dimension)
            self._samples[part, seed] = Samples(tokens, self.teacher(seed))
        return self._samples[part, seed]

    def _normal(self, stream: str, seed: int, *shape: int) -> Tensor:
        drawn = self.rng.at(stream, seed).standard_normal(shape, dtype=np.float32)
        return torch.from_numpy(drawn).to(self.device)


@dataclass(frozen=True, eq=False)
class Samples:
    """Tokens `[n, 2, d]` without positions, and the teacher `[d]`.

    Of two tokens, one attends to itself with share s and to the other with 1 − s, so that student − teacher is
    (s − s*) (z₁ − z₂) ± (2s − 1) 1/√d in its row, up to a sign: the tokens of length d need not be compared.
    """

    tokens: Float[torch.Tensor, "n 2 d"]
    teacher: Float[torch.Tensor, " d"]

    def squares(
        self, query: Float[torch.Tensor, "S d"], omega: Float[torch.Tensor, "S 1 1"]
    ) -> Float[torch.Tensor, "S n"]:
        """Return ‖student − teacher‖²/d of every sample `[S, n]` for weights `[S, d]` and shares `omega [S, 1, 1]`."""
        d, own = len(self.teacher), self.student_share(query)
        error, imbalance = own - self.teacher_share(omega), 2 * own - 1
        squares: Tensor = (
            error.square() * self.gap[:, None] + 2 * error * imbalance * self.drift[:, None] + imbalance.square() / d
        ).sum(dim=2)
        return squares

    def student_share(self, query: Float[torch.Tensor, "S d"]) -> Float[torch.Tensor, "S n 2"]:
        """Return the attention of each token to itself, in students with weights `[S, d]`: `[S, n, 2]`."""
        d = len(self.teacher)
        position = query.sum(dim=1) / d
        signs = torch.tensor([1.0, -1.0], device=query.device)
        scores = (query @ self.tokens.flatten(0, 1).T).view(len(query), -1, 2) / math.sqrt(d)
        return own_share(scores + position.view(-1, 1, 1) * signs)

    def teacher_share(self, omega: Tensor | float) -> Tensor:
        """Return the attention s* of each token to itself in the teacher, `[…, n, 2]`."""
        return (1 - omega) * self.semantic_share + omega * OWN_SHARE_BY_POSITION

    def linear_error(self, omega: float) -> Tensor:
        """Return the error of the best fixed linear combination of the two tokens, by least squares."""
        own = self.teacher_share(omega)
        mix = torch.diag_embed(own) + torch.diag_embed(1 - own).flip(-1)
        gram = self.tokens @ self.tokens.mT / len(self.teacher)
        difference = mix - torch.linalg.solve(gram.mean(0), (mix @ gram).mean(0), left=False)
        return (difference @ gram * difference).sum(dim=(1, 2)).mean() / 2

    @cached_property
    def semantic_share(self) -> Tensor:
        """Return the attention of each token to itself in the part of the teacher that attends by meaning, `[n, 2]`."""
        return own_share(self.tokens @ self.teacher / math.sqrt(len(self.teacher)))

    @cached_property
    def gap(self) -> Tensor:
        """Return ‖z₁ − z₂‖²/d of every sample `[n]`."""
        return (self.tokens[:, 0] - self.tokens[:, 1]).square().mean(dim=1)

    @cached_property
    def drift(self) -> Tensor:
        """Return (z₁ − z₂)·1/√d / d of every sample `[n]`."""
        return (self.tokens[:, 0] - self.tokens[:, 1]).mean(dim=1) / math.sqrt(len(self.teacher))


def own_share(scores: Float[torch.Tensor, "*batch 2"]) -> Float[torch.Tensor, "*batch 2"]:
    """Return the attention of each token to itself, softmax(v vᵀ), for scores v `[…, 2]`."""
    return torch.sigmoid(scores * (scores - scores.flip(-1)))


def _by_seed(networks: Sequence[Network]) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = {}
    for row, network in enumerate(networks):
        rows.setdefault(network.seed, []).append(row)
    return rows
