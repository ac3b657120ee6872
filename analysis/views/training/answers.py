"""What came out of networks in training, in a few sentences."""

from __future__ import annotations

import math

from hubbub.analysis.measure import Measure
from hubbub.analysis.page.numbers import significant
from hubbub.analysis.views.training.findings import TrainingFindings

TOLD_FIRST = ("return", "accuracy", "success", "error", "loss")
"""Words in the names of metrics that say what training is for, in this order."""
MOST_TOLD = 3


def answers(found: TrainingFindings) -> list[str]:
    """Return a sentence for each of the leading metrics: how it changed, or between which settings it differs."""
    return [
        _over_training(found, name) if len(found.settings) == 1 else _between_settings(found, name)
        for name in leading(list(found.courses))
    ]


def leading(names: list[str]) -> list[str]:
    """Return the metrics that are told first: those named for what training is for, else the first recorded ones."""
    named = [
        next((name for name in names if name.split("_")[0] == word or name.endswith(f"_{word}")), "")
        for word in TOLD_FIRST
    ]
    return ([name for name in dict.fromkeys(named) if name] or names)[:MOST_TOLD]


def _over_training(found: TrainingFindings, name: str) -> str:
    steps, _ = found.courses[name]
    [setting] = found.settings
    last = found.over_seeds(name, setting)
    at = f"{_word(name)} is {_shown(last)} at step {steps[-1]:,}"
    if len(steps) == 1:
        return f"{at}."
    return f"{at}; it was {_shown(found.over_seeds(name, setting, record=0))} at step {steps[0]:,}."


def _between_settings(found: TrainingFindings, name: str) -> str:
    steps, _ = found.courses[name]
    last = [(found.over_seeds(name, setting), setting) for setting in found.settings]
    known = sorted((one for one in last if math.isfinite(one[0].value)), key=lambda one: one[0].value)
    if not known:
        return f"{_word(name)} has no finite value at step {steps[-1]:,}."
    (low, lowest), (high, highest) = known[0], known[-1]
    if low.value == high.value:
        return f"{_word(name)} is {_shown(high)} in all settings at step {steps[-1]:,}."
    return (
        f"{_word(name)} at step {steps[-1]:,} is highest with {highest.label}, {_shown(high)}, and lowest with "
        f"{lowest.label}, {_shown(low)}{_apart(low, high)}."
    )


def _apart(low: Measure, high: Measure) -> str:
    """Say whether two intervals overlap; "" where there is none."""
    if low.interval is None or high.interval is None:
        return ""
    return "; the intervals do not overlap" if low.interval[1] < high.interval[0] else "; the intervals overlap"


def _shown(measure: Measure) -> str:
    if measure.interval is None:
        return significant(measure.value, digits=3)
    low, high = (significant(bound, digits=3) for bound in measure.interval)
    return f"{significant(measure.value, digits=3)} (95 % interval {low} to {high})"


def _word(name: str) -> str:
    return name.replace("_", " ").capitalize()
