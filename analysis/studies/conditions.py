"""The conditions of a study: runs that differ only in their seed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hubbub.analysis.studies.study import StudyResult
from hubbub.analysis.studies.words import setting_of, short_names, value_text


@dataclass(frozen=True)
class Condition:
    """One setting of the fields that vary.

    Attributes
    ----------
    label
        The setting in a few words.
    settings
        Dotted path of each field that varies → its value.
    runs, seeds
        Names and seeds of its S runs that finished `[S]`, by seed.
    unfinished
        Names of its other runs.
    """

    label: str
    settings: Mapping[str, Any]
    runs: tuple[str, ...]
    seeds: tuple[int, ...]
    unfinished: tuple[str, ...]


def conditions_of(study: StudyResult) -> tuple[Condition, ...]:
    """Return the conditions of a study, in the order of its table."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in study.rows:
        groups.setdefault(json.dumps([row[path] for path in study.varying], default=str), []).append(row)
    names = short_names(study.varying)
    return tuple(_condition(rows, names) for rows in groups.values())


def _condition(rows: list[dict[str, Any]], names: Mapping[str, str]) -> Condition:
    made = sorted((row for row in rows if row["status"] == "finished"), key=lambda row: row["seed"])
    settings = {path: setting_of(rows[0][path]) for path in names}
    return Condition(
        ", ".join(f"{names[path]} {value_text(value)}" for path, value in settings.items()) or "all runs",
        settings,
        tuple(row["run"] for row in made),
        tuple(row["seed"] for row in made),
        tuple(row["run"] for row in rows if row["status"] != "finished"),
    )
