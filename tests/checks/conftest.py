"""Broken things are registered for one test only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hubbub.simulator.registry import Registry


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Callable[[Registry, Any], str]:
    """A function that registers something as `broken`, without the check at registration, until the test ends."""

    def register(registry: Registry, entry: Any) -> str:
        assert list(registry)
        monkeypatch.setattr(registry, "_entries", {**registry._entries, "broken": entry})
        return "broken"

    return register
