"""Configurations of strangers, brought to the door."""

from __future__ import annotations

import random
from typing import Any

import yaml

from faults.mutations import STRANGE
from faults.tally import Tally
from hubbub.scenarios import library
from hubbub.scenarios.loading import load, read

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


def section_of(data: dict[str, Any], draw: random.Random, *, deeper: float) -> dict[str, Any]:
    """Return the configuration or a section of it; where there are sections, one is entered with chance `deeper`."""
    while (inner := [value for value in data.values() if isinstance(value, dict) and value]) and draw.random() < deeper:
        data = draw.choice(inner)
    return data


def odd_configuration(draw: random.Random) -> dict[str, Any]:
    """Return a scenario of ours with some of its values replaced, removed or added."""
    data: dict[str, Any] = yaml.safe_load(yaml.safe_dump(read(draw.choice(library.names()))))
    for _ in range(draw.randint(1, 3)):
        here = section_of(data, draw, deeper=0.7)
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
