"""Which runs are executed together, and in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import ceil

from hubbub.scenarios.scenario import Scenario

Bundle = dict[str, Scenario]

MOST_ROWS = 32
"""Largest number of rows of a stack (agents) in a bundle; more would not fit the caches of a processor."""


def packed(todo: Mapping[str, Scenario], capacity: int) -> list[Bundle]:
    """Return the runs in bundles that are trained together, the largest first, so that no large one is left for last.

    Runs of one shape share bundles, long ones with long ones. No bundle is so large that fewer than `capacity` bundles,
    as many as can be executed at the same time, would be left.
    """
    shapes: dict[str, Bundle] = defaultdict(dict)
    for name, scenario in sorted(todo.items(), key=lambda item: item[1].length, reverse=True):
        shapes[scenario.shape or name][name] = scenario
    bundles = [bundle for alike in shapes.values() for bundle in _cut(alike, capacity)]
    return sorted(bundles, key=lambda bundle: sum(scenario.size for scenario in bundle.values()), reverse=True)


def _cut(alike: Bundle, capacity: int) -> list[Bundle]:
    """Return runs of one shape in bundles."""
    rows = {name: scenario.rows for name, scenario in alike.items()}
    most = min(MOST_ROWS, ceil(sum(rows.values()) / capacity))
    bundles: list[Bundle] = [{}]
    for name, scenario in alike.items():
        if bundles[-1] and sum(rows[other] for other in bundles[-1]) + rows[name] > most:
            bundles.append({})
        bundles[-1][name] = scenario
    return bundles
