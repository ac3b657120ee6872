"""The tangent kernel of a network, and its blocks: same sample, same class, other classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True)
class BlockKernel:
    """A kernel of three values, for C classes of m samples each (Seleznova et al. 2023).

    Attributes
    ----------
    same_sample, same_class, other
        Mean over pairs: a sample with itself, with others of its class, with those of other classes.
    alignment
        Cosine of the kernel with YᵀY, which is 1 within classes and 0 between.
    residue
        Share of the squared kernel that the three values do not account for.
    n_classes, per_class
        C and m.
    """

    same_sample: float
    same_class: float
    other: float
    alignment: float
    residue: float
    n_classes: int
    per_class: int

    @property
    def lambda_single(self) -> float:
        """Return the eigenvalue of differences within a class."""
        return self.same_sample - self.same_class

    @property
    def lambda_class(self) -> float:
        """Return the eigenvalue of differences between class means."""
        return self.lambda_single + self.per_class * (self.same_class - self.other)

    @property
    def lambda_global(self) -> float:
        """Return the eigenvalue of what all samples share."""
        return self.lambda_class + self.per_class * self.n_classes * self.other


def block_kernel(kernel: np.ndarray, classes: np.ndarray) -> BlockKernel:
    """Return the blocks of a kernel `[N, N]` of samples of `classes [N]`, as many in each."""
    classes = np.asarray(classes)
    itself = np.eye(len(classes), dtype=bool)
    alike = classes[:, None] == classes
    parts = itself, alike & ~itself, ~alike
    sample, same, other = means = tuple(float(kernel[part].mean()) for part in parts)
    squares = float((kernel**2).sum())
    told = sum(value**2 * part.sum() for value, part in zip(means, parts, strict=True))
    n_classes = len(np.unique(classes))
    return BlockKernel(
        sample,
        same,
        other,
        alignment=float(kernel[alike].sum() / np.sqrt(squares * alike.sum())),
        residue=float(1 - told / squares),
        n_classes=n_classes,
        per_class=len(classes) // n_classes,
    )


def tangent_kernel(module: nn.Module, inputs: Tensor, state: Mapping[str, Tensor]) -> np.ndarray:
    """Return the tangent kernel `[N, N]` of inputs `[N, …]`, mean over the module's K outputs.

    The entry of two samples is (1/K) Σ_k ∇f_k(x)·∇f_k(y), gradients by all parameters in `state`. Needs N K P numbers
    for P parameters.
    """
    import torch
    from torch.func import functional_call, jacrev, vmap

    def one(parameters: dict[str, Tensor], sample: Tensor) -> Tensor:
        made: Tensor = functional_call(module, parameters, (sample[None],))
        return made[0]

    with torch.no_grad():
        jacobians = vmap(jacrev(one), in_dims=(None, 0))(dict(state), inputs)
        n_outputs = next(iter(jacobians.values())).shape[1]
        rows = [each.flatten(1) for each in jacobians.values()]
        kernel = torch.stack([(each @ each.T).double() for each in rows]).sum(0)
    return np.asarray(kernel.cpu().numpy() / n_outputs)
