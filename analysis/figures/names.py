"""Names of the nodes of a map, placed so that none covers another one or a node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from hubbub.analysis.figures.style import INK, MUTED, short

DIRECTIONS = np.pi * np.arange(16) / 8
GAPS = (1.0, 2.0, 3.5, 5.0, 8.0, 12.0, 17.0, 23.0, 30.0, 38.0, 47.0, 60.0, 75.0, 95.0, 120.0)
"""Distances in points between a node and its name that are tried, the nearest first."""
LENGTHS = (14, 12, 9, 7, 5, 4)
CROWD = 25.0
"""Distance in points over which nodes crowd each other."""
NEEDS_LINE = 5.0
"""A name that is further away is connected with its node by a line."""
DARK_TEXT, LIGHT_TEXT = "#000001", "#fffffe"
MIDDLE = 0.18
"""Relative luminance below which light text has more contrast than dark text (WCAG 2)."""


class Names(Artist):
    """Names of nodes: inside of a node where there is room, else beside it; placed anew whenever it is drawn.

    Names are shortened, to 14 characters or, as far as needed for all to have a place, to 4.

    Nodes have a radius, and inside a circle of radius `room` for text, both in points, and a colour.

    Attributes
    ----------
    left_out
        Numbers of the nodes for whose names there was no place when it was last drawn.
    """

    def __init__(
        self,
        places: Float[np.ndarray, "N 2"],
        names: Sequence[str],
        *,
        radii: Float[np.ndarray, " N"],
        room: Float[np.ndarray, " N"],
        colours: Sequence[str],
        size: float = 8.0,
    ) -> None:
        super().__init__()
        self.set_in_layout(False)
        self.set_zorder(5)
        self.left_out: list[int] = []
        self._places, self._radii, self._room, self._colours = places, radii, room, colours
        self._names = [str(name) for name in names]
        centred: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": size, "transform": IdentityTransform()}
        self._texts = [Text(0, 0, name, **centred) for name in self._names]
        self._lines: list[Line2D] = []

    def get_children(self) -> list[Artist]:
        """Return the names and lines."""
        return [*self._texts, *self._lines]

    def draw(self, renderer: Any) -> None:
        """Place the names and draw them."""
        axes = self.axes
        assert axes is not None
        panel: Any = axes.get_figure(root=False)
        points = renderer.points_to_pixels(1.0)
        centres, frame = axes.transData.transform(self._places), np.array(axes.get_window_extent(renderer).extents)
        for longest in LENGTHS:
            halves = []
            for text, name in zip(self._texts, self._names, strict=True):
                text.set_figure(panel)
                text.set(text=short(name, longest=longest, end=3), visible=True)
                box = text.get_window_extent(renderer)
                halves.append(np.array([box.width, box.height]) / 2)
            self._place(centres, halves, points, frame)
            if not self.left_out:
                break
        for child in self.get_children():
            child.set_figure(panel)
            child.draw(renderer)

    def _place(self, centres: np.ndarray, halves: Sequence[np.ndarray], points: float, frame: np.ndarray) -> None:
        """Place names whose boxes have the sizes 2 · half; all lengths are in pixels, `points` of them to a point."""
        radii = self._radii * points
        taken = [*np.concatenate([centres - radii[:, None], centres + radii[:, None]], axis=1)]
        self._lines, self.left_out = [], []
        inside = [np.hypot(*half) <= 1.05 * room * points for half, room in zip(halves, self._room, strict=True)]
        apart = np.linalg.norm(centres[:, None] - centres, axis=2)
        crowd = np.exp(-apart / (CROWD * points)).sum(axis=1)
        for number in np.lexsort((-crowd, inside)).tolist():  # where it is most crowded first
            text, half, centre = self._texts[number], halves[number], centres[number]
            if inside[number]:
                text.set(position=tuple(centre), color=readable_on(self._colours[number]))
                continue
            at, needs_line = _free_place(centre, half, radii[number], np.array(taken), points, frame)
            if at is None:
                text.set_visible(False)
                self.left_out.append(number)
                continue
            text.set(position=tuple(at), color=INK)
            taken.append(np.concatenate([at - half, at + half]))
            if needs_line:
                path = _line(centre, at, half, radii[number])
                taken += [np.concatenate([point, point]) for point in path]
                line = Line2D(*path[[0, -1]].T, color=MUTED, linewidth=0.6)
                line.set_transform(IdentityTransform())
                self._lines.append(line)


def readable_on(shade: str) -> str:
    """Return the colour of text on a colour, both hexadecimal: black or white, whichever has more contrast."""
    parts = np.array([int(shade[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return LIGHT_TEXT if linear @ [0.2126, 0.7152, 0.0722] < MIDDLE else DARK_TEXT


def _free_place(
    centre: np.ndarray, half: np.ndarray, radius: float, taken: np.ndarray, points: float, frame: np.ndarray
) -> tuple[np.ndarray | None, bool]:
    """Return the centre of the nearest box of size 2 · half beside a node that covers nothing, or None.

    The second value says whether the box is so far away that a line has to connect them; that covers nothing either.
    """
    along = np.stack([np.cos(DIRECTIONS), np.sin(DIRECTIONS)], axis=1)
    for gap in GAPS:
        # A box touches the circle around its node where it is nearest; beside a node it is centred vertically.
        reach = (radius + gap * points) * along
        at = centre + reach + np.sign(np.round(along, 6)) * half * np.minimum(1.0, 1.5 * np.abs(along))
        inside = (at - half >= frame[:2]).all(axis=1) & (at + half <= frame[2:]).all(axis=1)
        for one in at[inside & ~_covers(at - half, at + half, taken)]:
            if gap <= NEEDS_LINE:
                return one, False
            path = _line(centre, one, half, radius)
            if not _covers(path, path, taken).any():
                return one, True
    return None, False


def _covers(low: np.ndarray, high: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Return which boxes, from `low [B, 2]` to `high [B, 2]`, overlap any of the boxes `taken [T, 4]`."""
    overlaps = (low[:, None] <= taken[:, 2:]).all(axis=2) & (high[:, None] >= taken[:, :2]).all(axis=2)
    return np.any(overlaps, axis=1)


def _line(centre: np.ndarray, at: np.ndarray, half: np.ndarray, radius: float) -> np.ndarray:
    """Return points along the line from the edge of a node to the nearest point of the box of its name, `[12, 2]`."""
    near = np.clip(centre, at - half, at + half)
    length = max(float(np.linalg.norm(near - centre)), 1e-9)
    start = centre + (near - centre) * min(1.45 * radius / length, 0.9)  # outside of the box around the node
    end = near + (start - near) * min(1.0 / length, 0.5)
    return np.linspace(start, end, 12)
