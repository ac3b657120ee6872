"""What `make test-oldest` installs."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "oldest_requirements.py"


def test_every_requirement_is_at_its_lower_bound(capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("oldest_requirements", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert [
        module.oldest(line) for line in ("torch>=2.9,<2.14", "ruff~=0.17.5", "gymnasium[mujoco]>=1.0", "types-X")
    ] == [
        "torch==2.9",
        "ruff==0.17.5",
        "gymnasium[mujoco]==1.0",
        "types-X",
    ]
    module.main()
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("torch==") for line in lines) and any(line.startswith("pytest==") for line in lines)
