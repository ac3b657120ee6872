import json
from dataclasses import dataclass

import numpy as np

from hubbub.analysis.json_values import json_value
from hubbub.analysis.measure import Measure, against_null


@dataclass
class Point:
    x: float
    y: object


def test_numbers_that_json_lacks_become_none_at_any_depth() -> None:
    given = {
        1: [np.float64("nan"), np.int64(2), (np.inf, True)],
        "array": np.array([[1.5, np.nan]]),
        "point": Point(-np.inf, np.array([1, 2])),
        "text": "a",
        "nothing": None,
    }
    expected = {"1": [None, 2, [None, True]], "array": [[1.5, None]], "point": {"x": None, "y": [1, 2]}}
    assert json_value(given) == {**expected, "text": "a", "nothing": None}
    json.dumps(json_value(given), allow_nan=False)


def test_a_measure_keeps_its_null_and_the_values_of_each() -> None:
    measure = against_null(0.5, np.array([0.1, 0.2]), unit="bits", estimator="e", n=3, model="m")
    made = json_value(measure)
    assert measure.null is not None
    assert (made["null"]["n"], made["null"]["model"], made["null"]["mean"]) == (2, "m", measure.null.mean)
    assert (made["value"], made["interval"], made["p_value"]) == (0.5, None, 1 / 3)
    both = json_value(Measure(float("nan"), "1", "e", 2, interval=(0.0, np.inf), each=(measure, measure)))
    assert (both["value"], both["null"], both["interval"], both["each"]) == (None, None, [0.0, None], [0.5, 0.5])
