"""The common style of all figures: colours that colour-blind readers can distinguish, and text as text in SVG."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hubbub.analysis.text import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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


BLANK = "\u200b"
UNNAMED = re.compile(r"_(child|line|collection|container|image|patch|nolegend)?_?\d*_?")
"""Labels that matplotlib itself gives to what has none."""


@contextmanager
def style() -> Iterator[None]:
    """Use the style inside this context; matplotlib's settings outside it do not change."""
    from matplotlib import rc_context

    with rc_context(SETTINGS):
        yield


def panels(n: int, *, size: tuple[float, float] = PANEL, columns: int | None = None) -> tuple[Figure, list[Axes]]:
    """Return a figure with n panels, `columns` side by side; each is `size` inches and can have its own legend."""
    from matplotlib.figure import Figure

    columns = min(columns or n, n)
    rows = -(-n // columns)
    figure = Figure(figsize=(columns * size[0], rows * size[1]), layout="constrained")
    parts = figure.subfigures(rows, columns, squeeze=False).ravel()[:n]
    return figure, [part.subplots() for part in parts]


def legend_below(axes: Axes, *, columns: int = 2) -> None:
    """Put the legend below a panel, where it covers no data."""
    from matplotlib.collections import Collection
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries: dict[str, Any] = {}
    drawn = [child for child in axes.get_children() if isinstance(child, Line2D | Patch | Collection)]
    for artist in (*drawn, *axes.containers):
        label = str(artist.get_label())
        if label and not UNNAMED.fullmatch(label):
            entries.setdefault(label, artist)
    panel: Any = axes.get_figure()
    # matplotlib leaves out labels that begin with "_", which a name of a user may do; so they are set afterwards.
    shown = [f"{BLANK}{label}" if label.startswith("_") else label for label in entries]
    legend = panel.legend(
        list(entries.values()), shown, loc="outside lower center", ncols=columns, handlelength=1.8, columnspacing=1.4
    )
    for text, label in zip(legend.get_texts(), entries, strict=True):
        text.set_text(label)


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


def short(text: object, *, longest: int = 22) -> str:
    """Return text of printable characters, shortened to `longest` characters."""
    clean = printable(text)
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"
