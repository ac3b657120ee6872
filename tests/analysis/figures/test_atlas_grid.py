import math

from hubbub.analysis.figures import as_png
from hubbub.analysis.figures.atlas_grid import AtlasRow, atlas_grid
from hubbub.analysis.measure import over_seeds


def test_every_system_has_a_row_with_its_transition_and_the_reason_for_what_it_lacks() -> None:
    at = [0.0, 1.0, 2.0]
    rising = [over_seeds([step, step + 0.2]) for step in at]
    rows = {
        "one": AtlasRow("step", at, {"order": rising, "E": rising}, over_seeds([0.9, 1.1])),
        "other": AtlasRow("α", at, {"order": rising, "E": "no paths"}, over_seeds([math.nan])),
    }
    figure = atlas_grid(rows)
    order, paths, other, lacking = figure.axes
    assert [axes.get_title(loc="left") for axes in (order, paths)] == ["order", "E"]
    assert [(axes.get_ylabel(), axes.get_xlabel()) for axes in (order, other)] == [("one", "step"), ("other", "α")]
    marked = [line.get_xdata()[0] for line in paths.lines if len(line.get_xdata()) == 2]
    assert marked == [1.0]
    assert not [line for line in other.lines if len(line.get_xdata()) == 2]
    assert [text.get_text() for text in lacking.texts] == ["no paths"]
    assert as_png(figure).startswith(b"\x89PNG")
