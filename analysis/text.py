"""Text from strangers, made fit for files and fonts."""

from __future__ import annotations


def printable(text: object) -> str:
    """Return text without characters that XML forbids or that turn or hide what follows: each becomes a space."""
    return "".join(character if character.isprintable() else " " for character in str(text))
