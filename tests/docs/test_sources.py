"""The page of sources names publications that the code cites, and no others."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = [file for folder in ("simulator", "analysis", "scenarios") for file in (ROOT / folder).rglob("*.py")]


def plain(text: str) -> str:
    """Return a text without what separates names and years."""
    return " ".join(re.sub(r"[(),]", " ", text).split())


def test_every_source_is_cited_in_the_code() -> None:
    names = re.findall(r"^\*\*(.+?)\*\*", (ROOT / "docs" / "sources.md").read_text(encoding="utf-8"), re.M)
    code = plain(" ".join(file.read_text(encoding="utf-8") for file in CODE))
    assert len(names) > 100 and len(set(names)) == len(names)
    assert not [name for name in names if plain(name) not in code]
