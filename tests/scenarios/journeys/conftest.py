"""What people do from files in a folder of theirs to the last figure or table, with the commands that pages name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which all commands are given."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def does(hubbub: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command that must succeed, its words separated by blanks; further words are taken as they are."""

    def call(words: str, *more: str) -> Any:
        ended = hubbub(*words.split(), *more)
        assert ended.code == 0, ended.err
        return ended

    return call
