"""Processes that are killed while they continue a run."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from faults.faulty_disk import FaultyDisk
from faults.tally import Tally
from faults.tiny_run import LONGER, ends_as
from hubbub.scenarios import resume
from hubbub.simulator.errors import HubbubError
from hubbub.simulator.store import verify


def kills(whole: Path, folder: Path, n: int, *, seed: int) -> Tally:
    """Kill processes that continue a run, each at a random operation on the file system; the run must end as ever."""
    draw, tally = random.Random(seed), Tally("kills that hit")
    while tally.tried < n:
        root = folder / "killed"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(whole, root)
        for _ in range(3):
            if os.waitstatus_to_exitcode(_killed(root, draw.randrange(160))) == -signal.SIGKILL:
                tally.tried += 1
                if problems := verify(root).problems:
                    tally.failures.append(problems[0])
        try:
            resume(root, LONGER)
            if not ends_as(whole, root):
                tally.failures.append("other rows or bits at the end")
        except HubbubError as error:
            tally.failures.append(str(error))
    return tally


def _killed(root: Path, point: int) -> int:
    """Continue a run in a process that kills itself before its operation number `point`; return how it ended."""
    process = os.fork()
    if process:
        return os.waitpid(process, 0)[1]
    left = [point]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        opened = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
        if (opened or event in FaultyDisk.EVENTS) and str(arguments[0]).startswith(str(root)):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    try:
        resume(root, LONGER)
    except BaseException:
        os._exit(1)
    os._exit(0)
