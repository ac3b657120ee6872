"""`hubbub measure` through the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of four speakers who name four referents, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    rows = [f"{who},{1 + r % 2} {3 + r // 2},{r % 2},{r // 2}" for who in ("ann", "bob", "cy", "di") for r in range(4)]
    Path("talk.csv").write_text("person,text,shape,colour\n" + "\n".join(rows) + "\n")
    Path("friends.csv").write_text("source,target\nann,bob\nbob,cy\ncy,di\n")
    return tmp_path


def test_a_corpus_is_measured(hubbub: Callable, talk: Path) -> None:
    options = ("speaker=person", "referent=shape,colour", "topology=friends.csv")
    code, out, err = hubbub("measure", "corpus", "talk.csv", *options)
    assert code == 0, err
    assert "read: table (text, commas between cells); 16 messages; 4 speakers; 4 referents (shape, colour)" in out
    assert "note: symbols are separated by blanks or commas" in err
    assert "topographic similarity" in out and "Mantel correlation" in out
    assert (talk / "measures" / "talk" / "report.html").exists()
    found = json.loads((talk / "measures" / "talk" / "measures.json").read_text())
    assert found["corpus"]["speakers"] == 4
    assert found["language"]["topographic similarity"]["value"] == pytest.approx(1)


def test_json(hubbub: Callable, tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("3 1\n4 1 5\n")
    code, out, err = hubbub("measure", "corpus", tmp_path / "lines.txt", "--out", tmp_path / "out", "--json")
    found = json.loads(out)
    assert (code, err, found["corpus"]["messages"]) == (0, "", 2)
    assert found["files"][0] == str(tmp_path / "out" / "report.html")


def test_what_cannot_be_measured_is_said(hubbub: Callable, talk: Path) -> None:
    assert hubbub("measure", "corpus", "talk.csv", "speaker=who")[0] == 2
    code, _, err = hubbub("measure", "corpus", "talk.csv", "speaker")
    assert (code, err) == (2, "hubbub: option: expected NAME=VALUE, got 'speaker'\n")
    code, _, err = hubbub("measure", "corpus", "missing.csv")
    assert (code, err) == (2, "hubbub: missing.csv: there is no such file or folder\n")


def test_a_record_that_cannot_be_measured(hubbub: Callable, tmp_path: Path) -> None:
    np.save(tmp_path / "raster.npy", np.zeros((20, 30)))
    code, _, err = hubbub("measure", "record", tmp_path / "raster.npy")
    assert code == 2
    assert "time_axis: expected 0 (time × channels) or 1 (channels × time)" in err
    assert hubbub("measure", "record", tmp_path / "raster.npy", "--surrogates", "-1")[0] == 2
