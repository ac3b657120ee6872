import errno
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest
import torch

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import Lexicon, RunWriter, load_checkpoint, open_run, verify
from hubbub.simulator.store.files import Files, inside

WRITES = {
    "run.json": lambda writer, lexicon: writer.set_status("stopped", step=2),
    "agents.parquet": lambda writer, lexicon: writer.write_table(
        "agents.parquet", pa.table({"agent": [0, 1], "name": ["a", "b"]})
    ),
    "topology/graph.graphml": lambda writer, lexicon: writer.write_text("topology/graph.graphml", "other"),
    "metrics/part-0000000002": lambda writer, lexicon: writer.flush(),
    "lexicon/messages/part-0000000005": lambda writer, lexicon: writer.flush(),
    "checkpoints/step-0000000002": lambda writer, lexicon: writer.checkpoint(2, {"w": torch.ones(2000)}, {"n": 2}),
}


@pytest.fixture
def begun(writer: RunWriter, make_lexicon: Callable[..., Lexicon]) -> RunWriter:
    """A run with one of everything at step 1; rows of step 2 wait when the file of `metrics` is to be written."""
    writer.write_table("agents.parquet", pa.table({"agent": [0, 1], "name": ["c", "d"]}))
    writer.write_text("topology/graph.graphml", "<graphml/>")
    writer.append_rows("metrics", 1, [{"name": "loss", "value": 1.0}])
    writer.checkpoint(1, {"w": torch.zeros(2000)}, {"n": 1})
    return writer


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("call", ["fsync", "replace", "mkdir"])
@pytest.mark.parametrize(
    ("number", "cause", "remedy"),
    [
        (errno.ENOSPC, "No space left on device", "free some space"),
        (errno.EROFS, "Read-only file system", "make the folder writable"),
    ],
)
def test_failed_write_changes_nothing_and_says_how_to_go_on(
    begun: RunWriter,
    make_lexicon: Callable[..., Lexicon],
    tree: Callable[[Path], dict[str, bytes]],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    call: str,
    number: int,
    cause: str,
    remedy: str,
) -> None:
    if name.startswith("metrics"):
        begun.append_rows("metrics", 2, [{"name": "loss", "value": 0.5}])
    if name.startswith("lexicon"):
        begun.write_snapshot(make_lexicon())
    before = tree(begun.path)

    def fail(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(StoreError) as caught:
            WRITES[name](begun, make_lexicon())
    message = str(caught.value)
    first = "manifest.jsonl" if (name, call) == ("checkpoints/step-0000000002", "fsync") else name
    assert f"cannot write {begun.path}/{first}" in message
    assert cause in message
    assert f"What was written before is intact; {remedy}" in message
    assert f"`hubbub resume {begun.path}`" in message
    if call == "replace" and not name.startswith(("run", "checkpoints")):
        assert tree(begun.path) != before  # the manifest says of the new part, which a reader finds below .pending
    else:
        assert without_manifest(tree(begun.path)) == without_manifest(before)
    assert verify(begun.path).problems == ()
    assert not (begun.path / ".tmp").exists()
    WRITES[name](begun, make_lexicon())
    assert any(file.startswith(name) for file in tree(begun.path))
    assert not (begun.path / ".pending").exists()


def without_manifest(tree: dict[str, bytes]) -> dict[str, bytes]:
    """Before a checkpoint is written, the manifest says of its seal."""
    return {name: content for name, content in tree.items() if name != "manifest.jsonl"}


@contextmanager
def file_size_limit(size_bytes: int) -> Iterator[None]:
    """Let the system itself fail writes beyond a size, also those of compiled code, after a partial write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_partial_write_of_tensors_keeps_the_previous_checkpoint(
    begun: RunWriter, tree: Callable[[Path], dict[str, bytes]]
) -> None:
    before = tree(begun.path)
    with file_size_limit(4096), pytest.raises(StoreError, match=r"tensors\.safetensors: File too large\. .* free some"):
        begun.checkpoint(2, {"w": torch.ones(2000)}, {})
    assert without_manifest(tree(begun.path)) == without_manifest(before)
    assert load_checkpoint(begun.path).step == 1


def test_partial_write_of_a_table_keeps_the_rows_for_later(begun: RunWriter) -> None:
    begun.append_rows("metrics", 2, [{"name": f"loss-{index:05}", "value": index} for index in range(2000)])
    with (
        file_size_limit(4096),
        pytest.raises(StoreError, match=r"metrics/part-0000000002-000001w\.parquet: File too large"),
    ):
        begun.flush()
    begun.flush()
    assert len(open_run(begun.path).metric_rows()) == 2001


def test_closing_after_a_failed_write_shows_that_failure_and_releases_the_run(
    begun: RunWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    message = r"cannot write .*manifest\.jsonl"
    with monkeypatch.context() as patch, pytest.raises(StoreError, match=message), begun:
        patch.setattr(os, "fsync", fail)
        begun.checkpoint(2, {"w": torch.ones(3)}, {})
    RunWriter.reopen(begun.path).close()


def test_a_folder_is_replaced_by_a_whole_one(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.write_folder("a/b", {"old": lambda path: path.write_text("1")})
    files.write_folder("a/b", {"new": lambda path: path.write_text("2")})
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["new"]
    files.remove("a/b")
    assert not list((tmp_path / "a").iterdir())
    assert not (tmp_path / ".tmp").exists()


def test_temporary_files_are_out_of_reach_of_globs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(tmp_path)
    seen = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (seen.append(list(tmp_path.glob("metrics/*"))), fsync(fd)))
    files.write("metrics/part.parquet", b"x")
    assert seen[0] == []
    assert seen[-1] == [tmp_path / "metrics" / "part.parquet"]


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "link", "folder/secret", "a/../../secret"])
def test_nothing_outside_is_reached(tmp_path: Path, name: str) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (tmp_path / "secret").write_text("{}")
    (run / "link").symlink_to(tmp_path / "secret")
    (run / "folder").symlink_to(tmp_path)
    with pytest.raises(StoreError, match="outside of"):
        inside(run, name)
    with pytest.raises(StoreError, match="outside of"):
        Files(run).write(name, b"overwritten")
    assert (tmp_path / "secret").read_text() == "{}"


def test_a_temporary_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    run, elsewhere = tmp_path / "run", tmp_path / "elsewhere"
    run.mkdir()
    elsewhere.mkdir()
    (run / ".tmp").symlink_to(elsewhere)
    with pytest.raises(StoreError, match="outside of"):
        Files(run).write("a", b"x")
    assert not list(elsewhere.iterdir())


def test_links_inside_are_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("{}")
    (tmp_path / "link").symlink_to("real")
    assert inside(tmp_path, "link").read_text() == "{}"
