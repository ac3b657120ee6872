"""The common style of all figures: colours that colour-blind readers can distinguish, and text as text in SVG."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.text import printable
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

INK, MUTED, LINE, PAPER = "#1d2126", "#69707a", "#d5d9de", "#ffffff"
UNKNOWN = "#8a929b"
# Ten colours and the grey UNKNOWN, chosen by search: with normal vision and with each of the three kinds of colour
# blindness, any two are at least 10 apart in CAM02-UCS, and each has a contrast of 3:1 with a light and a dark page.
PALETTE = (
    "#3d92ff",
    "#b8860b",
    "#c21879",
    "#556d00",
    "#6d49db",
    "#796149",
    "#316d86",
    "#009e6d",
    "#aa61b6",
    "#ff5579",
)
MARKERS = ("o", "s", "^", "D", "v", "P", "p", "<", "*", "h")
LINE_STYLES: tuple[Any, ...] = ("-", (0, (4, 2)), (0, (1, 1.5)), (0, (4, 1.5, 1, 1.5)))
PANEL = (4.3, 3.5)

SETTINGS: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Helvetica", "Arial", "sans-serif"],
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,  # names of agents may contain any character
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 8.0,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "figure.dpi": 100,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "lines.linewidth": 1.6,
    "lines.markersize": 4.5,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "savefig.dpi": 200,
    "svg.fonttype": "none",
    "svg.hashsalt": "hubbub",
}


BELOW = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.2)}
BLANK = "\u200b"
UNNAMED = re.compile(r"_(child|line|collection|container|image|patch|nolegend)?_?\d*_?")
"""Labels that matplotlib itself gives to what has none."""


@contextmanager
def style() -> Iterator[None]:
    """Use the style inside this context; matplotlib's settings outside it do not change."""
    from matplotlib import rc_context

    with rc_context(SETTINGS):
        yield


def panels(
    n: int,
    *,
    size: tuple[float, float] = PANEL,
    columns: int | None = None,
    ax: Axes | Sequence[Axes] | None = None,
) -> tuple[Figure, list[Axes]]:
    """Return a figure and its n panels, `columns` side by side; each is `size` inches and can have its own legend.

    With `ax`, one axes or n of them, these are the panels, and the figure is theirs.

    Raises
    ------
    ConfigurationError
        `ax` is not n axes, or there is nothing to draw.
    """
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if not n:
        raise ConfigurationError("panels: expected at least one to draw, got none")
    if ax is not None:
        given = [ax] if isinstance(ax, Axes) else list(np.ravel(np.asarray(ax, dtype=object)))
        if len(given) != n or not all(isinstance(one, Axes) for one in given):
            expected = "axes of matplotlib" if n == 1 else f"{n} axes of matplotlib, one for each panel"
            raise ConfigurationError(complaint("ax", expected=expected, got=ax))
        figure = given[0].get_figure(root=True)
        assert isinstance(figure, Figure)
        return figure, given
    columns = min(columns or n, n)
    rows = -(-n // columns)
    figure = Figure(figsize=(columns * size[0], rows * size[1]), layout="constrained")
    parts = figure.subfigures(rows, columns, squeeze=False).ravel()[:n]
    return figure, [part.subplots() for part in parts]


def legend_below(axes: Axes, *, columns: int = 2) -> None:
    """Put the legend below a panel, where it covers no data."""
    from matplotlib.collections import Collection
    from matplotlib.figure import SubFigure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries: dict[str, Any] = {}
    drawn = [child for child in axes.get_children() if isinstance(child, Line2D | Patch | Collection)]
    for artist in (*drawn, *axes.containers):
        label = str(artist.get_label())
        if label and not UNNAMED.fullmatch(label):
            entries.setdefault(label, artist)
    panel: Any = axes.get_figure()
    if entries:
        alone = isinstance(panel, SubFigure)  # as `panels` makes them; axes of a user may have neighbours
        add_legend(panel if alone else axes, list(entries.values()), list(entries), columns=columns)


def add_legend(owner: Any, handles: Sequence[Any], labels: Sequence[str], *, columns: int) -> Legend:
    """Return a new legend below a panel or below axes, whatever the first character of a label."""
    from matplotlib.axes import Axes

    # matplotlib leaves out labels that begin with "_", which a name of a user may do; so they are set afterwards.
    shown = [f"{BLANK}{label}" if label.startswith("_") else label for label in labels]
    place = BELOW if isinstance(owner, Axes) else {"loc": "outside lower center"}
    legend: Legend = owner.legend(handles, shown, ncols=columns, handlelength=1.8, columnspacing=1.4, **place)
    for text, label in zip(legend.get_texts(), labels, strict=True):
        text.set_text(label)
    return legend


def colour(group: int) -> str:
    """Return the colour of a group, a hexadecimal string: grey for −1, no group, and beyond the tenth group.

    Groups are numbered by size, so with more than ten groups the ten largest have colours.
    """
    return PALETTE[group] if 0 <= group < len(PALETTE) else UNKNOWN


def marker(group: int) -> str:
    """Return the matplotlib marker of a group: a cross for −1, no group, and beyond the tenth group."""
    return MARKERS[group] if 0 <= group < len(MARKERS) else "X"


def curve_look(number: int) -> dict[str, Any]:
    """Return colour, marker and line style of a curve; from the eleventh on, colours repeat with other line styles."""
    at, round_ = number % len(PALETTE), number // len(PALETTE)
    return {"color": PALETTE[at], "marker": MARKERS[at], "linestyle": LINE_STYLES[round_ % len(LINE_STYLES)]}


def short(text: object, *, longest: int = 22, end: int = 0) -> str:
    """Return text of printable characters, shortened to `longest` characters, of which the last `end` stay."""
    clean = printable(text)
    if len(clean) <= longest:
        return clean
    return clean[: longest - 1 - end] + "…" + clean[len(clean) - end :]
