"""Run by test_store_crash.py: processes that die, by SIGKILL, while they write a run; each looks at what the last left.

The parent only forks, so that torch is imported once; `points` kills before each operation on the file system in
turn, `times` kills at random moments. The exit status is 1 when a child found the run damaged.
"""

import itertools
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import safetensors.torch  # noqa: F401
import torch

from hubbub.simulator.store import Lexicon, LexiconSplit, RunWriter, check_unchanged, load_checkpoint, open_run, verify

OPERATIONS = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate")


def tensors(step: int, size: int) -> dict[str, torch.Tensor]:
    return {"w": torch.arange(size) + step}


def check(root: Path, size: int) -> int:
    """Return the step to resume from; all before it must be there, and everything there must be readable."""
    loaded = load_checkpoint(root)
    assert loaded.skipped == []
    check_unchanged(root, loaded)
    assert verify(root).problems == ()
    assert loaded.state == {"step": loaded.step}
    assert torch.equal(loaded.tensors["w"], tensors(loaded.step, size)["w"])
    run = open_run(root)
    assert all(checkpoint.is_whole() for checkpoint in run.checkpoints())
    assert run.step <= loaded.step
    steps = run.metric_rows()["step"]
    assert steps.filter(pc.less(steps, loaded.step)).to_pylist() == list(range(loaded.step))
    assert all(run.lexicon(step).step == step for step in run.lexicon_steps())
    assert len(pq.ParquetFile(root / "agents.parquet").read()) == 1
    return loaded.step


def advance(root: Path, size: int) -> None:
    """Take a run one step further, as resume does, through every kind of write."""
    with RunWriter.reopen(root) as writer:
        step = load_checkpoint(root).step
        writer.rewind(step, metrics=lambda step: True, snapshots=lambda step: True)
        writer.append_rows("metrics", step, [{"name": "loss", "value": step}])
        writer.append_rows("metrics", step + 1, [{"name": "loss", "value": step + 1}])
        split = LexiconSplit(np.array([0]), np.zeros((2, 1, 3), int), np.ones((2, 1), int), np.eye(2))
        writer.write_snapshot(Lexicon(step + 1, {"train": split}))
        writer.flush()
        writer.checkpoint(step + 1, tensors(step + 1, size), {"step": step + 1})
        writer.append_rows("metrics", step + 2, [{"name": "loss", "value": step + 2}])
        writer.flush()
        writer.set_status("stopped", step=step + 1)


def die_at(root: Path, point: int) -> None:
    """Kill this process before the operation number `point` by which it changes the file system from now on."""
    counter = itertools.count()

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        opened = event == "open" and str(arguments[0]).startswith(str(root)) and int(str(arguments[2])) & os.O_CREAT
        if (opened or event in OPERATIONS) and next(counter) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def child(work: Callable[[], None]) -> int:
    process = os.fork()
    if process == 0:
        try:
            work()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    return process


def exit_code(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def points(root: Path) -> None:
    """Die at every point, again and again, until a child comes through."""
    for point in range(300):

        def work(point: int = point) -> None:
            check(root, 100)
            die_at(root, point)
            advance(root, 100)

        code = exit_code(child(work))
        if code != -signal.SIGKILL:
            sys.exit(code if point > 30 else f"only {point} points were met")
    sys.exit("no child came through")


def times(root: Path) -> None:
    """Die at 8 random moments of steps that never end, with files large enough to be caught half-written.

    Each child takes one step in peace, so that also on a slow machine the run moves on.
    """
    random.seed(1)

    def work() -> None:
        check(root, 500_000)
        advance(root, 500_000)
        (root.parent / "ready").touch()
        while True:
            advance(root, 500_000)

    for _ in range(8):
        process = child(work)
        while (
            not (root.parent / "ready").exists()
            and os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        ):
            time.sleep(0.001)
        (root.parent / "ready").unlink(missing_ok=True)
        time.sleep(random.uniform(0.0, 0.1))
        os.kill(process, signal.SIGKILL)
        if (code := exit_code(process)) != -signal.SIGKILL:
            sys.exit(code)
    sys.exit(exit_code(child(lambda: print(check(root, 500_000), flush=True))))  # noqa: T201


def begin(root: Path, size: int) -> None:
    with RunWriter.create(root, name="", seed=0, configuration={}, versions={}) as writer:
        writer.write_table("agents.parquet", pa.table({"agent": [0], "name": ["a"]}))
        writer.append_rows("metrics", 0, [{"name": "loss", "value": 0}])
        writer.checkpoint(0, tensors(0, size), {"step": 0})


if __name__ == "__main__":
    pa.array([0])  # lets pyarrow import what it needs here and not in every child
    folder = Path(sys.argv[2])
    kind, size = {"points": (points, 100), "times": (times, 500_000)}[sys.argv[1]]
    if exit_code(child(lambda: begin(folder, size))) != 0:
        sys.exit(1)
    kind(folder)
