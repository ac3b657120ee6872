from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
import torch
from torch import Tensor

from hubbub.analysis.emergence.ruggedness import hessian_trace, linear_interpolation, local_minima, random_slices
from hubbub.simulator.errors import ConfigurationError

AT = {"weight": torch.randn(3, 4, 5, generator=torch.Generator().manual_seed(0)), "bias": torch.zeros(3, 4)}
CURVATURE = torch.tensor([1.0, 2.0, 5.0])


def bowl(parameters: Mapping[str, Tensor]) -> Tensor:
    """A quadratic around `AT` whose Hessian is the curvature of the network times the identity."""
    off = sum((parameters[name] - values).square().flatten(1).sum(1) for name, values in AT.items())
    return CURVATURE / 2 * torch.as_tensor(off)


def waves(parameters: Mapping[str, Tensor]) -> Tensor:
    return bowl(parameters) / 10 + torch.cos(8 * (parameters["weight"] - AT["weight"]).flatten(1).norm(dim=1))


def test_minima_of_lines_by_hand() -> None:
    assert local_minima(np.array([[3, 1, 2, 0, 5], [0, 1, 2, 3, 4], [1, 0, 0, 1, 1]])).tolist() == [2, 0, 0]


def test_minima_of_planes_by_hand() -> None:
    plane = np.full((5, 5), 3.0)
    plane[1, 1] = plane[3, 3] = 1.0
    plane[0, 4] = 0.0  # at the edge, not an inner point
    assert local_minima(plane, axes=2) == 2
    plane[2, 2] = 0.5  # now its neighbours are not minima
    assert local_minima(plane, axes=2) == 1


def test_dents_within_the_tolerance_are_not_counted() -> None:
    line = np.array([1.0, 0.5, 0.500001, 0.5, 0.0])
    assert local_minima(line) == 0
    assert local_minima(line, tolerance=1e-7) == 1


@pytest.mark.parametrize(
    ("losses", "message"), [([1.0, 2.0], "3 points or more"), ([1.0, np.nan, 2.0], "got 1 others")]
)
def test_bad_losses_are_refused(losses: list[float], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        local_minima(np.array(losses))


def test_a_bowl_has_one_minimum_in_every_slice_and_waves_have_more() -> None:
    for axes, points in ((1, 41), (2, 11)):
        of_bowl = random_slices(bowl, AT, generator=np.random.default_rng(0), axes=axes, slices=2, points=points)
        assert of_bowl.losses.shape == (3, 2, *[points] * axes)
        assert (of_bowl.minima == 1).all()
    assert (random_slices(waves, AT, generator=np.random.default_rng(0), points=81).minima > 2).all()


def test_directions_have_the_norm_of_each_units_weights_and_leave_pruned_ones() -> None:
    mask = torch.ones(3, 4, 5)
    mask[:, :, 0] = 0
    seen = []

    def note(parameters: Mapping[str, Tensor]) -> Tensor:
        seen.append({name: values.clone() for name, values in parameters.items()})
        return bowl(parameters)

    at = {**AT, "weight": AT["weight"] * mask}
    random_slices(note, at, generator=np.random.default_rng(0), slices=1, points=3, masks={"weight": mask})
    step = seen[2]["weight"] - at["weight"]
    torch.testing.assert_close(step.norm(dim=2), at["weight"].norm(dim=2))
    assert not step[:, :, 0].any()
    assert torch.equal(seen[2]["bias"], AT["bias"])


def test_the_linear_interpolation_begins_and_ends_where_it_should() -> None:
    end = {name: values + 1 for name, values in AT.items()}
    path = linear_interpolation(bowl, AT, end, points=11)
    assert path.losses.shape == (3, 1, 11)
    np.testing.assert_allclose(path.losses[:, 0, -1], CURVATURE / 2 * 24, rtol=1e-5)
    np.testing.assert_allclose(path.losses[:, 0, 5], CURVATURE / 2 * 6, rtol=1e-5)
    assert (path.minima == 0).all()


def test_the_trace_of_a_bowl_is_exact() -> None:
    found = hessian_trace(bowl, AT, generator=np.random.default_rng(0), probes=3)
    np.testing.assert_allclose(found.value, CURVATURE * 24, rtol=1e-5)
    np.testing.assert_allclose(found.error, 0, atol=1e-4)


def test_the_trace_of_any_loss_is_within_its_error_of_the_true_one() -> None:
    def mixed(parameters: Mapping[str, Tensor]) -> Tensor:
        flat = parameters["weight"].flatten(1)
        return (flat[:, 1:] * flat[:, :-1]).sum(1).sin() + (flat**4).sum(1)

    at = {"weight": AT["weight"].double()}
    whole = torch.stack(
        [
            torch.autograd.functional.hessian(
                lambda w: mixed({"weight": w.view(1, 4, 5)}).sum(), values.flatten()
            ).trace()
            for values in at["weight"]
        ]
    )
    found = hessian_trace(mixed, at, generator=np.random.default_rng(0), probes=400)
    assert (np.abs(found.value - whole.numpy()) < 4 * found.error).all()


def test_pruned_weights_are_no_parameters_of_the_trace() -> None:
    mask = torch.ones(3, 4, 5)
    mask[1, :, :2] = 0
    found = hessian_trace(bowl, AT, generator=np.random.default_rng(0), probes=2, masks={"weight": mask})
    np.testing.assert_allclose(found.value, CURVATURE * torch.tensor([24, 16, 24]), rtol=1e-5)
