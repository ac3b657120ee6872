"""Success as a speaker and as a listener against degree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Int, Shaped

from hubbub.analysis.dialects.recorded import recorded_dialects
from hubbub.analysis.figures.drawing import check_length, of_run
from hubbub.analysis.figures.style import (
    PALETTE,
    PAPER,
    UNKNOWN,
    colour,
    legend_below,
    marker,
    panels,
    style,
)
from hubbub.analysis.hubs.degree_table import degree_table
from hubbub.analysis.hubs.ranking import most_links
from hubbub.analysis.validation import MAY_BE_NAN, Limits, validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run

ROLES = {
    "speaker": ("Success of speakers by out-degree", "out_degree", "agents that may hear it", "success as a speaker"),
    "listener": ("Success of listeners by in-degree", "in_degree", "agents that it may hear", "success as a listener"),
}


def _of_run(run: Run) -> Mapping[str, Any]:
    lexicon, names = run.lexicon(), run.agents().names
    success = lexicon.splits["train"].success
    table = degree_table(run.edges(lexicon.step), len(names), names, success=success)
    return {"table": table, "labels": recorded_dialects(run).labels}


@of_run(_of_run)
@validated(table=MAY_BE_NAN, labels=Limits(least=-1))
def degree_success(
    table: Mapping[str, Shaped[np.ndarray, " N"]],
    labels: Int[np.ndarray, " N"],
    *,
    roles: Sequence[str] = ("speaker", "listener"),
    named: int = 3,
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw success against degree, one panel for each role; of a run: at its last lexicon.

    Colour and shape are the dialect; the first ten dialects have one, all others are grey.

    Parameters
    ----------
    table
        Columns `[N]` by name, from `degree_table` with a success matrix; agents whose success is NaN are not drawn.
    labels
        Dialect of each agent, `[N]`, −1 for none.
    roles
        "speaker", "listener" or both.
    named
        Number of agents of highest degree whose names are written; of a tie that would have to be cut nobody is named.
    ax
        Axes to draw into, one for each role.

    Raises
    ------
    ConfigurationError
        An unknown role, a table without its columns, or labels of another number of agents.
    """
    for role in roles:
        if role not in ROLES:
            raise ConfigurationError(complaint("roles", expected="speaker, listener", got=role, valid=ROLES))
        for column in ("name", ROLES[role][1], f"success_as_{role}"):
            if column not in table:
                raise ConfigurationError(complaint("table", expected=f"a column {column}", got=sorted(table)))
            check_length(labels, len(table[column]), field="labels")
    with style():
        figure, all_axes = panels(len(roles), size=(4.3, 3.5), ax=ax)
        for axes, role in zip(all_axes, roles, strict=True):
            _draw(axes, table, labels, role, named)
    return figure


def _draw(axes: Axes, table: Mapping[str, np.ndarray], labels: np.ndarray, role: str, named: int) -> None:
    from hubbub.analysis.figures.names import Names

    title, degree_name, x_label, y_label = ROLES[role]
    degree, success = table[degree_name], table[f"success_as_{role}"]
    area = 30.0 if len(degree) <= 100 else 14.0
    for label in np.unique(labels).tolist():
        of = labels == label
        has_own = 0 <= label < len(PALETTE)
        axes.scatter(
            degree[of],
            success[of],
            s=area,
            c=colour(label),
            marker=marker(label),
            edgecolors=PAPER,
            linewidths=0.5,
            alpha=0.9 if len(degree) <= 100 else 0.6,
            label=f"dialect {label + 1}" if has_own else "_nolegend_",
        )
    if ((labels < 0) | (labels >= len(PALETTE))).any():
        axes.scatter([], [], s=area, c=UNKNOWN, marker="X", label="others")
    hubs = most_links(degree, named).clear[:named]
    places = np.stack([degree[hubs], success[hubs]], axis=1).astype(float)
    if len(hubs):
        radii = np.full(len(hubs), np.sqrt(area) / 2)
        axes.add_artist(Names(places, table["name"][hubs], radii=radii, room=0 * radii, colours=[UNKNOWN] * len(hubs)))
    axes.set_title(title)
    axes.set_xlabel(f"{x_label} (number)")
    axes.set_ylabel(f"{y_label} (share)")
    axes.set_ylim(0, 1.05)
    axes.margins(x=0.08)
    axes.locator_params(axis="x", integer=True)
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    legend_below(axes, columns=4)
