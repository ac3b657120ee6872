"""Figures as PNG images, as SVG files, and as SVG elements of an HTML page.

The first of these functions that is called with a figure places everything in it. The later ones keep the places, since
finding them takes longer than drawing.
"""

from __future__ import annotations

import re
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any

from hubbub.analysis.figures.style import INK, LINE, MUTED, PAPER, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def as_png(figure: Figure) -> bytes:
    """Return the figure as a PNG image with 200 dots per inch and a white background."""
    return _saved(figure, "png")


def as_svg(figure: Figure) -> bytes:
    """Return the figure as an SVG file with a white background.

    Text is stored as text, and the same figure always gives the same bytes.
    """
    return _saved(figure, "svg", metadata={"Date": None})


def as_inline_svg(figure: Figure, *, name: str, label: str) -> str:
    """Return the figure as an `<svg>` element for an HTML page.

    The colours of text, lines and background are the CSS variables --ink, --muted, --line and --paper of the page, so
    that the figure follows its light or dark colour scheme.

    Parameters
    ----------
    name
        Prefix of all identifiers, so that several figures in one page do not share any.
    label
        Description for screen readers.
    """
    from html import escape

    text = _saved(figure, "svg", metadata={"Date": None}, transparent=True).decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\b(id="|href="#|url\(#)', rf"\g<1>{name}-", text)
    for value, variable in ((INK, "ink"), (MUTED, "muted"), (LINE, "line"), (PAPER, "paper")):
        text = text.replace(value, f"var(--{variable})")
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', text)[1])  # type: ignore[index]
    opening = f'<svg role="img" aria-label="{escape(label)}" style="max-width: {1.12 * width:.0f}pt" '
    head, rest = text.split(">", 1)
    return (
        re.sub(r'^<svg |\b(width|height)="[^"]*pt" ?', lambda m: opening if m[0] == "<svg " else "", head) + ">" + rest
    )


def _saved(figure: Figure, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    with style(), warnings.catch_warnings():
        # Characters that the font lacks are drawn as boxes; this warning is not needed.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        if engine := figure.get_layout_engine():
            engine.execute(figure)
            figure.set_layout_engine(None)
        figure.savefig(file, format=kind, **options)
    return file.getvalue()
