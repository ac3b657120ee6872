"""Every link between pages leads to a file that is there, and to a heading that it has; the site shows every page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GENERATED = ("_build", "api", "gallery", "notebooks", "commands.md")
"""What `make docs` writes into docs/; it may be there or not."""

PAGES = sorted(
    file
    for file in (*ROOT.glob("*.md"), *(ROOT / "docker").glob("*.md"), *DOCS.rglob("*.md"))
    if file.relative_to(DOCS if DOCS in file.parents else ROOT).parts[0] not in GENERATED
)
LINK = re.compile(r"\]\((?!\w+:)([^)\s#]*)(?:#([^)\s]+))?\)")


def prose(page: Path) -> str:
    """Return the text of a page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)


@cache
def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of a page, as GitHub and the site make them."""
    seen: dict[str, int] = {}
    found = set()
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.M):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        number = seen[anchor] = seen.get(anchor, -1) + 1
        found.add(f"{anchor}-{number}" if number else anchor)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings_that_are_there(page: Path) -> None:
    broken = []
    for path, anchor in LINK.findall(re.sub(r"`[^`\n]*`", "", prose(page))):
        target = page.parent / path if path else page
        written_later = DOCS in target.parents and target.relative_to(DOCS).parts[0] in GENERATED
        if not target.exists() and not written_later:
            broken.append(path)
        elif anchor and target.suffix == ".md" and not written_later and anchor not in anchors(target):
            broken.append(f"{path}#{anchor}")
    assert not broken


def test_pages_with_links_are_found() -> None:
    assert sum(len(LINK.findall(prose(page))) for page in PAGES) > 100
    assert "one-agent-in-a-frozen-population-gymnasium" in anchors(DOCS / "environments.md")


def test_every_page_has_a_place_in_the_site() -> None:
    """Each page is named by the list of contents of another one."""
    named = set()
    for page in PAGES:
        for listing in re.findall(r"^```\{toctree\}\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
            for line in listing.splitlines():
                entry = re.sub(r"^.*<(.+)>$", r"\1", line.strip())
                if entry and not entry.startswith(":"):
                    named |= {file.resolve() for file in page.parent.glob(f"{entry}.md")}
    pages = {page for page in PAGES if DOCS in page.parents}
    assert pages - named == {DOCS / "index.md"}
