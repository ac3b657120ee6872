"""MLflow."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping
from typing import Any

from hubbub.scenarios.tracking.catalogue import TrackedRun, Tracker, tracker

MOST_METRICS, MOST_PARAMETERS, MOST_LETTERS = 1000, 100, 6000
"""What MLflow takes in one call, and of one value."""
IDENTITY = "hubbub.run"
"""The tag by which a run is found again."""
STATUSES = {"finished": "FINISHED", "stopped": "KILLED", "failed": "FAILED"}


@tracker("mlflow")
class MLflow(Tracker):
    """A run of MLflow in an experiment, where `tracking_uri` or the settings of MLflow (MLFLOW_…) say."""

    package, extra = "mlflow", "mlflow"

    def __init__(self, *, run: TrackedRun, experiment: str = "hubbub", tracking_uri: str | None = None) -> None:
        from mlflow import MlflowClient

        self._client = MlflowClient(tracking_uri=tracking_uri)
        found = self._client.get_experiment_by_name(experiment)
        place = found.experiment_id if found else self._client.create_experiment(experiment)
        same = self._client.search_runs([place], filter_string=f"tags.`{IDENTITY}` = '{run.identity}'", max_results=1)
        if same:
            self._id = same[0].info.run_id
            self._client.update_run(self._id, status="RUNNING")
        else:
            made = self._client.create_run(place, run_name=run.name, tags={IDENTITY: run.identity})
            self._id = made.info.run_id
            self._describe(run.configuration)

    def log(self, step: int, metrics: Mapping[str, float]) -> None:
        """Send the metrics; those that are not defined at a step are left out."""
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        rows = [Metric(name, value, now, step) for name, value in metrics.items() if not math.isnan(value)]
        for first in range(0, len(rows), MOST_METRICS):
            self._client.log_batch(self._id, metrics=rows[first : first + MOST_METRICS])

    def close(self, status: str) -> None:
        """Say how the run has ended."""
        self._client.set_terminated(self._id, status=STATUSES[status])

    def _describe(self, configuration: Mapping[str, Any]) -> None:
        """Send the fields of the configuration as parameters."""
        from mlflow.entities import Param

        rows = [Param(name, value[:MOST_LETTERS]) for name, value in _fields(configuration)]
        for first in range(0, len(rows), MOST_PARAMETERS):
            self._client.log_batch(self._id, params=rows[first : first + MOST_PARAMETERS])


def _fields(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield dotted name and value of every field that has one."""
    for name, value in section.items():
        if isinstance(value, Mapping):
            yield from _fields(value, f"{prefix}{name}.")
        elif value is not None and value != []:
            yield f"{prefix}{name}", value if isinstance(value, str) else json.dumps(value)
