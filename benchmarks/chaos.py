"""Faults on purpose: edited and damaged runs, writes that fail, kills, and configurations of strangers.

    python benchmarks/chaos.py                       a few minutes; prints one table
    python benchmarks/chaos.py --times 10 --out docs/results/reliability.md

Every kind has a short version in the tests, which call the functions of this file. A failure is an error that is not
one of hubbub's, a process that takes longer than it may, other bits at the end, or damage that nobody notices.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from hubbub.analysis.export import export_run
from hubbub.analysis.report import write_report
from hubbub.analysis.views.catalogue import view_of
from hubbub.scenarios import load_system, resume, run
from hubbub.scenarios.library import names
from hubbub.scenarios.loading import load, read
from hubbub.simulator.errors import HubbubError, StoreError
from hubbub.simulator.store import load_checkpoint, open_run, verify
from hubbub.simulator.store.files import encode_json
from hubbub.simulator.store.info import encode_info
from hubbub.simulator.store.manifest import Manifest, Part

TINY: dict[str, Any] = {
    "topology": {"kind": "ring", "n_agents": 4, "neighbours": 1},
    "agent.hidden": 4,
    "agent.embedding": 2,
    "training.games_per_step": 2,
    "training.steps": 6,
    "engine.record_every": 2,
    "engine.checkpoint_every": 2,
    "recording.referents": 4,
    "rewiring": [{"every": 2, "rule": {"kind": "random-rewire", "probability": 0.9}}],
}


@dataclass
class Tally:
    """How many faults of one kind were tried, and which of them failed."""

    kind: str
    tried: int = 0
    failures: list[str] = field(default_factory=list)

    def attempt(self, what: str, verb: Callable[[], Any], *, must_fail: bool = False) -> None:
        """Call a function that may raise one of hubbub's errors only; with `must_fail` it has to."""
        self.tried += 1
        began = time.monotonic()
        try:
            verb()
        except HubbubError as error:
            if len(str(error)) > 20_000:
                self.failures.append(f"{what}: a message of {len(str(error)):,} characters")
        except Exception as error:
            self.failures.append(f"{what}: {type(error).__name__}: {str(error)[:200]}")
        else:
            if must_fail:
                self.failures.append(f"{what}: not noticed")
        if time.monotonic() - began > 60:
            self.failures.append(f"{what}: took more than a minute")


def tiny_run(path: Path) -> Path:
    """Make a small run that has every part that a population has."""
    run("karate", TINY, out=path)
    return path


# Mutations: `mutated` changes one file of a copy of a run.


def flip(path: Path, draw: random.Random) -> None:
    """Flip one bit."""
    content = bytearray(path.read_bytes() or b"\0")
    content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    path.write_bytes(content)


def cut(path: Path, draw: random.Random) -> None:
    """Cut the end off."""
    path.write_bytes(path.read_bytes()[: draw.randrange(max(path.stat().st_size, 1))])


def emptied(path: Path, draw: random.Random) -> None:
    """Leave an empty file."""
    path.write_bytes(b"")


def removed(path: Path, draw: random.Random) -> None:
    """Remove the file."""
    path.unlink()


def linked_to_itself(path: Path, draw: random.Random) -> None:
    """Put a loop of links in its place."""
    path.unlink()
    path.symlink_to(path.name)


def linked_away(path: Path, draw: random.Random) -> None:
    """Put a link out of the run in its place."""
    path.unlink()
    path.symlink_to("/etc/passwd")


def a_folder(path: Path, draw: random.Random) -> None:
    """Put a folder in its place."""
    path.unlink()
    path.mkdir()


def a_pipe(path: Path, draw: random.Random) -> None:
    """Put a named pipe in its place."""
    path.unlink()
    os.mkfifo(path)


def noise(path: Path, draw: random.Random) -> None:
    """Write random bytes."""
    path.write_bytes(draw.randbytes(200))


def another_part(path: Path, draw: random.Random) -> None:
    """Write the content of another part."""
    others = sorted(other for other in path.parent.rglob("*") if other.is_file() and other != path)
    if others:
        path.write_bytes(draw.choice(others).read_bytes())


def other_json(path: Path, draw: random.Random) -> None:
    """Write other JSON."""
    path.write_text(draw.choice(["[]", "null", "3", '"x"', "{}", '{"a": 1e999}', "[" * 5000, "{" * 5000, "9" * 6000]))


STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    1e308,
    "x",
    "",
    [],
    {},
    ["x"],
    {"kind": "x"},
    "../..",
    "a\0b",
    "é" * 300,
)


def json_edited(path: Path, draw: random.Random) -> None:
    """Replace, remove or add a value somewhere in a JSON object."""
    content = json.loads(path.read_bytes())
    here = content
    for _ in range(draw.randrange(4)):
        inner = [value for value in here.values() if isinstance(value, dict) and value]
        if inner:
            here = draw.choice(inner)
    name = draw.choice([*here, "more"])
    if draw.random() < 0.2:
        here.pop(name, None)
    else:
        here[name] = draw.choice(STRANGE)
    path.write_text(json.dumps(content))


def table_edited(path: Path, draw: random.Random) -> None:
    """Change a Parquet table as a person or another program would."""
    table = pq.read_table(path)
    place = draw.randrange(table.num_columns)
    name, n = table.column_names[place], len(table)
    changes: list[Callable[[], pa.Table]] = [
        lambda: table.set_column(place, name, pa.array(["x"] * n)),
        lambda: table.set_column(place, name, pa.nulls(n)),
        lambda: table.set_column(place, name, pa.array([float("nan")] * n)),
        lambda: table.set_column(place, name, pa.array([-5] * n)),
        lambda: table.set_column(place, name, pa.array([10**12] * n)),
        lambda: table.set_column(place, name, pa.array([[1]] * n)),
        lambda: table.set_column(place, name, pa.array([b"\xff"] * n)),
        lambda: table.drop_columns([name]),
        lambda: table.append_column(name, table[name]),
        lambda: table.append_column("more", pa.array([{"a": 1}] * n)),
        lambda: table.slice(0, n // 2),
        lambda: table.slice(0, 0),
        lambda: pa.concat_tables([table, table]),
        lambda: table.take(pa.array(list(range(n))[::-1])),
        lambda: table.rename_columns([f"{other}_" for other in table.column_names]),
    ]
    pq.write_table(draw.choice(changes)(), path)


def mutated(root: Path, file: str, draw: random.Random) -> str:
    """Change one file of a run at random, and return how."""
    path = root / file
    kinds = [flip, cut, emptied, removed, linked_to_itself, linked_away, a_folder, a_pipe, noise, another_part]
    if path.suffix == ".parquet":
        kinds += [table_edited] * 6
    if path.suffix == ".json":
        kinds += [other_json, *[json_edited] * 6]
    kind = draw.choice(kinds)
    kind(path, draw)
    return f"{file} {kind.__name__}"


def resealed(root: Path) -> None:
    """Write manifest and run file as if what is there had been written so, as a stranger could."""
    if any(not path.is_file() for path in root.rglob("*") if not path.is_dir() or path.suffix):
        return  # a pipe, a broken link, a folder in place of a file: nothing can be written anew
    try:
        manifest = Manifest.read(root)
        info = json.loads((root / "run.json").read_bytes())
        info.pop("sha256", None)
        (root / "run.json").write_bytes(encode_info(info))
        for part in list(manifest.parts.values()):
            path = root / part.name
            if path.is_file() and not path.is_symlink():
                rows = part.rows
                if path.suffix == ".parquet":
                    rows = pq.ParquetFile(path).metadata.num_rows
                about = {"rows": rows, "first": part.first, "last": part.last, "steps": part.steps}
                manifest.parts[part.name] = Part.of(part.name, path.read_bytes(), **about)
        seals = {step: manifest.digest() for step in manifest.seals}
        manifest.seals = dict(seals)
        (root / "manifest.jsonl").write_bytes(manifest.rewritten(seals))
        for folder in (root / "checkpoints").iterdir():
            seal = json.loads((folder / "seal.json").read_bytes())
            seal = {**seal, "parts": manifest.digest(), "seed": info["seed"], "configuration": info["configuration"]}
            (folder / "seal.json").write_text(json.dumps(seal))
            about = json.loads((folder / "manifest.json").read_bytes())
            for name in about["files"]:
                entry = Part.of(name, (folder / name).read_bytes())
                about["files"][name] = {"sha256": entry.sha256, "bytes": entry.size_bytes}
            (folder / "manifest.json").write_bytes(encode_json(about))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, StoreError):
        return  # it stays as it is


def verbs(root: Path) -> dict[str, Callable[[], Any]]:
    """Return what reads a run, by name; `report` measures without drawing."""
    opened: Callable[[], Any] = lambda: open_run(root)  # noqa: E731
    return {
        "verify": lambda: open_run(root, verify=True),
        "report": lambda: view_of(opened()).find(opened()),
        "export": lambda: export_run(root, "csv", out=root.parent / "exported"),
        "load_system": lambda: load_system(root),
        "resume": lambda: resume(root, {"training.steps": 8}),
    }


def files_of(root: Path) -> list[str]:
    """Return the files of a run that a verb may read."""
    files = (path.relative_to(root).as_posix() for path in sorted(root.rglob("*")) if path.is_file())
    return [file for file in files if file != ".lock"]


def mutations(whole: Path, folder: Path, n: int, *, seed: int, as_stranger: bool, only: tuple[str, ...] = ()) -> Tally:
    """Change random files of copies of a run, and use every verb on each copy."""
    draw, tally = random.Random(seed), Tally("edited runs, sealed again" if as_stranger else "damaged runs")
    files = files_of(whole)
    for number in range(n):
        root = folder / f"copy-{number}"
        file = files[number % len(files)]
        for name in only or ("verify", "report", "export", "load_system", "resume"):
            shutil.copytree(whole, root)
            state = draw.getstate()
            what = mutated(root, file, draw)
            if as_stranger:
                resealed(root)
            same = not as_stranger and _same(whole, root, file)
            tally.attempt(
                f"{name} of {what}", verbs(root)[name], must_fail=name == "verify" and not as_stranger and not same
            )
            shutil.rmtree(root)
            draw.setstate(state)
        draw.random()
        draw.seed(f"{seed}-{number}")
    return tally


def _same(whole: Path, root: Path, file: str) -> bool:
    path = root / file
    return path.is_file() and path.read_bytes() == (whole / file).read_bytes()


# Faults of the file system.


class FaultyDisk:
    """Fails one operation that changes the file system below a folder: the one of number `at`."""

    EVENTS = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate")

    def __init__(self) -> None:
        self.root, self.at, self.count, self.number = "", -1, 0, errno.ENOSPC
        self._fsync = os.fsync
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.at < 0:
            return
        opened = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_CREAT | os.O_WRONLY)
        if (opened or event in self.EVENTS) and str(arguments[0]).startswith(self.root):
            self._count()

    def _count(self) -> None:
        self.count += 1
        if self.count - 1 == self.at:
            raise OSError(self.number, os.strerror(self.number))

    def _failing_fsync(self, descriptor: int) -> None:
        self._count()
        self._fsync(descriptor)

    @contextmanager
    def failing(self, root: Path, at: int, number: int) -> Iterator[None]:
        """Fail operation number `at` below `root` with this error number, inside the block."""
        self.root, self.at, self.count, self.number = str(root), at, 0, number
        os.fsync = self._failing_fsync  # type: ignore[assignment]
        try:
            yield
        finally:
            self.at = -1
            os.fsync = self._fsync


WRITING: dict[str, Callable[[Path], Any]] = {
    "run": lambda root: run("karate", TINY, out=root),
    "resume": lambda root: resume(root, {"training.steps": 8}),
    "report": lambda root: write_report(root),
    "export": lambda root: export_run(root, "csv"),
}


def write_failures(
    disk: FaultyDisk, whole: Path, folder: Path, *, verb: str, at: Iterator[int] | range, number: int = errno.ENOSPC
) -> Tally:
    """Fail one operation after the other of a verb; the run must be whole each time, and end with the same bits."""
    tally = Tally(f"writes that fail, {verb}")
    for point in at:
        root = folder / "run"
        shutil.rmtree(root, ignore_errors=True)
        if verb != "run":
            shutil.copytree(whole, root)
        with disk.failing(folder, point, number):
            tally.attempt(f"{verb}, operation {point}", partial(WRITING[verb], root))
            met = disk.count > point
        if not met:
            tally.tried -= 1
            return tally
        _check_whole(tally, f"{verb}, operation {point}", whole, root, verb)
    return tally


def _check_whole(tally: Tally, what: str, whole: Path, root: Path, verb: str) -> None:
    left = [path for path in root.rglob("*") if path.name.endswith(".tmp")] if verb in ("report", "export") else []
    if left:
        tally.failures.append(f"{what}: {left[0]} was left")
    if not (root / "run.json").exists():
        return
    try:
        if problems := verify(root).problems:
            tally.failures.append(f"{what}: {problems[0]}")
        if not list((root / "checkpoints").glob("step-*/")):
            run("karate", TINY, out=root)
        resume(root, {"training.steps": 8})
        if not _ends_as(whole, root):
            tally.failures.append(f"{what}: other rows or bits at the end")
    except Exception as error:
        tally.failures.append(f"{what}: afterwards {type(error).__name__}: {str(error)[:200]}")


ENDS: dict[Path, Any] = {}


def _ends_as(whole: Path, root: Path) -> bool:
    """Whether a run that was continued to step 8 has the rows and the state of one that was not disturbed."""
    if whole not in ENDS:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(whole, Path(folder) / "run")
            resume(Path(folder) / "run", {"training.steps": 8})
            ENDS[whole] = _end(Path(folder) / "run")
    one, other = ENDS[whole], _end(root)
    same = all(one[name].equals(other[name]) for name in ("metrics", "events"))
    return same and one["steps"] == other["steps"] and one["state"] == other["state"]


def _end(root: Path) -> dict[str, Any]:
    ended, checkpoint = open_run(root, verify=True), load_checkpoint(root)
    tensors = {name: tensor.numpy().tobytes() for name, tensor in checkpoint.tensors.items()}
    return {
        "metrics": ended.metric_rows(),
        "events": ended.events(),
        "steps": ended.lexicon_steps(),
        "state": (checkpoint.step, checkpoint.state, tensors),
    }


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
            resume(root, {"training.steps": 8})
            if not _ends_as(whole, root):
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
        resume(root, {"training.steps": 8})
    except BaseException:
        os._exit(1)
    os._exit(0)


# Configurations.

ODD: tuple[Any, ...] = (
    *STRANGE,
    0,
    1,
    2,
    3,
    0.5,
    -0.5,
    float("nan"),
    float("inf"),
    "karate",
    "1e3",
    "true",
    [1, 2],
    [[]],
    {"a": {"b": 1}},
    b"x",
    (1,),
)


def odd_configuration(draw: random.Random) -> dict[str, Any]:
    """Return a scenario of ours with some of its values replaced, removed or added."""
    data: dict[str, Any] = yaml.safe_load(yaml.safe_dump(read(draw.choice(names()))))
    for _ in range(draw.randint(1, 3)):
        here = data
        while (
            inner := [value for value in here.values() if isinstance(value, dict) and value]
        ) and draw.random() < 0.7:
            here = draw.choice(inner)
        name = draw.choice([*here, "kind", "more", "steps"])
        if draw.random() < 0.15:
            here.pop(name, None)
        else:
            here[name] = draw.choice(ODD)
    return data


def configurations(n: int, *, seed: int) -> Tally:
    """Bring configurations of strangers to the door."""
    draw, tally = random.Random(seed), Tally("configurations through the door")
    for _ in range(n):
        data = odd_configuration(draw)
        data.pop("modules", None)
        tally.attempt(repr(data)[:300], lambda data=data: load(data))  # type: ignore[misc]
    return tally


def table(tallies: list[Tally]) -> list[str]:
    """Return the lines of the table."""
    rows = [f"| {tally.kind} | {tally.tried:,} | {len(tally.failures)} |" for tally in tallies]
    return ["| what | tried | failures |", "| --- | ---: | ---: |", *rows]


def main() -> None:
    """Try all kinds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=float, default=1.0, help="how many times as many of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="write the table into this page, below its line of dashes")
    given = parser.parse_args()
    began, tallies, disk = time.monotonic(), [], FaultyDisk()

    def many(n: int) -> int:
        return max(1, round(n * given.times))

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        whole = tiny_run(folder / "whole")
        plans: list[Callable[[], Tally]] = [
            *(
                lambda verb=verb: write_failures(
                    disk, whole, folder, verb=verb, at=range(0, 400, max(1, round(20 / given.times)))
                )  # type: ignore[misc]
                for verb in ("run", "resume", "report", "export")
            ),
            lambda: kills(whole, folder, many(30), seed=given.seed),
            lambda: mutations(whole, folder, many(60), seed=given.seed, as_stranger=False),
            lambda: mutations(whole, folder, many(60), seed=given.seed, as_stranger=True),
            lambda: configurations(many(1000), seed=given.seed),
        ]
        for plan in plans:
            tally = plan()
            tallies.append(tally)
            print(f"{tally.kind}: {tally.tried} tried, {len(tally.failures)} failures", flush=True)
            for failure in tally.failures[:20]:
                print(f"    {failure}", flush=True)
            if given.out:
                head = given.out.read_text().partition("\n---\n")[0]
                given.out.write_text(f"{head}\n---\n\n" + "\n".join(table(tallies)) + "\n")
    print("\n".join(table(tallies)), f"\n{time.monotonic() - began:.0f} s")
    sys.exit(any(tally.failures for tally in tallies))


if __name__ == "__main__":
    main()
