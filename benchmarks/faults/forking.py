"""Functions that are called in a forked process, so that nothing is imported again."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable
from typing import Any


def in_child(work: Callable[[], Any]) -> Any:
    """Return what a function returns in a forked process, as JSON; `RuntimeError` with its traceback where it fails."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        os.close(reading)
        try:
            said = json.dumps({"result": work()})
        except BaseException:
            said = json.dumps({"error": traceback.format_exc()})
        with os.fdopen(writing, "w") as pipe:
            pipe.write(said)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        content = pipe.read()
    os.waitpid(process, 0)
    said = json.loads(content or '{"error": "the process was killed"}')
    if "error" in said:
        raise RuntimeError(said["error"])
    return said["result"]


def problems_in_child(work: Callable[[], list[str]]) -> list[str]:
    """Return the problems that a function finds in a forked process; that it raises, or dies, is one."""
    try:
        return list(in_child(work))
    except RuntimeError as error:
        return [str(error).strip().splitlines()[-1]]
