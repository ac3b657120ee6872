"""Pages that are made of the code when the site is built: the commands, and copies of the examples.

The examples are copied, so that what they write when they run does not lie beside them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[1]
EXAMPLES = DOCS.parent / "examples"


def write() -> None:
    """Write the pages; a file that would stay the same is not touched, so that Sphinx does not read it again."""
    command = [sys.executable, "-m", "typer", "hubbub.scenarios.cli", "utils", "docs", "--name", "hubbub"]
    page = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    _update(DOCS / "commands.md", page.replace("# `hubbub`", "# Commands", 1))
    for file in sorted(EXAMPLES.glob("*.*")):
        _update(DOCS / "_build" / "examples" / file.name, file.read_text(encoding="utf-8"))
    for file in sorted((EXAMPLES / "notebooks").glob("*.ipynb")):
        _update(DOCS / "notebooks" / file.name, file.read_text(encoding="utf-8"))
    for copies, originals in ((DOCS / "_build" / "examples", EXAMPLES), (DOCS / "notebooks", EXAMPLES / "notebooks")):
        for copy in copies.glob("*.*"):
            if not (originals / copy.name).exists():
                copy.unlink()


def _update(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")
