"""The schema that is kept is the one that this code makes."""

from __future__ import annotations

import json
from pathlib import Path

import platformdirs
import pytest

from hubbub.analysis import files
from hubbub.scenarios import kept_schema as module
from hubbub.scenarios.kept_schema import kept_schema
from hubbub.scenarios.studies.schema import schema
from hubbub.simulator.store.files import write_synced


def test_the_schema_is_kept_and_made_again_where_the_kept_one_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path)
    made = json.loads(json.dumps(schema()))
    assert kept_schema() == made
    (kept,) = (tmp_path / "schemas").iterdir()
    assert json.loads(kept.read_text()) == made
    kept.write_text('{"title": "the kept one"}')
    assert kept_schema() == {"title": "the kept one"}
    kept.write_text('{"title": ')
    assert kept_schema() == made
    monkeypatch.setattr(module, "_digest", lambda: "of an edited field")
    kept.write_text('{"title": "of older code"}')
    assert kept_schema() == made


def test_without_a_writable_folder_the_schema_is_made_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "file")
    assert json.dumps(kept_schema()) == json.dumps(schema())


def test_a_schema_that_is_half_written_when_it_is_interrupted_is_not_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(path: Path, content: bytes) -> None:
        write_synced(path, content[: len(content) // 2])
        raise KeyboardInterrupt

    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path)
    monkeypatch.setattr(files, "write_synced", half)
    with pytest.raises(KeyboardInterrupt):
        kept_schema()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
