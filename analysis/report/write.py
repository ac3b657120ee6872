"""Write the report of a run into its directory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from hubbub.analysis.figures import as_png, as_svg
from hubbub.analysis.files import write_whole
from hubbub.analysis.report.drawings import drawings
from hubbub.analysis.report.findings import find
from hubbub.analysis.report.memory_drawings import memory_drawings
from hubbub.analysis.report.memory_findings import find_memory
from hubbub.analysis.report.memory_page import memory_page, memory_summary
from hubbub.analysis.report.page import page
from hubbub.analysis.report.summary import summary
from hubbub.analysis.report.training_drawings import training_drawings
from hubbub.analysis.report.training_findings import find_training
from hubbub.analysis.report.training_page import training_page, training_summary

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


def write_report(run: Run | Path | str) -> Path:
    """Write `report.html`, `figures/*.png`, `figures/*.svg` and `figures/summary.json`; return the path of the page.

    The page needs no other file and no network. It can be written while the run still goes on, and again
    later. All permutations are drawn from `np.random.default_rng(0)`: the same run gives the same report.

    Raises
    ------
    StoreError
        There is no run, it (of a population) has no lexicon yet, or its directory cannot be written.
    """
    from hubbub.simulator.store import open_run

    opened = open_run(run) if isinstance(run, str | Path) else run
    kind = opened.configuration.get("system")
    if kind == "memory":
        memories = find_memory(opened)
        drawn, numbers = memory_drawings(memories), memory_summary(memories)
        html = memory_page(memories, drawn)
    elif kind in ("training", "control"):
        networks = find_training(opened)
        drawn, numbers = training_drawings(networks), training_summary(networks)
        html = training_page(networks, drawn)
    else:
        found = find(opened)
        drawn, numbers = drawings(found), summary(found)
        html = page(found, drawn)
    folder = opened.path / "figures"
    for name, drawing in drawn.items():
        write_whole(folder / f"{name}.png", as_png(drawing.whole))
        write_whole(folder / f"{name}.svg", as_svg(drawing.whole))
    write_whole(folder / "summary.json", json.dumps(numbers, indent=1, allow_nan=False))
    return write_whole(opened.path / "report.html", html)
