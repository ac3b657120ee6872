"""Fields, settings and quantities of a study as text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from hubbub.analysis.text import printable

LONGEST_VALUE = 40


def spoken(name: str) -> str:
    """Return the name of a quantity as text."""
    return name.replace("_", " ").replace(".", ": ")


def short_names(paths: Sequence[str]) -> dict[str, str]:
    """Return a short name for each dotted path: its last part, the part before it for a kind; unique."""

    def short(path: str) -> str:
        section, _, last = path.rpartition(".")
        return (section.rpartition(".")[2] or last) if last in ("kind", "path") else last

    counts = Counter(map(short, paths))
    return {path: short(path) if counts[short(path)] == 1 else path for path in paths}


def value_text(value: Any) -> str:
    """Return a value of a field in a few characters."""
    value = setting_of(value)
    if isinstance(value, Mapping):
        kind, rest = value.get("kind"), {name: inner for name, inner in value.items() if name != "kind"}
        words = [] if kind is None else [str(kind)]
        words += [f"{name}={value_text(inner)}" for name, inner in rest.items()]
        text = " ".join(words)
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, float):
        text = f"{value:.4g}"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(map(value_text, value)) + "]"
    else:
        text = printable(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def setting_of(value: Any) -> Any:
    """Return a value of a field as it was given: a table of a study holds sections and lists as JSON."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
