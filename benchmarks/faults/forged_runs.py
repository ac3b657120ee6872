"""Every verb on runs of which one table is forged and sealed: one message, within seconds, in little memory."""

from __future__ import annotations

import os
import resource
import shutil
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq

from faults.edited_runs import verbs
from faults.forged_tables import forgeries
from faults.forking import problems_in_child
from faults.stranger import resealed
from faults.tally import Tally
from hubbub.simulator.errors import HubbubError

MOST_SECONDS, MOST_BYTES = 5.0, 2**30
GUARD_BYTES = 6 * 2**30
"""A process that takes more than this gets a MemoryError, so that the machine does not suffer."""


VERBS = ("open_run", "verify", "report", "export", "load_system", "resume")


def all_forgeries(whole: Path) -> list[tuple[str, str]]:
    """Return every table of a run with every way to forge it."""
    tables = sorted(path.relative_to(whole).as_posix() for path in whole.rglob("*.parquet"))
    return [(file, name) for file in tables for name in forgeries(pq.ParquetFile(whole / file).metadata.num_columns)]


def forged_runs(whole: Path, folder: Path, chosen: Iterable[tuple[str, str]], *, only: Iterable[str] = VERBS) -> Tally:
    """Forge tables of copies of a run, given as file and way, and use every verb on each in a process of its own."""
    tally = Tally("forged tables")
    for file, name in chosen:
        root, table = folder / "forged", pq.read_table(whole / file)
        forged = forgeries(table.num_columns)[name](table)
        for verb in only:
            shutil.rmtree(root, ignore_errors=True)
            shutil.copytree(whole, root)
            (root / file).write_bytes(forged)
            resealed(root)
            tally.note(f"{verb} of {file}, {name}", problems_in_child(partial(measured, verbs(root)[verb])))
    return tally


def measured(verb: Callable[[], Any]) -> list[str]:
    """Call a function, and return what was wrong: an error that is not a message of ours, too much time or memory."""
    before = psutil.Process().memory_info()
    resource.setrlimit(resource.RLIMIT_AS, (before.vms + GUARD_BYTES, resource.RLIM_INFINITY))
    Path("/proc/self/clear_refs").write_text("5")  # the peak of memory is counted from here
    began, problems = time.process_time(), []
    try:
        verb()
    except HubbubError as error:
        if len(str(error)) > 2000:
            problems.append(f"a message of {len(str(error)):,} characters")
    except BaseException as error:
        problems.append(f"{type(error).__name__}: {str(error)[:200]}")
    seconds, taken = time.process_time() - began, peak_bytes() - before.rss
    if seconds > MOST_SECONDS:
        problems.append(f"{seconds:.1f} s")
    if taken > MOST_BYTES:
        problems.append(f"{taken / 2**30:.1f} GiB")
    return problems


def peak_bytes() -> int:
    """Return the most memory that this process has had."""
    lines = Path(f"/proc/{os.getpid()}/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024
