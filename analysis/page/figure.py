"""A figure with its panels and caption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class ReportFigure:
    """A figure with a caption: `whole` for the run's folder, its `panels` for the page."""

    whole: Figure
    panels: Sequence[Figure]
    caption: str
