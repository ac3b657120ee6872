"""Which runs are made together, and in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import ceil

from hubbub.scenarios.scenario import Scenario

Bundle = dict[str, Scenario]

MOST_ROWS = 32
"""Rows of a stack (agents) that a bundle aims at: what a step touches should fit the caches."""


def packed(todo: Mapping[str, Scenario], places: int) -> list[Bundle]:
    """Return the runs in bundles that are trained side by side, the largest first, so that none is left for last.

    Runs of one shape share bundles, long ones with long ones, but no bundle is so large that one of the `places` where
    they are made would stand empty.
    """
    shapes: dict[str, Bundle] = defaultdict(dict)
    for name, scenario in sorted(todo.items(), key=lambda item: item[1].length, reverse=True):
        shapes[scenario.shape or name][name] = scenario
    bundles = [bundle for alike in shapes.values() for bundle in _cut(alike, places)]
    return sorted(bundles, key=lambda bundle: sum(scenario.size for scenario in bundle.values()), reverse=True)


def _cut(alike: Bundle, places: int) -> list[Bundle]:
    """Return runs of one shape in bundles."""
    rows = {name: scenario.rows for name, scenario in alike.items()}
    most = min(MOST_ROWS, ceil(sum(rows.values()) / places))
    bundles: list[Bundle] = [{}]
    for name, scenario in alike.items():
        if bundles[-1] and sum(rows[other] for other in bundles[-1]) + rows[name] > most:
            bundles.append({})
        bundles[-1][name] = scenario
    return bundles
