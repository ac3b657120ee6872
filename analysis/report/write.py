"""Write the report of a run into its directory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.figures import as_png, as_svg
from analysis.files import write_whole
from analysis.report.drawings import drawings
from analysis.report.findings import find
from analysis.report.page import page
from analysis.report.summary import summary

if TYPE_CHECKING:
    from simulator.store import Run


def write_report(run: Run | Path | str) -> Path:
    """Write `report.html`, `figures/*.png`, `figures/*.svg` and `figures/summary.json`; return the path of the page.

    The page needs no other file and no network. It can be written while the run still goes on, and again
    later. All permutations are drawn from `np.random.default_rng(0)`: the same run gives the same report.

    Raises
    ------
    StoreError
        There is no run, it has no lexicon yet, or its directory cannot be written.
    """
    from simulator.store import open_run

    opened = open_run(run) if isinstance(run, str | Path) else run
    found = find(opened)
    drawn = drawings(found)
    folder = opened.path / "figures"
    for name, drawing in drawn.items():
        write_whole(folder / f"{name}.png", as_png(drawing.whole))
        write_whole(folder / f"{name}.svg", as_svg(drawing.whole))
    write_whole(folder / "summary.json", json.dumps(summary(found), indent=1, allow_nan=False))
    return write_whole(opened.path / "report.html", page(found, drawn))
