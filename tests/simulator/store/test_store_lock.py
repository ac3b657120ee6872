import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import RunWriter

HOLD = """
import sys
from hubbub.simulator.store import RunWriter
writer = RunWriter.reopen(sys.argv[1])
print("held", flush=True)
input()
"""


def test_a_second_writer_is_refused_and_told_by_whom(writer: RunWriter) -> None:
    with pytest.raises(StoreError, match=f"in use by process {os.getpid()}; wait until it ends"):
        RunWriter.reopen(writer.path)
    writer.close()
    RunWriter.reopen(writer.path).close()


def test_a_writer_in_another_process_holds_the_run_until_it_is_killed(writer: RunWriter) -> None:
    writer.close()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(writer.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match=f"in use by process {holder.pid};"):
            RunWriter.reopen(writer.path)
        holder.kill()
    RunWriter.reopen(writer.path).close()


def test_a_failed_reopen_lets_go(writer: RunWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.close()
    with monkeypatch.context() as patch:
        patch.setattr("hubbub.simulator.store.writer.Files.clean", lambda files: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            RunWriter.reopen(writer.path)
    RunWriter.reopen(writer.path).close()


def test_a_lock_that_is_a_link_is_not_followed(
    tmp_path: Path, create: Callable[..., RunWriter], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / ".lock").symlink_to(tmp_path / "precious")
    with pytest.raises(StoreError, match=r"cannot write .*\.lock"):
        create("run")
    assert (tmp_path / "precious").read_text() == "precious"


def test_closing_twice_is_harmless(writer: RunWriter) -> None:
    writer.close()
    other = RunWriter.reopen(writer.path)
    writer.close()
    with pytest.raises(StoreError, match="in use"):
        RunWriter.reopen(writer.path)
    other.close()
