"""The pictures in the GraphML of yEd: labels and places of nodes, labels of edges."""

from __future__ import annotations

from typing import Any

from hubbub.simulator.topology.files.xml_parsing import local, pairs

LABELS = ("NodeLabel", "EdgeLabel")


class Graphics:
    """Labels and places that were seen, by row; the first label of a node or edge counts.

    The parser calls `start` and `end` for every element within a picture, with the text since the last call.
    """

    def __init__(self) -> None:
        self.labels: dict[int, str] = {}
        self.places: dict[int, tuple[float, float]] = {}
        self._in_label = False

    def start(self, row: int, tag: str, attributes: list[str], text: str) -> None:
        """Take an element that begins."""
        self._keep(row, text)
        name = local(tag)
        self._in_label = name in LABELS
        if name == "Geometry" and row not in self.places:
            about: dict[str, Any] = pairs(attributes)
            try:
                self.places[row] = float(about["x"]), float(about["y"])
            except (KeyError, ValueError):
                return

    def end(self, row: int, text: str) -> None:
        """Take an element that ends."""
        self._keep(row, text)
        self._in_label = False

    def _keep(self, row: int, text: str) -> None:
        if self._in_label and text.strip():
            self.labels.setdefault(row, text.strip())
