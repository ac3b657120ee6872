"""The neural tangent kernel and its block structure: same sample, same class, other classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Shaped

from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn


@dataclass(frozen=True)
class BlockKernel:
    """The block approximation of a kernel, for C classes of m samples each (Seleznova et al. 2023).

    It has three values: κ_d on the diagonal, κ_c for pairs in one class, κ_n for pairs in different classes.

    Attributes
    ----------
    same_sample, same_class, other
        κ_d, κ_c and κ_n: the mean of the kernel over samples with themselves, over pairs of different samples of one
        class, and over pairs of different classes.
    alignment
        Cosine between the kernel and YᵀY, which is 1 for pairs in one class and 0 for others.
    residue
        Residual: share of the squared norm of the kernel that the block approximation does not explain.
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
        """Eigenvalue λ_single = κ_d − κ_c, of differences between samples of one class."""
        return self.same_sample - self.same_class

    @property
    def lambda_class(self) -> float:
        """Eigenvalue λ_class = λ_single + m (κ_c − κ_n), of differences between class means."""
        return self.lambda_single + self.per_class * (self.same_class - self.other)

    @property
    def lambda_global(self) -> float:
        """Eigenvalue λ_global = λ_class + m C κ_n, of the mean of all samples."""
        return self.lambda_class + self.per_class * self.n_classes * self.other


@validated(stated_shapes=True)
def block_kernel(kernel: Float[np.ndarray, "n n"], classes: Shaped[np.ndarray, " n"]) -> BlockKernel:
    """Return the block approximation of a kernel (Seleznova et al. 2023). O(n²).

    Parameters
    ----------
    kernel
        Kernel of n samples, `[n, n]`.
    classes
        Class of each sample, `[n]`, compared for equality; every class has the same number of samples.

    Raises
    ------
    ConfigurationError
        Shapes that do not fit, fewer than two classes, or different numbers of samples or fewer than two of a class.
    """
    _, classes, counts = np.unique(classes, return_inverse=True, return_counts=True)
    if len(counts) < 2 or counts.min() != counts.max() or counts[0] < 2:
        expected = "two classes or more, with the same number of samples ≥ 2 in each"
        raise ConfigurationError(complaint("classes", expected=expected, got=counts.tolist()))
    diagonal = np.eye(len(classes), dtype=bool)
    same = classes[:, None] == classes
    parts = diagonal, same & ~diagonal, ~same
    of_sample, of_class, of_other = means = tuple(float(kernel[part].mean()) for part in parts)
    squares = float((kernel**2).sum())
    explained = sum(value**2 * part.sum() for value, part in zip(means, parts, strict=True))
    n_classes = len(np.unique(classes))
    return BlockKernel(
        of_sample,
        of_class,
        of_other,
        alignment=float(kernel[same].sum() / np.sqrt(squares * same.sum())),
        residue=float(1 - explained / squares),
        n_classes=n_classes,
        per_class=len(classes) // n_classes,
    )


@validated()
def tangent_kernel(
    module: nn.Module, inputs: Shaped[torch.Tensor, "n ..."], state: Mapping[str, Shaped[torch.Tensor, " ..."]]
) -> Float[np.ndarray, "n n"]:
    """Return the neural tangent kernel of n samples, the mean over the K outputs of a network (Jacot et al. 2018).

    The entry of samples x and y is (1/K) Σ_k ∇f_k(x)·∇f_k(y), with gradients by all parameters in `state`.
    Deterministic; memory for n K P numbers, where P is the number of parameters.

    Parameters
    ----------
    inputs
        Samples `[n, …]`.
    state
        The parameters of the module by name.

    Returns
    -------
    Kernel `[n, n]`, float64.
    """
    import torch
    from torch.func import functional_call, jacrev, vmap

    def one(parameters: dict[str, Tensor], sample: Tensor) -> Tensor:
        outputs: Tensor = functional_call(module, parameters, (sample[None],))
        return outputs[0]

    with torch.no_grad():
        jacobians = vmap(jacrev(one), in_dims=(None, 0))(dict(state), inputs)
        n_outputs = next(iter(jacobians.values())).shape[1]
        rows = [each.flatten(1) for each in jacobians.values()]
        kernel = torch.stack([(each @ each.T).double() for each in rows]).sum(0)
    return np.asarray(kernel.cpu().numpy() / n_outputs)
