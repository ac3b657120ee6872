from __future__ import annotations

import math

import numpy as np
import pytest

from hubbub.simulator.training.textured_shapes import BRIGHT, DARK, SHAPES, SIDE, SIZES, TEXTURES, textured_shapes


def drawn(shapes: list[int], textures: list[int], *, noise: float = 0, seed: int = 0) -> np.ndarray:
    return textured_shapes(np.array(shapes), np.array(textures), noise=noise, generator=np.random.default_rng(seed))[
        :, 0
    ]


def test_the_outline_is_that_of_the_shape_whatever_the_texture() -> None:
    for shape in range(len(SHAPES)):
        pictures = [drawn([shape], [texture])[0] for texture in range(len(TEXTURES))]
        outlines = np.array([picture > 0 for picture in pictures])
        assert (outlines == outlines[0]).all()
        assert set(np.unique(pictures)) == {np.float32(value) for value in (0, DARK, BRIGHT)}
    outlines = np.array([drawn([shape], [0])[0] > 0 for shape in range(len(SHAPES))])
    assert len(np.unique(outlines.reshape(len(SHAPES), -1), axis=0)) == len(SHAPES)


def test_all_shapes_have_about_the_area_of_a_disc_inside_the_picture() -> None:
    mean_square = (SIZES[1] ** 3 - SIZES[0] ** 3) / 3 / (SIZES[1] - SIZES[0])
    for shape in range(len(SHAPES)):
        areas = (drawn([shape] * 400, [0] * 400) > 0).sum(axis=(1, 2))
        assert areas.mean() == pytest.approx(math.pi * mean_square, rel=0.12)


def test_stripes_run_as_they_are_named_and_half_of_a_texture_is_bright() -> None:
    shown = np.ma.masked_equal(drawn([1] * 4, [0, 1, 2, 3], seed=3), 0)

    def steady(picture: np.ma.MaskedArray, down: int, across: int) -> bool:
        moved = picture[down:, across:] if across >= 0 else picture[down:, :across]
        still = picture[: SIDE - down, : SIDE - across] if across >= 0 else picture[: SIDE - down, -across:]
        return bool((moved == still).all())

    directions = {"down": (1, 0), "across": (0, 1), "diagonal": (1, -1)}
    along = [[name for name, by in directions.items() if steady(picture, *by)] for picture in shown]
    assert along == [["across"], ["down"], ["diagonal"], []]
    bright = drawn([1] * 400, [0, 1, 2, 3] * 100)
    for texture in range(4):
        inside = bright[texture::4][bright[texture::4] > 0]
        assert (inside == np.float32(BRIGHT)).mean() == pytest.approx(0.5, abs=0.03)


def test_noise_is_added_everywhere() -> None:
    clean, noisy = drawn([0, 2], [1, 3]), drawn([0, 2], [1, 3], noise=0.3)
    assert (noisy - clean).std() == pytest.approx(0.3, rel=0.05)
    assert abs(float((noisy - clean).mean())) < 0.03
