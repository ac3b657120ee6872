"""Values as JSON can hold them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from hubbub.analysis.measure import Measure


def json_value(value: Any) -> Any:
    """Return a value with what JSON lacks replaced: numbers that are not finite become None.

    It may hold mappings, sequences, numpy arrays and numbers, measures and other dataclasses.
    """
    match value:
        case Mapping():
            return {str(key): json_value(item) for key, item in value.items()}
        case list() | tuple() | np.ndarray():
            return [json_value(item) for item in value]
        case Measure():
            null = value.null
            return {
                "value": json_value(value.value),
                "unit": value.unit,
                "estimator": value.estimator,
                "n": value.n,
                "null": null and {"mean": null.mean, "sd": json_value(null.sd), "n": null.n, "model": null.model},
                "p_value": json_value(value.p_value),
                "interval": value.interval and [json_value(bound) for bound in value.interval],
                "reason": value.reason,
                "each": [json_value(measure.value) for measure in value.each],
            }
        case np.generic():
            return json_value(value.item())
        case float() if not math.isfinite(value):
            return None
    if is_dataclass(value):
        return {field.name: json_value(getattr(value, field.name)) for field in fields(value)}
    return value
