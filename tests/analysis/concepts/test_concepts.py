from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from hubbub.analysis.concepts import (
    bend,
    identity_learning_time,
    identity_map,
    identity_variances,
    probe_loss,
    reached,
    tied_identity_maps,
)
from hubbub.simulator.errors import ConfigurationError

SIGNALS, SPREAD = np.array([1.0, 2.0]), 0.05
VARIANCES = identity_variances(SIGNALS, SPREAD)


def test_the_bend_of_paths_by_hand() -> None:
    assert bend(np.array([[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]])) == pytest.approx(0)
    assert bend(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])) == pytest.approx(
        0.5
    )  # the first concept, then the second
    assert bend(np.array([[0.0, 0.0], [0.1, 0.9], [1.0, 1.0]])) == pytest.approx(-0.4)
    assert bend(np.array([[0.0, 0.0], [0.0, 4.0], [8.0, 8.0], [8.0, 8.0]])) == pytest.approx(-0.25)
    assert math.isnan(bend(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]])))
    with pytest.raises(ConfigurationError, match=r"path: expected points \[T, 2\], got \(3,\)"):
        bend(np.zeros(3))


def test_the_step_at_which_one_half_is_reached_or_the_last() -> None:
    assert reached([0, 10, 20, 30], [0.1, 0.4, 0.8, 0.2]) == (pytest.approx(12.5), True)
    assert reached([0, 10, 20, 30], [0.1, 0.4, 0.4, 0.45]) == (30, False)
    assert reached([0, 10], [0.1, 0.9], level=0.3) == (pytest.approx(2.5), True)
    assert reached([5, 10, 20], [0.5, 0.2, 0.9]) == (5, True)


def test_the_moments_of_the_clusters_are_those_of_samples() -> None:
    generator = np.random.default_rng(0)
    centres = np.diag(SIGNALS)[generator.integers(2, size=100_000)]
    samples = centres + SPREAD * generator.standard_normal((100_000, 2))
    np.testing.assert_allclose((samples**2).mean(axis=0), VARIANCES, rtol=0.02)


def test_one_layer_solves_its_equation_and_learns_at_ln5_over_a() -> None:
    initial = np.array([[0.1, 0.2], [-0.3, 0.4]])
    early, late = (identity_map(time, VARIANCES, initial=initial) for time in (0.7 - 1e-5, 0.7 + 1e-5))
    change = (np.eye(2) - identity_map(0.7, VARIANCES, initial=initial)) @ np.diag(VARIANCES)
    np.testing.assert_allclose((late - early) / 2e-5, change, rtol=1e-6)
    np.testing.assert_allclose(identity_map(0.0, VARIANCES, initial=initial), initial)
    times = identity_learning_time(0.8, VARIANCES)
    np.testing.assert_allclose(times, math.log(5) / (SIGNALS**2 / 2 + SPREAD**2))
    learnt = identity_map(times, VARIANCES, initial=np.zeros((2, 2)))
    assert [learnt[axis, axis, axis] for axis in (0, 1)] == pytest.approx([0.8, 0.8])
    assert times[0] > times[1]  # the strong signal is learnt first


def test_the_probe_loss_of_two_tied_layers_rises_before_it_falls() -> None:
    start = 0.1 * (0.1 * np.eye(2) + 0.9 * np.ones((2, 2)))
    maps = tied_identity_maps(np.linspace(0, 20, 2001), VARIANCES, initial=start)
    losses = probe_loss(maps, SIGNALS)
    turns = np.flatnonzero(np.diff(np.sign(np.diff(losses)))) + 1
    np.testing.assert_allclose(losses[[0, *turns[:2]]], [1.7212, 0.108, 0.212], atol=5e-4)
    assert losses[-1] < 1e-3
    one_layer = probe_loss(identity_map(np.linspace(0, 20, 2001), VARIANCES, initial=start), SIGNALS)
    assert (np.diff(one_layer) < 0).all()


def test_the_flow_of_two_tied_layers_is_that_of_half_the_loss() -> None:
    layer = torch.tensor([[0.3, 0.1], [0.2, 0.4]], dtype=torch.float64, requires_grad=True)
    matrix = torch.diag(torch.from_numpy(VARIANCES))
    rest = layer @ layer.T - torch.eye(2)
    [gradient] = torch.autograd.grad(torch.trace(rest @ matrix @ rest.T) / 2 / 2, [layer])
    u = layer.detach().numpy()
    moved = -gradient.numpy()
    maps = tied_identity_maps(np.array([0.0, 1e-4]), VARIANCES, initial=u @ u.T)
    np.testing.assert_allclose((maps[1] - maps[0]) / 1e-4, moved @ u.T + u @ moved.T, rtol=1e-3)
