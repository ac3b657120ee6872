"""Measures of a run are kept in it, for as long as neither the run nor the code of the measure changes."""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubbub.analysis.files import write_inside
from hubbub.analysis.measure import Measure, Null, undefined
from hubbub.analysis.run_measures.catalogue import check_names, measure, measure_run
from hubbub.simulator.errors import HubbubError, StoreError
from hubbub.simulator.sources import digest_of_sources

if TYPE_CHECKING:
    from hubbub.simulator.store import Run

KEPT = "measures.json"
"""File in a run directory; it is no part of the run, and can be removed."""


def measured(run: Run, names: Iterable[str], *, notify: Callable[[str], None]) -> dict[str, Measure]:
    """Return the measures of these names of a run, by column; `each` of a measure is left out.

    What was computed before is read from `measures.json` in the run directory, if it was computed from the same content
    of the run (`Run.fingerprint`) by the same code: the module of the measure and all that it imports, outside of
    packages of others. What is computed now is kept there, unless the run still goes on, the folder cannot be written,
    or the code has changed since hubbub was imported.

    Parameters
    ----------
    notify
        Called with one line for each measure that failed, which is then NaN with the reason, and where nothing can be
        kept.

    Raises
    ------
    ConfigurationError
        There is no measure of such a name.
    """
    chosen = check_names(names)
    kept, changed = _read(run.path, notify), False
    columns: dict[str, Measure] = {}
    for name in chosen:
        code = _code(name)
        entry = kept.get(name, {})
        if code is not None and entry.get("code") == code and entry.get("run") == run.fingerprint:
            columns |= {column: _from_json(value) for column, value in entry["values"].items()}
            continue
        try:
            made = measure_run(run, name)
        except HubbubError as error:
            notify(f"{run.path.name}: {error}")
            columns[name] = undefined(str(error), unit="1", estimator=name)
            continue
        columns |= {column: replace(value, each=()) for column, value in made.items()}
        if code is not None and run.status != "running":
            values = {column: _as_json(value) for column, value in made.items()}
            kept[name] = {"run": run.fingerprint, "code": code, "values": values}
            changed = True
    if changed:
        _write(run.path, kept, notify)
    return columns


def _read(path: Path, notify: Callable[[str], None]) -> dict[str, Any]:
    """Return what is kept in a run directory, by name of the measure; nothing where the file was changed."""
    file = path / KEPT
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        kept: dict[str, Any] = content["measures"]
        if content["sha256"] == _check_code(kept):
            return kept
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, LookupError):
        pass
    notify(f"{file}: is not as it was written; its measures are computed again")
    return {}


def _write(path: Path, kept: dict[str, Any], notify: Callable[[str], None]) -> None:
    content = {"schema_version": 1, "measures": kept, "sha256": _check_code(kept)}
    try:
        write_inside(path, KEPT, json.dumps(content, indent=1, allow_nan=False) + "\n")
    except StoreError as error:
        notify(f"measures are not kept: {error}")


def _check_code(kept: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _code(name: str) -> str | None:
    """Return the digest of the code of a measure; None where it is not in a file, or not in one as it was imported."""
    function = inspect.unwrap(measure[name])
    try:
        file = Path(inspect.getfile(function))
    except TypeError:
        return None
    return _digest(function.__module__, file) if file.is_file() else None


_digest = functools.cache(digest_of_sources)


def _as_json(value: Measure) -> dict[str, Any]:
    null = value.null
    return {
        "value": _number(value.value),
        "unit": value.unit,
        "estimator": value.estimator,
        "n": value.n,
        "null": null and {"mean": _number(null.mean), "sd": _number(null.sd), "n": null.n, "model": null.model},
        "p_value": _number(value.p_value),
        "interval": value.interval and [_number(bound) for bound in value.interval],
        "reason": value.reason,
    }


def _from_json(entry: dict[str, Any]) -> Measure:
    null, interval = entry["null"], entry["interval"]
    return Measure(
        float(entry["value"]),
        entry["unit"],
        entry["estimator"],
        entry["n"],
        null and Null(float(null["mean"]), float(null["sd"]), null["n"], null["model"]),
        float(entry["p_value"]),
        interval and (float(interval[0]), float(interval[1])),
        entry["reason"],
    )


def _number(value: float) -> float | str:
    """Return a number as JSON can hold it: text where it is not finite."""
    return float(value) if math.isfinite(value) else str(float(value))
