"""Text of unknown origin, without characters that files or fonts cannot hold, and messages that nobody wants."""

from __future__ import annotations


def printable(text: object) -> str:
    """Return text with a space for each character that XML forbids or that changes the direction of text."""
    return "".join(character if character.isprintable() else " " for character in str(text))


def ignore(message: str) -> None:
    """Do nothing with a message."""
