"""Links of pages: those to files outside of docs/ lead to the repository, since the site does not hold them."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGES_OF_FILES = {"contributing": "CONTRIBUTING.md", "changes": "CHANGELOG.md"}
"""Pages of the site whose text is a file at the top of the repository."""

LINK = re.compile(r"(?<=\]\()(?!\w+:)([^)\s#]+)(#[^)\s]*)?(?=\))")


def rewritten(text: str, page: str, *, home: str, folder: str = "docs") -> str:
    """Return the text of a page with its relative links as the site needs them.

    Parameters
    ----------
    page
        Name of the page in the site.
    home
        Address of the repository.
    folder
        Folder of the repository in which the file of the text lies.
    """

    def target(match: re.Match[str]) -> str:
        path, anchor = match[1], match[2] or ""
        file = posixpath.normpath(posixpath.join(folder, path))
        page_of_file = {name: f"docs/{page}.md" for page, name in PAGES_OF_FILES.items()}.get(file, file)
        if page_of_file.startswith("docs/"):
            return posixpath.relpath(page_of_file, posixpath.join("docs", posixpath.dirname(page))) + anchor
        return f"{home}/{'tree' if (ROOT / file).is_dir() else 'blob'}/main/{file}{anchor}"

    return LINK.sub(target, text)


def read(app: Any, page: str, source: list[str]) -> None:
    """Replace the source of a page by what the site shows."""
    if page in PAGES_OF_FILES:
        source[0] = (ROOT / PAGES_OF_FILES[page]).read_text(encoding="utf-8")
        folder = "."
    else:
        folder = posixpath.join("docs", posixpath.dirname(page))
    if (ROOT / "docs" / f"{page}.md").is_file():
        source[0] = rewritten(source[0], page, home=app.config.html_context["home"], folder=folder)


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", read)
    return {"parallel_read_safe": True}
