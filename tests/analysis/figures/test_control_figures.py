from __future__ import annotations

import numpy as np
import pytest

from hubbub.analysis.figures import as_png
from hubbub.analysis.figures.action_histograms import action_histograms
from hubbub.analysis.figures.policy_maps import policy_maps


def test_a_histogram_shows_shares_of_what_was_played() -> None:
    figure = action_histograms({"one": np.array([-1.0, 1.0, 1.0, 0.0, np.nan]), "two": np.zeros(3)})
    axes = figure.axes
    assert [axis.get_title(loc="left") for axis in axes] == ["one", "two"]
    shares = axes[0].patches[0].get_data().values
    assert shares[[0, 20, 40]] == pytest.approx([0.25, 0.25, 0.5])
    assert axes[1].patches[0].get_data().values[20] == 1
    assert as_png(figure)[:4] == b"\x89PNG"


def test_a_map_shows_every_place_and_the_curve() -> None:
    x, y = np.linspace(-1, 1, 5), np.linspace(-2, 2, 3)
    actions = np.arange(15.0).reshape(3, 5) / 15
    figure = policy_maps({"one": actions}, x=x, y=y, curve=-y, x_label="position", y_label="velocity")
    axis = figure.axes[0]
    assert np.array_equal(np.asarray(axis.collections[0].get_array()).reshape(3, 5), actions)
    assert axis.lines[0].get_xydata().tolist() == [[2, -2], [0, 0], [-2, 2]]
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("position", "velocity")
