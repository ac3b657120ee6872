"""The figure of the reproduction `emergence-atlas`."""

from __future__ import annotations

from typing import Any

from hubbub.analysis.figures.atlas_grid import AtlasRow, atlas_grid
from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.reproductions.catalogue import Figures
from hubbub.scenarios.reproductions.emergence_atlas.claims import MEASURES, courses
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Table


def figures(table: Table, _: MadeRuns) -> Figures:
    """Draw every system under every measure."""
    rows = {}
    for of in courses(table).values():
        columns: dict[str, Any] = {"order parameter": [over_seeds(at) for at in of.values("order").T.tolist()]}
        for name, title in MEASURES.items():
            columns[title] = of.system.lacks.get(name) or [over_seeds(at) for at in of.values(name).T.tolist()]
        axis = "training step" if of.system.along == "step" else of.system.along.replace("_", " ")
        rows[of.system.label] = AtlasRow(axis, of.settings(), columns, of.transition())
    return {
        "atlas": (
            atlas_grid(rows),
            "Every system (rows) under the same measures (columns): mean and 95 % interval over seeds; the dashed "
            "line is where the order parameter is halfway, with its interval.",
        )
    }
