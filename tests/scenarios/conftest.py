"""What the tests of the command line share."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from hubbub.scenarios.cli import main


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def hubbub(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """The command line in this process, which saves starting Python and importing torch."""

    def call(*words: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["hubbub", *map(str, words)])
        code, out, err = 0, io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main()
            except SystemExit as ended:
                code = int(ended.code or 0)
        assert "Traceback" not in err.getvalue()
        return Ended(code, out.getvalue(), err.getvalue())

    return call
