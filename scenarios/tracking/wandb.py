"""Weights & Biases."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from hubbub.scenarios.tracking.catalogue import TrackedRun, Tracker, tracker


@tracker("wandb")
class WeightsAndBiases(Tracker):
    """A run of Weights & Biases, online or in files that `wandb sync` sends later; its variables (WANDB_…) count."""

    package, extra = "wandb", "wandb"

    def __init__(
        self,
        *,
        run: TrackedRun,
        project: str = "hubbub",
        entity: str | None = None,
        group: str | None = None,
        mode: Literal["online", "offline", "disabled"] | None = None,
    ) -> None:
        import wandb

        self._run = wandb.init(
            project=project,
            entity=entity,
            group=group,
            name=run.name,
            id=run.identity,
            config=dict(run.configuration),
            mode=mode,
            resume="allow",
            reinit="create_new",
            settings=wandb.Settings(silent=True, console="off"),
        )

    def log(self, step: int, metrics: Mapping[str, float]) -> None:
        """Send the metrics; those that are not defined at a step are left out."""
        self._run.log({name: value for name, value in metrics.items() if not math.isnan(value)}, step=step)

    def close(self, status: str) -> None:
        """Send the rest; a run that was stopped is not a failed one."""
        self._run.finish(exit_code=int(status == "failed"))
