"""Small corpora in the forms that other tools write."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes a text file below the test's folder and returns its path."""

    def file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return file


@pytest.fixture
def two_dialects() -> list[dict[str, Any]]:
    """Six speakers on a line, in two groups that name 3 × 3 referents in opposite orders of symbols."""
    rng, rows = np.random.default_rng(0), []
    for speaker, (shape, colour) in itertools.product(range(6), itertools.product(range(3), repeat=2)):
        message = [1 + shape, 4 + colour] if speaker < 3 else [4 + colour, 1 + shape]
        if rng.random() < 0.1:
            message = rng.integers(1, 7, 2).tolist()
        neighbours = [near for near in (speaker - 1, speaker + 1) if 0 <= near < 6]
        rows += [
            {
                "speaker": f"s{speaker}",
                "listener": f"s{near}",
                "referent": {"shape": shape, "colour": f"c{colour}"},
                "message": [*message, 0],
                "group": "west" if speaker < 3 else "east",
            }
            for near in neighbours
        ]
    return rows


@pytest.fixture
def as_lines() -> Callable[[list[Any]], str]:
    return lambda rows: "".join(json.dumps(row) + "\n" for row in rows)
