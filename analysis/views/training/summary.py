"""The numbers of a report on networks in training, for programs."""

from __future__ import annotations

from hubbub.analysis.measure import Measure
from hubbub.analysis.views.training.findings import TrainingFindings


def training_summary(found: TrainingFindings) -> dict[str, object]:
    """Return the mean of every metric over the seeds of each setting, with its interval, at the last record."""
    return {
        "networks": found.n_networks,
        "diverged": found.n_diverged,
        "settings": [
            {
                "values": setting.values,
                "metrics": {name: _mean(found.over_seeds(name, setting)) for name in found.courses},
            }
            for setting in found.settings
        ],
    }


def _mean(measure: Measure) -> dict[str, object]:
    return {"mean": measure.value, "interval": measure.interval, "seeds": measure.n}
