"""`hubbub measure` through the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

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
    code, out, _ = hubbub("measure", "corpus", "talk.csv", *options, "--out", "elsewhere", "--json")
    found = json.loads(out)
    assert (code, found["corpus"]["speakers"]) == (0, 4)
    assert found["language"]["topographic similarity"]["value"] == pytest.approx(1)
    assert found["files"][0] == "elsewhere/report.html"


def test_what_cannot_be_measured_is_said(hubbub: Callable, talk: Path) -> None:
    assert hubbub("measure", "corpus", "talk.csv", "speaker=who")[0] == 2
    code, _, err = hubbub("measure", "corpus", "talk.csv", "speaker")
    assert (code, err) == (2, "hubbub: option: expected NAME=VALUE, got 'speaker'\n")
    code, _, err = hubbub("measure", "corpus", "missing.csv")
    assert (code, err) == (2, "hubbub: missing.csv: there is no such file or folder\n")
