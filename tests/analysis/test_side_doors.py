"""Report and export write inside of the folder that is meant, and serve runs that cannot be written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hubbub.analysis.export import export_run
from hubbub.analysis.files import write_inside, write_whole
from hubbub.analysis.report import write_report
from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import Run, RunWriter, open_run


@pytest.fixture
def ants(tmp_path: Path) -> Run:
    path = tmp_path / "ants"
    with RunWriter.create(path, name="ants", seed=4, configuration={"system": "ants"}, versions={}) as writer:
        writer.append_rows("metrics", 0, [{"name": "food_count", "value": 1.0}])
    return open_run(path)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("figures", write_report),
        ("report.html", write_report),
        ("exports", lambda run: export_run(run, "csv")),
    ],
)
def test_a_link_out_of_the_run_is_not_followed(
    ants: Run, tmp_path: Path, name: str, write: Callable[[Run], object]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (ants.path / name).symlink_to(elsewhere)
    with pytest.raises(StoreError, match=rf"{name}.*, which is outside of"):
        write(ants)
    assert not list(elsewhere.iterdir())


def test_a_run_that_cannot_be_written_has_report_and_tables_elsewhere(
    ants: Run, tmp_path: Path, tree: Callable[[Path], dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(ants.path)
    page = write_report(ants, out=tmp_path / "out")
    assert page == tmp_path / "out" / "report.html"
    assert (tmp_path / "out" / "figures" / "summary.json").is_file()
    [table] = export_run(ants, "csv", out=tmp_path / "tables")
    assert table == tmp_path / "tables" / "metrics.csv"
    assert tree(ants.path) == before


def test_a_name_that_leads_out_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="outside of"):
        write_inside(tmp_path / "here", "../there", "x")
    assert write_inside(tmp_path / "here", "a/b", "x").read_text() == "x"


def test_a_failed_write_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_whole(tmp_path / "a", "old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="a: cannot be written: No space left on device"):
        write_whole(path, "new")
    assert [file.name for file in tmp_path.iterdir()] == ["a"]
    assert path.read_text() == "old"


@pytest.fixture
def tree() -> Callable[[Path], dict[str, bytes]]:
    return lambda folder: {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
