"""A figure as a report needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class ReportFigure:
    """A figure, the panels it is made of (the page sets them side by side or below each other), and its caption."""

    whole: Figure
    panels: Sequence[Figure]
    caption: str
