"""Random changes of one file of a run: by damage, by hand, or by another program."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

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
