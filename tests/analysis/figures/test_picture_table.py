from __future__ import annotations

import numpy as np

from hubbub.analysis.figures import as_png
from hubbub.analysis.figures.picture_table import picture_table


def test_every_picture_is_in_its_place_and_the_framed_have_a_frame() -> None:
    pictures = np.random.default_rng(0).random((2, 3, 4, 5))
    figure = picture_table(pictures, rows=["disc", "square"], columns=["a", "b", "c"], framed=[(1, 2)])
    axes = np.array(figure.axes).reshape(2, 3)
    for row in range(2):
        for column in range(3):
            [image] = axes[row, column].get_images()
            assert np.array_equal(image.get_array(), pictures[row, column])
            assert image.get_clim() == (pictures.min(), pictures.max())
            assert axes[row, column].spines["left"].get_visible() == ((row, column) == (1, 2))
    assert [axis.get_title("left") for axis in axes[0]] == ["a", "b", "c"]
    assert [axis.get_ylabel() for axis in axes[:, 0]] == ["disc", "square"]
    assert as_png(figure)
