from __future__ import annotations

import math

import pytest
import torch

from hubbub.simulator.training.discs import draw_discs, measure_discs, residue


def one(blue: float, radius: float, centre: tuple[float, float] = (0.0, 0.0), side: int = 16) -> torch.Tensor:
    return draw_discs(torch.tensor(blue), torch.tensor(radius), torch.tensor(centre), side)


def test_a_disc_has_its_colour_and_the_background_is_white() -> None:
    picture = one(0.9, 0.5)
    assert picture.shape == (3, 16, 16)
    torch.testing.assert_close(picture[:, 8, 8], torch.tensor([0.1, 0.5, 0.9]))
    assert picture[:, 0, 0].tolist() == [1, 1, 1]
    moved = one(0.9, 0.2, centre=(0.5, -0.5))  # to the right, and up
    assert moved[1, 3, 12] == pytest.approx(0.5)
    assert moved[1, 12, 3] == 1


@pytest.mark.parametrize("side", [16, 32])
def test_what_is_measured_is_what_was_drawn(side: int) -> None:
    blue, radius = torch.tensor([[0.1, 0.45], [0.6, 0.95]]), torch.tensor([[0.25, 0.6], [0.3, 0.7]])
    centre = torch.tensor([[[0.1, -0.1], [0.03, 0.07]], [[0.0, 0.0], [-0.1, 0.05]]])
    pictures = draw_discs(blue, radius, centre, side)
    found_blue, found_radius = measure_discs(pictures)
    torch.testing.assert_close(found_blue, blue, atol=1e-5, rtol=0)
    torch.testing.assert_close(found_radius, radius, atol=0.01, rtol=0)
    assert float(residue(pictures).max()) < 0.02


def test_the_radius_does_not_depend_on_the_colour() -> None:
    picture = one(0.7, 0.5)
    cover = float((1 - picture[1]).mean() / 0.5)
    assert float(measure_discs(picture)[1]) == pytest.approx(math.sqrt(4 * cover / math.pi))
    assert float(measure_discs(picture)[1]) == pytest.approx(float(measure_discs(one(0.2, 0.5))[1]))


def test_what_is_no_disc_has_a_residue() -> None:
    rim = one(0.6, 0.2)
    rim[0] = torch.minimum(rim[0], one(0.9, 0.6)[0])  # red is missing around it: a rim of cyan
    assert float(residue(rim)) > 0.5
    generator = torch.Generator().manual_seed(0)
    assert float(residue(torch.rand(3, 16, 16, generator=generator))) > 0.2
    assert float(residue(torch.ones(3, 16, 16))) == 0
    assert float(measure_discs(torch.ones(3, 16, 16))[0]) == 0.5
