"""Text inside XML."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return text with markup escaped, also within quotes; characters that XML forbids are blanks."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    for character in "\t\n\r":  # a reader would make blanks of them
        if character in escaped:
            escaped = escaped.replace(character, f"&#{ord(character)};")
    return _FORBIDDEN.sub(" ", escaped)
