"""Figures as PNG images, as SVG and PDF files, as files for papers and slides, and as SVG elements of an HTML page.

The first of these functions that is called with a figure places everything in it. The later ones keep the places, since
finding them takes longer than drawing; only `save_figure` places everything anew.
"""

from __future__ import annotations

import re
import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubbub.analysis.figures.fitting import fitted, place_once
from hubbub.analysis.figures.style import INK, LINE, MUTED, PAPER, style
from hubbub.analysis.files import write_whole
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def as_png(figure: Figure, *, dpi: float = 200) -> bytes:
    """Return the figure as a PNG image with `dpi` dots per inch and a white background."""
    return _saved(figure, "png", dpi=dpi)


def as_svg(figure: Figure) -> bytes:
    """Return the figure as an SVG file with a white background.

    Text is stored as text, and the same figure always gives the same bytes.
    """
    return _saved(figure, "svg", metadata={"Date": None})


def as_pdf(figure: Figure) -> bytes:
    """Return the figure as a PDF file; text is stored as text, and the same figure always gives the same bytes."""
    return _saved(figure, "pdf", metadata={"CreationDate": None})


KINDS = {".png": as_png, ".svg": as_svg, ".pdf": as_pdf}
SIZES = {"paper": 89.0, "paper-wide": 183.0, "slide": 169.3}
"""Widths in mm: one column and two columns of a journal, and half the width of a slide of 13.3 × 7.5 inches."""
SLIDE_HEIGHT_MM = 95.2
MM = 1 / 25.4


def save_figure(figure: Figure | Axes, path: Path | str, size: str | None = None) -> Path:
    """Save a figure as PNG, SVG or PDF, by the suffix of `path`, and return the path.

    Parameters
    ----------
    figure
        A figure, or axes of it.
    path
        Its folder is made where there is none; a file of that name is replaced.
    size
        "paper": 89 mm wide, one column of a journal; "paper-wide": 183 mm, two columns; "slide": the whole of a slide
        with 16:9, as a page of 169 × 95 mm whose text is large enough when it is shown as large as the slide (a PNG has
        2,000 × 1,125 pixels). The figure is laid out anew in that size with the same sizes of text (8 to 9.5 points);
        names of rows and columns are left away where they do not fit. Then it gets its own size back. None: as it is.

    Raises
    ------
    ConfigurationError
        Another suffix or size, or something that is no figure.
    StoreError
        The file cannot be written.
    """
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    drawn = figure.get_figure(root=True) if isinstance(figure, Axes) else figure
    if not isinstance(drawn, Figure):
        raise ConfigurationError(complaint("figure", expected="a figure of matplotlib, or axes of it", got=figure))
    target = Path(path)
    kind = target.suffix.lower()
    if kind not in KINDS:
        raise ConfigurationError(complaint("path", expected=f"a suffix of {', '.join(KINDS)}", got=str(path)))
    if size is not None and size not in SIZES:
        raise ConfigurationError(complaint("size", expected=f"one of {', '.join(SIZES)}", got=size, valid=SIZES))
    width = None if size is None else SIZES[size] * MM
    with fitted(drawn, width, SLIDE_HEIGHT_MM * MM if size == "slide" else None):
        content = as_png(drawn, dpi=300) if kind == ".png" else KINDS[kind](drawn)
    return write_whole(target, content)


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
        place_once(figure)
        figure.savefig(file, format=kind, **options)
    return file.getvalue()
