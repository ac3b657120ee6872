"""What a reader of a record may be told: which columns mean what, the unit of time, the bins."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from hubbub.analysis.temporal.activity import UNITS
from hubbub.simulator.errors import ConfigurationError, complaint

KINDS = ("events", "raster", "counts")
USUAL = {
    "time": "time times t timestamp timestamps spike_time spike_times spiketime onset step steps frame",
    "channel": "channel channels ch electrode electrodes unit units unit_id neuron neuron_id neurons cell id sender "
    "senders cluster cluster_id spike_cluster spike_clusters i",
    "count": "activity count counts n_spikes n_events rate",
}
"""Names of columns and arrays that are understood."""
OF_A_RECORD = (
    "copy", "trial", "trial_id", "session", "repetition", "run", "replicate", "subject", "network", "seed", "episode",
    "segment",
)  # fmt: skip
"""Columns whose values tell several records in one table apart."""
WORDS = {
    "milliseconds": "ms",
    "msec": "ms",
    "microseconds": "us",
    "µs": "us",
    "seconds": "s",
    "sec": "s",
    "steps": "step",
    "frames": "step",
    "frame": "step",
}
OF_UNIT = re.compile(rf"[ _(\[]*({'|'.join([*WORDS, 'ms', 'us', 's', 'step'])})[)\]]*$", re.IGNORECASE)


@dataclass(frozen=True)
class RecordOptions:
    """Options of `read_record`; see there."""

    kind: str = ""
    time: str = ""
    channel: str = ""
    count: str = ""
    array: str = ""
    where: str = ""
    unit: str = ""
    bin: str | float = ""
    start: float | None = None
    stop: float | None = None
    step: float | None = None
    time_axis: int | None = None
    threshold: float | None = None
    counted: str = "events"

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> RecordOptions:
        """Return the options with these names and values, which may be texts of a command line.

        Raises
        ------
        ConfigurationError
            An unknown name or kind, or a value that is not a number.
        """
        known = {one.name: str(one.type) for one in fields(cls)}
        made: dict[str, Any] = {}
        for name, value in given.items():
            if name not in known:
                raise ConfigurationError(
                    complaint("option", expected=f"one of {', '.join(known)}", got=name, valid=known)
                )
            if value is None or ("float" not in known[name] and "int" not in known[name]):
                made[name] = value if value is None else str(value)
            elif name == "bin":
                made[name] = value
            elif name == "time_axis":
                made[name] = _number(name, value, whole=True)
            else:
                made[name] = _number(name, value)
        if made.get("kind") and made["kind"] not in KINDS:
            raise ConfigurationError(
                complaint("kind", expected=f"one of {', '.join(KINDS)}", got=made["kind"], valid=KINDS)
            )
        if made.get("unit") and made["unit"] not in UNITS:
            raise ConfigurationError(
                complaint("unit", expected=f"one of {', '.join(UNITS)}", got=made["unit"], valid=UNITS)
            )
        return cls(**made)


def columns_of(names: Iterable[str], options: RecordOptions) -> dict[str, str]:
    """Return the columns of time, channel and count that a table, or a file of arrays, has.

    Raises
    ------
    ConfigurationError
        A column that an option names is not there.
    """
    known = list(names)
    folded = {bare_name(name): name for name in reversed(known)}
    found: dict[str, str] = {}
    for role, usual in USUAL.items():
        given = getattr(options, role)
        if given and given not in known:
            raise ConfigurationError(complaint(role, expected=f"one of {', '.join(known)}", got=given, valid=known))
        name = given or next((folded[one] for one in usual.split() if one in folded), "")
        if name and name not in found.values():
            found[role] = name
    return found


def bare_name(name: str) -> str:
    """Return the name of a column in small letters, without a unit at its end: "Time (ms)" is "time"."""
    bare = name.strip().lower().replace(" ", "_")
    without = OF_UNIT.sub("", bare)
    return without if without else bare


def unit_of(name: str) -> str:
    """Return the unit at the end of a column's name, "ms" of "t_ms" and "step" of "step"; "" where there is none."""
    bare = name.strip().lower()
    found = OF_UNIT.search(bare)
    if not found:
        return ""
    unit = WORDS.get(found.group(1), found.group(1))
    if found.start() == 0:
        return unit if unit == "step" else ""
    is_plural = unit == "s" and found.group(0) == "s"  # "times"
    return "" if is_plural else unit


def length_of_bin(given: str | float, unit: str) -> float:
    """Return the length of a bin in a unit; a text may name another unit, "4ms".

    Raises
    ------
    ConfigurationError
        No length above 0, or a unit that cannot be converted.
    """
    text = str(given).strip()
    found = re.fullmatch(r"([-+.\deE]+)\s*(ms|us|µs|s|step|steps)?", text)
    try:
        value = float(found.group(1)) if found else math.nan
    except ValueError:
        value = math.nan
    own = WORDS.get(found.group(2), found.group(2)) if found and found.group(2) else unit
    if own != unit and "step" in (own, unit):
        raise ConfigurationError(complaint("bin", expected=f"a length in {unit}", got=given))
    if own != unit:
        value *= UNITS[own] / UNITS[unit]
    if not 0 < value < math.inf:
        raise ConfigurationError(complaint("bin", expected="a length above 0, such as 4ms", got=given))
    return value


def _number(name: str, value: Any, *, whole: bool = False) -> Any:
    try:
        number = float(str(value))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or (whole and number % 1):
        raise ConfigurationError(complaint(name, expected="a whole number" if whole else "a number", got=value))
    return int(number) if whole else number
