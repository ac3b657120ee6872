"""The command line with workers: a Ray of this machine that begins and ends with the command."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hubbub.simulator.store import load_checkpoint, open_run

CommandLine = Callable[..., tuple[int, str, str]]
SMALL = (
    "topology.n_agents=12",
    "agent.hidden=8",
    "agent.embedding=4",
    "training.games_per_step=4",
    "engine.record_every=10",
    "engine.checkpoint_every=20",
    "engine.block_agents=4",
    "recording.referents=8",
)


def family(pid: int) -> set[int]:
    """Return the processes of the session that a command began, less Ray's agents, which take a minute to end."""
    found = set()
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) == pid and fields[0] != "Z" and b"Agent" not in (process / "cmdline").read_bytes():
                found.add(int(process.name))
    return found


def listening(pids: set[int]) -> list[str]:
    """Return the addresses, in hexadecimal, at which processes listen for TCP."""
    inodes = set()
    for pid in pids:
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = str(handle.readlink())
            except OSError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    rows = [row.split() for table in ("tcp", "tcp6") for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
    return [row[1].split(":")[0] for row in rows if row[3] == "0A" and row[9] in inodes]


def wait_for(what: object, seconds: float = 90.0) -> None:
    assert callable(what)
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_driver_that_is_killed_leaves_no_process_and_a_run_that_goes_on(
    tmp_path: Path, hubbub: CommandLine, forked: Any
) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    words = ("training.steps=100000", "--workers", "2", "--out", killed)
    driver = forked("-m", "hubbub", "run", "ring-dialects", *SMALL, *words)
    try:
        wait_for(lambda: any(int(folder.name[-10:]) >= 20 for folder in killed.glob("checkpoints/step-*")))
        members = family(driver.pid)
        assert len(members) > 3
        loopback = {"0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"}
        assert listening(members) and set(listening(members)) <= loopback
    finally:
        driver.kill()
    wait_for(lambda: not family(driver.pid), 30)
    reached = load_checkpoint(killed).step
    for words in (("resume", killed), ("run", "ring-dialects", *SMALL, "--out", whole)):
        code, _, complained = hubbub(*words, f"training.steps={reached + 20}")
        assert code == 0, complained
    one, other = open_run(killed), open_run(whole)
    assert one.metric_rows().equals(other.metric_rows())
    states = [load_checkpoint(path).tensors for path in (killed, whole)]
    assert all(states[0][name].numpy().tobytes() == values.numpy().tobytes() for name, values in states[1].items())


def test_ctrl_c_saves_and_says_how_to_go_on(tmp_path: Path, forked: Any) -> None:
    words = ("training.steps=100000", "--workers", "1", "--out", tmp_path / "run")
    driver = forked("-m", "hubbub", "run", "ring-dialects", *SMALL, *words)
    wait_for(lambda: len(list((tmp_path / "run").glob("metrics/*"))) > 1)
    os.kill(driver.pid, signal.SIGINT)
    said, complained = driver.communicate(timeout=60)
    assert driver.returncode == 1, complained
    assert "Traceback" not in complained
    assert f"next: hubbub resume {tmp_path / 'run'}" in said
    assert open_run(tmp_path / "run").status == "stopped"
    wait_for(lambda: not family(driver.pid), 30)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--workers", "-1"), "workers: expected 0 (this process)"),
        (("--address", "auto"), "workers: expected at least 1 with an address of a Ray cluster (auto), got 0"),
        (("--workers", "1", "--address", "127.0.0.1:1"), "address: expected a Ray cluster that answers"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_left(
    tmp_path: Path, hubbub: CommandLine, words: tuple[str, ...], says: str
) -> None:
    code, _, complained = hubbub("run", "ring-dialects", *SMALL, *words, "--out", tmp_path / "run")
    assert code == 2
    assert says in complained
    assert not (tmp_path / "run").exists()
