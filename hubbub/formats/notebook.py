"""How an object shows itself in a notebook: a title and a table of two columns."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

STYLE = "text-align: left; padding: 0.1em 1em 0.1em 0; vertical-align: top"


def summary_html(title: str, facts: Mapping[str, object]) -> str:
    """Return a title and a table of facts as HTML; every text is escaped, and empty facts are left out."""
    rows = "".join(
        f'<tr><th style="{STYLE}">{escape(str(name))}</th><td style="{STYLE}">{escape(str(value))}</td></tr>'
        for name, value in facts.items()
        if value not in ("", None)
    )
    return f"<div><strong>{escape(title)}</strong><table>{rows}</table></div>"
