"""Windows and macOS: a run without workers, its report and its exports need nothing that only POSIX or Linux has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
import builtins, sys, types

NO_MODULES = {
    "fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "readline", "curses", "crypt", "spwd",
    "posix", "_posixshmem", "_posixsubprocess",
}
NO_ATTRIBUTES = {
    "os": {
        "fork", "forkpty", "getuid", "geteuid", "getgid", "getegid", "getgroups", "getpgid", "getpgrp", "getsid",
        "setuid", "setgid", "setsid", "setpgid", "killpg", "wait", "wait3", "wait4", "nice", "uname", "sysconf",
        "confstr", "getloadavg", "sched_getaffinity", "sched_setaffinity", "sched_yield", "mkfifo", "mknod", "chown",
        "lchown", "fchown", "chroot", "fdatasync", "statvfs", "fstatvfs", "pathconf", "openpty", "ttyname",
        "tcgetpgrp", "ctermid", "pread", "pwrite", "posix_fadvise", "posix_fallocate", "posix_spawn", "sendfile",
        "getxattr", "setxattr", "listxattr", "memfd_create", "getpriority", "setpriority", "register_at_fork",
        "O_NOFOLLOW", "O_DIRECTORY", "O_CLOEXEC", "O_SYNC", "O_NONBLOCK", "O_TMPFILE",
    },
    "signal": {
        "SIGHUP", "SIGKILL", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCHLD", "SIGPIPE", "SIGSTOP", "SIGCONT",
        "SIGTSTP", "SIGWINCH", "alarm", "setitimer", "pause", "sigwait", "pthread_kill", "pthread_sigmask",
        "set_wakeup_fd", "siginterrupt",
    },
    "time": {"clock_gettime", "pthread_getcpuclockid", "tzset", "CLOCK_MONOTONIC", "CLOCK_THREAD_CPUTIME_ID"},
}


class Elsewhere(types.ModuleType):
    def __init__(self, real, lacking):
        super().__init__(real.__name__)
        self._real, self._lacking = real, lacking

    def __getattr__(self, name):
        if name in self._lacking:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} on this system")
        return getattr(self._real, name)


plain = builtins.__import__


def elsewhere(name, globals=None, locals=None, fromlist=(), level=0):
    if not str((globals or {}).get("__name__", "")).startswith("hubbub"):
        return plain(name, globals, locals, fromlist, level)
    if name.partition(".")[0] in NO_MODULES:
        raise ModuleNotFoundError(f"No module named {name!r} on this system")
    module = plain(name, globals, locals, fromlist, level)
    lacking = NO_ATTRIBUTES.get(name)
    return module if lacking is None else Elsewhere(module, lacking)


builtins.__import__ = elsewhere

import hubbub

options = {"agent.hidden": 8, "agent.embedding": 4, "training.games_per_step": 4, "engine.record_every": 2}
made = hubbub.run("group-size", {**options, "topology.n_agents": 3, "training.steps": 2}, out="run")
made = hubbub.resume(made.path, {"training.steps": 4})
assert (made.status, hubbub.open_run(made.path, verify=True).step) == ("finished", 4)
assert hubbub.report(made.path).exists()
assert hubbub.export(made.path, "csv")
try:
    hubbub.run("group-size", out=made.path)
except hubbub.HubbubError as error:
    assert "holds a run already" in str(error)
try:
    from hubbub.simulator.cluster import worker
except ModuleNotFoundError as error:  # what is blocked, is
    print(error)
"""


def test_a_run_and_its_report_need_nothing_that_only_posix_has(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CODE], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "No module named 'resource' on this system\n", done.stderr
