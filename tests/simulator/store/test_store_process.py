"""Which process writes a run, and how far it has come."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import RunWriter, open_run
from hubbub.simulator.store.lock import last_writer
from hubbub.simulator.store.process import Process


def test_the_process_that_writes_is_known_and_alive(writer: RunWriter) -> None:
    known = last_writer(writer.path)
    assert known == Process.current()
    assert known is not None
    assert known.pid == os.getpid()
    assert known.is_writing is True
    writer.close()
    released = last_writer(writer.path)
    assert released == replace(known, released=True)
    assert released.is_alive is True
    assert released.is_writing is False


def test_a_process_that_ended_and_one_that_got_its_number_are_told_apart() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    known = replace(Process.current(), pid=ended.pid)
    with ended:
        pass
    assert known.is_alive is False
    assert replace(Process.current(), started=Process.current().started - 3600).is_alive is False


def test_of_another_machine_nothing_is_known(writer: RunWriter) -> None:
    elsewhere = replace(Process.current(), host="elsewhere")
    assert elsewhere.is_alive is None
    (writer.path / ".lock").write_bytes(elsewhere.encode())
    with pytest.raises(StoreError, match=rf"in use by process {os.getpid()} on elsewhere; wait"):
        RunWriter.reopen(writer.path)


@pytest.mark.parametrize("content", [b"", b"4711", b'{"pid": 4711', b"[1]", b"\xff\xfe", b'{"pid": "x", "host": 1}'])
def test_a_lock_that_says_nothing_is_no_error(tmp_path: Path, content: bytes) -> None:
    assert last_writer(tmp_path) is None
    (tmp_path / ".lock").write_bytes(content)
    assert last_writer(tmp_path) is None


def test_a_process_number_that_cannot_be_is_none_that_lives() -> None:
    assert replace(Process.current(), pid=2**70).is_alive is False
    assert replace(Process.current(), pid=-1).is_alive is False


def test_how_far_a_run_is_to_go_and_when_it_was_where(writer: RunWriter) -> None:
    writer.begin_steps(step=0, until=900)
    for step in range(100, 700, 100):
        writer.set_status("running", step=step)
    steps = open_run(writer.path).info["steps"]
    assert (steps["from"], steps["to"]) == (0, 900)
    assert [step for step, _ in steps["reached"]] == [200, 300, 400, 500, 600]
    times = [time for _, time in steps["reached"]]
    assert times == sorted(times)


def test_why_a_run_failed_is_said_until_it_goes_on(writer: RunWriter) -> None:
    writer.begin_steps(step=0, until=9)
    writer.set_status("failed", step=3, problem="the loss is not finite")
    assert open_run(writer.path).info["problem"] == "the loss is not finite"
    writer.begin_steps(step=2, until=9)
    assert "problem" not in json.loads((writer.path / "run.json").read_text())
