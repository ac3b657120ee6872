"""A Ray of this machine, in programs of their own."""

from __future__ import annotations

import os
import subprocess
import sys

HERE = """
from hubbub.scenarios import run
for number in range(2):
    made = run("ring-dialects", {"training.steps": 1, "topology.n_agents": 4, "recording.referents": 2},
               out=f"{folder}/{number}", workers=1)
    print(made.status)
"""


def python(program: str, folder: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    return subprocess.run(
        [sys.executable, "-c", f"folder = {str(folder)!r}\n{program}"],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        check=False,
    )


def test_one_program_may_use_workers_twice(tmp_path: object) -> None:
    done = python(HERE, tmp_path)
    assert done.stdout.split() == ["finished", "finished"], done.stderr


def test_a_ray_that_was_imported_before_and_would_listen_to_all_is_refused(tmp_path: object) -> None:
    done = python("import ray" + HERE, tmp_path)
    assert "workers: expected Ray not to be imported before the first run with workers" in done.stderr
