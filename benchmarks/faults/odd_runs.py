"""Odd configurations that pass the door, run: each must end, or be refused in words, and leave a whole run."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from functools import cache, partial
from math import inf
from pathlib import Path
from typing import Any

from faults.configurations import ODD, section_of
from faults.forking import problems_in_child
from faults.tally import Tally
from hubbub.analysis.views.catalogue import view_of
from hubbub.scenarios import library, run
from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import schema
from hubbub.simulator.errors import HubbubError
from hubbub.simulator.store import open_run, verify
from hubbub.simulator.store.files import RUN_FILE

SMALL: dict[str, Any] = {
    "agent.hidden": 4,
    "agent.embedding": 2,
    "training.games_per_step": 2,
    "training.steps": 3,
    "engine.record_every": 2,
    "engine.checkpoint_every": 2,
    "recording.referents": 4,
    "others.first": 2,
    "patterns": {"kind": "random", "n_spins": 20},
    "copies.noise": [0.1],
    "copies.load": [2],
    "copies.repetitions": 1,
    "dynamics.steps": 20,
    "networks.seeds": 1,
    "task.batch": 8,
    "task.width": 8,
    "task.widths": [4],
    "task.dimension": 10,
    "task.pictures": 40,
    "task.conflicts": 12,
    "search.generations": 2,
    "search.children": 2,
    "search.screening": 1,
    "ppo.n_envs": 2,
    "ppo.horizon": 4,
    "ppo.epochs": 1,
    "ppo.minibatches": 1,
}
RING = {"kind": "ring", "n_agents": 4, "neighbours": 1}
MOST_SECONDS = 30


def odd_runs(folder: Path, n: int, *, seed: int) -> Tally:
    """Run odd configurations, each in a process of its own; those that are refused before they begin do not count."""
    draw, tally = random.Random(seed), Tally("odd configurations that were run")
    for name in library.names():  # so that each process has imported and compiled what it needs
        ran(small(name), folder / "warm" / name)
    while tally.tried < n:
        data = odd_scenario(draw)
        try:
            load(data)
        except HubbubError:
            continue
        shutil.rmtree(folder / "odd", ignore_errors=True)
        problems = problems_in_child(partial(ran, data, folder / "odd", most_seconds=MOST_SECONDS))
        if problems or (folder / "odd" / RUN_FILE).exists():
            tally.note(repr(data), problems)
    return tally


def ran(data: Mapping[str, Any], root: Path, *, most_seconds: float = inf) -> list[str]:
    """Run a configuration, and read what it has left; return what is wrong, such as too much processor time."""
    began = time.process_time()
    try:
        run(data, out=root)
    except HubbubError as error:
        return [] if len(str(error)) < 2000 else [f"a message of {len(str(error)):,} characters"]
    problems = list(verify(root).problems)
    with suppress(HubbubError):
        view_of(open_run(root)).find(open_run(root))
    taken = time.process_time() - began
    return problems + [f"{taken:.0f} s"] * (taken > most_seconds)


def odd_scenario(draw: random.Random) -> dict[str, Any]:
    """Return a small version of one of our scenarios with some other values."""
    data = small(draw.choice(library.names()))
    for _ in range(draw.randint(1, 3)):
        here = section_of(data, draw, deeper=0.8)
        name = draw.choice([*here])
        here[name] = odd_value(draw, here[name])
    return data


def odd_value(draw: random.Random, value: Any) -> Any:
    """Return another value, mostly of the same type."""
    if draw.random() < 0.1:
        return draw.choice(ODD)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return draw.choice([0, 1, 2, 3, 5, 7, value + 1, 2 * value])
    if isinstance(value, float):
        return draw.choice([0.0, 1e-12, 0.3, 1.0, 30.0, -1.0, value / 10])
    if isinstance(value, str):
        return draw.choice(words())
    return draw.choice(ODD)


@cache
def words() -> list[str]:
    """Return all words that any field may be."""
    return sorted(set(_words(schema())))


def _words(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        yield from (word for word in [*part.get("enum", ()), part.get("const")] if isinstance(word, str))
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _words(one)


@cache
def _resolved(name: str) -> dict[str, Any]:
    data = load(name).model_dump(mode="json")
    if data.get("topology"):
        data["topology"] = RING
    for path, value in SMALL.items():
        *sections, field = path.split(".")
        here = data
        for section in sections:
            here = here.get(section) or {}
        if field in here:
            here[field] = value
    try:
        return load(data).model_dump(mode="json")
    except HubbubError as error:
        raise AssertionError(f"{name}: the small version does not pass the door: {error}") from None


def small(name: str) -> dict[str, Any]:
    """Return a scenario of ours with all of its fields, of a small size where its kind has one."""
    return deepcopy(_resolved(name))
