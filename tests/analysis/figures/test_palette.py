"""Groups can be told apart by readers with any kind of colour blindness, on light and dark pages."""

import colorspacious
import numpy as np
import pytest

from hubbub.analysis.figures.style import LINE_STYLES, MARKERS, PALETTE, UNKNOWN, colour, curve_look, marker
from hubbub.analysis.page.style_sheet import CSS

COLOURS = np.array([[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in (*PALETTE, UNKNOWN)]) / 255
PAGES = {"light": "--paper: #ffffff", "dark": "--paper: #15191d"}


def luminance(rgb: np.ndarray) -> np.ndarray:
    """Return the relative luminance of WCAG 2."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("sight", ["normal", "protanomaly", "deuteranomaly", "tritanomaly"])
def test_any_two_colours_differ_by_ten_in_cam02_ucs(sight: str) -> None:
    seen = COLOURS
    if sight != "normal":  # Machado, Oliveira & Fernandes (2009), severity 100: dichromacy
        space = {"name": "sRGB1+CVD", "cvd_type": sight, "severity": 100}
        seen = np.clip(colorspacious.cspace_convert(COLOURS, space, "sRGB1"), 0, 1)
    places = colorspacious.cspace_convert(seen, "sRGB1", "CAM02-UCS")
    apart = np.linalg.norm(places[:, None] - places, axis=2)
    assert len(PALETTE) >= 10
    assert apart[np.triu_indices(len(COLOURS), 1)].min() >= 10


@pytest.mark.parametrize("page", PAGES)
def test_every_colour_has_a_contrast_of_three_with_the_page(page: str) -> None:
    assert PAGES[page] in CSS
    rgb = np.array([int(PAGES[page][-6:][at : at + 2], 16) for at in (0, 2, 4)]) / 255
    both = np.sort([luminance(COLOURS), np.full(len(COLOURS), luminance(rgb))], axis=0)
    assert ((both[1] + 0.05) / (both[0] + 0.05)).min() >= 3


def test_the_largest_ten_groups_have_a_colour_and_a_shape_of_their_own() -> None:
    looks = {(colour(group), marker(group)) for group in range(10)}
    assert len(looks) == len({one for one, _ in looks}) == len({shape for _, shape in looks}) == 10
    for other in (-1, 10, 11, 500):
        assert (colour(other), marker(other)) == (UNKNOWN, "X")
    assert "X" not in MARKERS


def test_curves_beyond_the_tenth_have_another_line_style() -> None:
    looks = [tuple(map(str, curve_look(number).values())) for number in range(len(PALETTE) * len(LINE_STYLES))]
    assert len(set(looks)) == len(looks)


def test_the_style_sheet_has_the_colours_of_groups() -> None:
    assert all(f"--group-{number}: {one};" in CSS for number, one in enumerate(PALETTE, start=1))
