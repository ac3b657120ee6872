from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp
from torch import nn

from hubbub.analysis.collapse import (
    BlockKernel,
    block_kernel,
    collapse_invariant,
    invariant_alignment,
    neural_collapse,
    tangent_kernel,
)

CLASSES = np.repeat(np.arange(4), 3)


def kernel_of(same_sample: float, same_class: float, other: float) -> BlockKernel:
    return BlockKernel(same_sample, same_class, other, alignment=1.0, residue=0.0, n_classes=4, per_class=3)


def whole(kernel: BlockKernel) -> np.ndarray:
    alike = CLASSES[:, None] == CLASSES
    return np.where(alike, kernel.same_class, kernel.other) + np.eye(12) * kernel.lambda_single


def test_collapsed_features_show_all_four_signs() -> None:
    corners = np.eye(4) - 0.25
    features = corners[CLASSES] @ np.linalg.qr(np.random.default_rng(0).standard_normal((6, 6)))[0][:4]
    means = features[::3]
    found = neural_collapse(features + 2.0, CLASSES, 5 * means, -5 * means @ np.full(6, 2.0))
    assert (found.variability, found.nearest_centre) == (pytest.approx(0), 0)
    assert found.simplex == pytest.approx(0, abs=1e-12)
    assert found.duality == pytest.approx(0, abs=1e-12)


def test_variability_by_hand() -> None:
    features = np.array([[1.0, 0], [3.0, 0], [-1.0, 0], [-3.0, 0]])  # within 1, between 4 along the first axis
    found = neural_collapse(features, np.array([0, 0, 1, 1]), np.array([[0, 1.0], [0, -1.0]]), np.array([0.0, 1]))
    assert found.variability == pytest.approx(1 / 4 / 2)
    assert found.duality == pytest.approx(math.sqrt(2))  # orthogonal
    assert found.nearest_centre == 0.5  # the network assigns class 1 to all
    assert found.simplex == pytest.approx(0)  # two means are always opposite


def test_eigenvalues_are_those_of_the_kernel() -> None:
    kernel = kernel_of(5.0, 2.0, 0.5)
    expected = [kernel.lambda_single] * 8 + [kernel.lambda_class] * 3 + [kernel.lambda_global]
    assert np.linalg.eigvalsh(whole(kernel)).tolist() == pytest.approx(expected)
    found = block_kernel(whole(kernel), CLASSES)
    assert (found.same_sample, found.same_class, found.other) == pytest.approx((5.0, 2.0, 0.5))
    assert found.residue == pytest.approx(0)
    assert (found.n_classes, found.per_class) == (4, 3)


def test_alignment_with_the_classes() -> None:
    assert block_kernel((CLASSES[:, None] == CLASSES) * 2.0, CLASSES).alignment == pytest.approx(1)
    assert block_kernel(np.eye(12), CLASSES).alignment == pytest.approx(math.sqrt(1 / 3))
    assert block_kernel(np.ones((12, 12)), CLASSES).alignment == pytest.approx(0.5)


def test_the_tangent_kernel_of_a_linear_layer_is_known() -> None:
    inputs = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    layer = nn.Linear(3, 4)
    kernel = tangent_kernel(layer, inputs, dict(layer.named_parameters()))
    np.testing.assert_allclose(kernel, (inputs @ inputs.T + 1).numpy(), rtol=1e-5)


def test_the_tangent_kernel_is_that_of_gradients() -> None:
    module = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2))
    inputs = torch.randn(3, 2, generator=torch.Generator().manual_seed(1))
    rows: list[list[torch.Tensor]] = []
    for sample in inputs:
        rows.append([])
        for output in module(sample[None])[0]:
            gradients = torch.autograd.grad(output, list(module.parameters()), retain_graph=True)
            rows[-1].append(torch.cat([each.flatten() for each in gradients]))
    expected = sum([float(rows[0][k] @ rows[2][k]) for k in range(2)]) / 2
    assert tangent_kernel(module, inputs, dict(module.named_parameters()))[0, 2] == pytest.approx(expected, rel=1e-4)


def flow(
    weights: np.ndarray, features: np.ndarray, kernel: BlockKernel, until: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Follow the block dynamics; return weights, features, biases and the loss at the end."""
    wanted, matrix = np.eye(4)[CLASSES].T, whole(kernel)
    n_features = weights.shape[1]

    def parts(state: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        w, h, b = np.split(state, [4 * n_features, (4 + 12) * n_features])
        return w.reshape(4, -1), h.reshape(-1, 12), b

    def change(_: float, state: np.ndarray) -> np.ndarray:
        w, h, b = parts(state)
        rest = w @ h + b[:, None] - wanted
        return np.concatenate([(-rest @ h.T).ravel(), (-w.T @ rest @ matrix).ravel(), -rest.sum(axis=1)])

    start = np.concatenate([weights.ravel(), features.T.ravel(), np.zeros(4)])
    found = solve_ivp(change, (0, until), start, method="LSODA", rtol=1e-11, atol=1e-13)
    w, h, b = parts(found.y[:, -1])
    return w, h.T, b, float(((w @ h + b[:, None] - wanted) ** 2).sum())


def test_the_block_dynamics_conserve_the_invariant_and_need_not_collapse() -> None:
    kernel, generator = kernel_of(3.0, 1.5, 0.4), np.random.default_rng(3)
    weights, features = generator.standard_normal((4, 6)), generator.standard_normal((12, 6))
    before = collapse_invariant(weights, features, CLASSES, kernel)
    np.testing.assert_allclose(  # E = WᵀW − H A⁻¹ Hᵀ
        before, weights.T @ weights - features.T @ np.linalg.solve(whole(kernel), features), atol=1e-12
    )
    w, h, b, loss = flow(weights, features, kernel, 4000.0)
    after = collapse_invariant(w, h, CLASSES, kernel)
    assert loss < 1e-24
    np.testing.assert_allclose(after, before, atol=1e-7)
    assert neural_collapse(h, CLASSES, w, b).variability > 0.05


def test_balanced_dynamics_collapse() -> None:
    kernel, generator = kernel_of(3.0, 1.5, 0.4), np.random.default_rng(3)
    weights, features = 1e-4 * generator.standard_normal((4, 6)), 1e-4 * generator.standard_normal((12, 6))
    w, h, b, loss = flow(weights, features, kernel, 100.0)
    assert loss < 1e-8
    found = neural_collapse(h, CLASSES, w, b)
    assert found.variability < 1e-6
    assert found.simplex < 1e-3
    assert found.duality < 1e-3
    assert invariant_alignment(w, h, CLASSES, kernel) == pytest.approx(1, abs=1e-6)
