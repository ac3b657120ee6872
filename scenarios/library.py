"""The scenarios that come with hubbub, found without importing what runs them."""

from __future__ import annotations

from pathlib import Path

from hubbub.scenarios.strict_yaml import read_yaml

LIBRARY = Path(__file__).parent


def names() -> list[str]:
    """Return the names of the scenarios that come with hubbub."""
    return sorted(path.stem for path in LIBRARY.glob("*.yaml"))


def descriptions() -> dict[str, str]:
    """Return the description of every scenario that comes with hubbub, by name."""
    return {name: read_yaml(LIBRARY / f"{name}.yaml")["description"] for name in names()}
