"""What the gallery needs to know of our examples: they save their figures as PNG files, and they register things."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from sphinx_gallery.scrapers import figure_rst

from hubbub.simulator.registry import Registry


def pictures(block: Any, variables: dict[str, Any], settings: dict[str, Any]) -> str:
    """Return the PNG files that a part of an example has saved, as the figures of its page."""
    saved = sorted(Path(variables["src_file"]).parent.glob("*.png"), key=lambda file: file.stat().st_mtime_ns)
    places = [next(variables["image_path_iterator"]) for _ in saved]
    for file, place in zip(saved, places, strict=True):
        shutil.move(file, place)
    return figure_rst(places, settings["src_dir"])


def forget(settings: dict[str, Any], example: str) -> None:
    """Begin each example as a new process does: no runs, no open figures, nothing that other examples registered."""
    plt.close("all")
    for folder in ("runs", "studies"):
        shutil.rmtree(Path(settings["src_dir"]) / "_build" / "examples" / folder, ignore_errors=True)
    for module in [module for name, module in sys.modules.items() if name.startswith("hubbub")]:
        for registry in [value for value in vars(module).values() if isinstance(value, Registry)]:
            registry._entries = {
                name: entry for name, entry in registry._entries.items() if entry.__module__.startswith("hubbub.")
            }
