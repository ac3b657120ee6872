"""Python programs of their own that need not import torch again: forked from a process that has imported hubbub only.

`Forked` is used as `subprocess.Popen` is. Loaded by path, since tests are no package.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


class Forked:
    """A program that runs: `-m MODULE WORDS …` or `FILE WORDS …`, as after `python`.

    Standard output and error are pipes, of text, unless `stdout` is a file that is open.
    """

    def __init__(self, *words: str | Path, cwd: Path | None = None, stdout: Any = None) -> None:
        from hubbub.scenarios.studies.fresh_processes import fresh_processes

        context = fresh_processes()
        (out, to_out), (err, to_err) = os.pipe(), os.pipe()
        self.stdout, self.stderr = os.fdopen(out), os.fdopen(err)
        writing = Connection(to_out, readable=False), Connection(to_err, readable=False)
        if stdout is not None:
            os.dup2(stdout.fileno(), to_out)
        given = {"GIVEN": ([str(word) for word in words], str(cwd or Path.cwd()), *writing)}
        self._process = context.Process(target=runpy.run_path, args=(__file__, given, "__forked__"))
        self._process.start()
        for connection in writing:
            connection.close()

    @property
    def pid(self) -> int:
        """Number of the process; its session has the same."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.exitcode

    def communicate(self, timeout: float = 120) -> tuple[str, str]:
        """Wait for its end and return what it wrote since; it is killed after `timeout` seconds."""
        timer = threading.Timer(timeout, self._process.kill)
        timer.start()
        with ThreadPoolExecutor(2) as pool, self.stdout, self.stderr:
            said, complained = pool.map(lambda pipe: pipe.read(), (self.stdout, self.stderr))
        self._process.join()
        timer.cancel()
        return said, complained

    def kill(self) -> None:
        """Kill it, and wait for its end, whoever else still holds its pipes."""
        self._process.kill()
        self._process.join()
        self.stdout.close()
        self.stderr.close()

    def __enter__(self) -> Forked:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def become(words: list[str], cwd: str, out: Connection, err: Connection) -> None:
    """Be the program, with the signals, the streams and the session of a new one."""
    os.setsid()
    os.chdir(cwd)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    for stream, connection in ((1, out), (2, err)):
        os.dup2(connection.fileno(), stream)
        connection.close()
    module = words[1] if words[0] == "-m" else None
    sys.argv = words[1:] if module else words
    sys.path.insert(0, cwd if module else str(Path(words[0]).parent))
    if module:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(words[0], run_name="__main__")


if __name__ == "__forked__":
    become(*globals()["GIVEN"])
