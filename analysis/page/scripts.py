"""The scripts of a page; without them it is complete, only nothing moves. They load no other file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

SORTING_CSS = """
.sort { font: inherit; color: inherit; background: none; border: 0; padding: 0; margin: 0; text-align: inherit;
  cursor: pointer; }
.sort::after { content: "↕"; padding-left: .25em; opacity: .45; }
[aria-sort="ascending"] .sort::after { content: "↑"; opacity: 1; }
[aria-sort="descending"] .sort::after { content: "↓"; opacity: 1; }
@media print { .sort::after { content: none; } .time .bar, .time .facts { display: none; } }
"""


@cache
def script(name: str) -> str:
    """Return a script of this folder: "time" defines `hubbubTime(figure, index)`, "sorting" `hubbubSort(table)`.

    Both also take up all figures and tables of the page once it is loaded.
    """
    return Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8")
