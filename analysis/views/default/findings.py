"""The metrics of a run of any kind of system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

    from hubbub.simulator.store import Run


@dataclass(frozen=True)
class Course:
    """One metric over the steps, of one split where it has several.

    A metric may have many rows in a step, such as one for each agent. Values that are not finite are left out.

    Attributes
    ----------
    name, split
        Name of the metric, and of the split of referents, "" where it has none.
    steps, rows
        Steps with a record `[T]`, and the number of rows in each `[T]`.
    mean, lowest, highest
        Over the rows of each step `[T]`; NaN where no value is finite.
    """

    name: str
    split: str
    steps: NDArray[np.int64]
    rows: NDArray[np.int64]
    mean: NDArray[np.float64]
    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]


@dataclass(frozen=True)
class MetricFindings:
    """A run and its metrics, in the order in which they were first recorded."""

    run: Run
    courses: list[Course]


def find_metrics(run: Run) -> MetricFindings:
    """Return the course of every metric of a run."""
    import pyarrow as pa
    import pyarrow.compute as pc

    metrics = run.metric_rows()
    value = metrics["value"]
    table = pa.table(
        {
            "name": metrics["name"],
            "split": pc.fill_null(metrics["split"], ""),
            "step": metrics["step"],
            "value": pc.if_else(pc.is_finite(value), value, pa.scalar(None, pa.float64())),
        }
    )
    over_rows = [("value", "mean"), ("value", "min"), ("value", "max"), ([], "count_all")]
    grouped = table.group_by(["name", "split", "step"], use_threads=False).aggregate(over_rows).sort_by("step")
    named = pa.TableGroupBy(table, ["name", "split"], use_threads=False).aggregate([]).to_pylist()
    return MetricFindings(run, [_course(grouped, row["name"], row["split"]) for row in named])


def _course(grouped: pa.Table, name: str, split: str) -> Course:
    import pyarrow.compute as pc

    rows = grouped.filter(pc.and_(pc.equal(grouped["name"], name), pc.equal(grouped["split"], split)))
    mean, lowest, highest = (pc.fill_null(rows[f"value_{what}"], np.nan).to_numpy() for what in ("mean", "min", "max"))
    return Course(name, split, rows["step"].to_numpy(), rows["count_all"].to_numpy(), mean, lowest, highest)
