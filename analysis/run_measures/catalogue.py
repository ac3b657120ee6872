"""The names of measures of a run, and what such a measure is."""

from __future__ import annotations

import inspect
import math
import numbers
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hubbub.analysis.measure import Measure
from hubbub.simulator.errors import ConfigurationError, complaint, shown
from hubbub.simulator.registry import Registry

if TYPE_CHECKING:
    from hubbub.simulator.store import Run

measure = Registry("measure", package="hubbub.analysis.run_measures")
"""Decorator and catalogue of measures: functions of a `Run` that return a number, a `Measure`, or several by name.

>>> @hubbub.measure("longest_message")
... def longest_message(run):
...     return run.lexicon().splits["train"].lengths.max()

A measure is computed once for each run and kept; it draws no random numbers but those of a generator with a fixed seed.
"""


def measure_run(run: Run, name: str) -> dict[str, Measure]:
    """Return what one measure says of a run, by column: NAME, or NAME.PART where it gives several numbers.

    Raises
    ------
    ConfigurationError
        There is no such measure, a user's measure failed, or it returned something else.
    """
    parameters = list(inspect.signature(measure[name]).parameters)
    if not parameters:
        raise ConfigurationError(f"measure {name!r}: expected a function of a run, got one without parameters")
    made = measure.call(name, {parameters[0]: run})
    if isinstance(made, Mapping):
        return {f"{name}.{part}": _as_measure(value, f"{name}.{part}") for part, value in made.items()}
    return {name: _as_measure(made, name)}


def check_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return names of measures, each once; `ConfigurationError` with the nearest name for one that is not known."""
    chosen = tuple(dict.fromkeys(names))
    for name in chosen:
        if name not in measure:
            expected = f"names of measures ({', '.join(measure)})"
            raise ConfigurationError(complaint("measures", expected=expected, got=name, valid=measure))
    return chosen


def _as_measure(value: Any, name: str) -> Measure:
    if isinstance(value, Measure):
        return value
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        expected = "a number, a Measure, or several of these by name"
        raise ConfigurationError(f"measure {name!r}: expected {expected}, got {shown(value)}")
    reason = "the measure returned NaN" if math.isnan(value) else ""
    return Measure(float(value), "1", name, 1, reason=reason)
