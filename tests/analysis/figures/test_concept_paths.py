from __future__ import annotations

import numpy as np

from hubbub.analysis.figures import as_png
from hubbub.analysis.figures.concept_paths import concept_paths


def test_every_setting_has_a_panel_with_every_path() -> None:
    paths = {"red": np.array([[[0.5, 0.0], [0.2, 0.1]], [[0.5, 0.0], [0.4, 0.3]]]), "blue": np.ones((2, 2, 2))}
    figure = concept_paths({"weak": paths, "strong": paths}, x_label="probability of blue", y_label="of small")
    panels = [axes for part in figure.subfigs for axes in part.axes]
    assert [axes.get_title(loc="left") for axes in panels] == ["weak", "strong"]
    lines = panels[0].get_lines()
    assert len(lines) == 2 * (2 + 1 + 1)
    mean = np.asarray(lines[2].get_xydata(), dtype=float)  # after both seeds
    np.testing.assert_allclose(mean, np.array([[0.5, 0.0], [0.3, 0.2]]))
    assert as_png(figure).startswith(b"\x89PNG")
