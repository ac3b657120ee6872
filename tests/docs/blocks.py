"""Blocks of code in Markdown: their language, the file that they are, the commands in them and what these print."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w./-]+\.\w+)`[^`\n]*(?:\bis|:)\s*$")


@dataclass(frozen=True)
class Block:
    """A block of code.

    Attributes
    ----------
    language, text
        What stands behind the fence, and the lines between the fences.
    line
        Line of the page at which the text begins.
    file
        Name of the file that the block is: the line before it ends with "`friends.csv`:" or "`friends.csv` … is".
    """

    language: str
    text: str
    line: int
    file: str

    def commands(self) -> Iterator[tuple[list[str], str]]:
        """Yield the words of each command `hubbub`, and what the block says that it prints, "" for nothing."""
        if self.language not in ("", "bash", "console") or self.file:
            return
        shown = self.text.replace("\\\n", " ")
        if "$ " in shown:
            for part in re.split(r"^\$ ", shown, flags=re.MULTILINE)[1:]:
                line, _, printed = part.partition("\n")
                yield from ((words, printed) for words in [_words(line)] if words[:1] == ["hubbub"])
        else:
            for line in shown.splitlines():
                words = _words(line)
                if words[:1] == ["hubbub"] and not any(character in line for character in "[…"):
                    yield words, ""


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:  # a line of prose or output with an apostrophe
        return []


def blocks_of(page: Path) -> list[Block]:
    """Return the blocks of a page, in their order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for fence in FENCE.finditer(text):
        before = text[: fence.start()].rstrip("\n")
        file = FILE.search(before.rpartition("\n")[2])
        found.append(Block(fence[1], fence[2], before.count("\n") + 3, file[1] if file else ""))
    return found
