"""The figures of the reproduction `layer-information`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.layers import Emergence
from hubbub.scenarios.reproductions.catalogue import Figures
from hubbub.scenarios.reproductions.layer_information.pairs import DRAWN, ESTIMATORS, Information
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Table

BANDS = "Bands: 95 % intervals over seeds."


def figures(table: Table, _: MadeRuns, *, data: Emergence) -> Figures:
    """Draw E over blocks, shots and training; `data` is what whole sequences say by themselves."""
    blocks, shots, steps = (table.levels(name) for name in ("block", "shots", "step"))
    of = Information(table, shots=max(shots))
    moments: dict[str, dict[str, Any]] = {"before training": {"step": 0}, "after training": {"last": True}}

    def lines(over: str, settings: Sequence[float], where: Mapping[str, Any]) -> dict[str, Varied]:
        return {
            ESTIMATORS[name]: Varied(settings, [of.emergence(name, **{**where, over: each}) for each in settings])
            for name in DRAWN
        }

    of_blocks = {moment: lines("block", blocks, where) for moment, where in moments.items()}
    of_shots = {moment: lines("shots", shots, where) for moment, where in moments.items()}
    training = {
        "E, mean over blocks, bits": lines("step", steps, {}),
        "learnt": {
            said: Varied(steps, [of.mean(name, step=step) for step in steps])
            for name, said in (("accuracy", "accuracy"), ("repeats", "given to entities already shown"))
        },
    }
    alone = f"the data alone have {data.value:.2f} bits"
    return {
        "layers": (
            interval_curves(of_blocks, along="block", limits=(0.0, _ceiling(of_blocks))),
            f"Information emergence E in bits across blocks, by estimator; {alone}. {BANDS}",
        ),
        "shots": (
            interval_curves(of_shots, along="shots", limits=(0.0, _ceiling(of_shots))),
            "The same over the number of shots, mean over blocks; with the finest cells it is that of the data. "
            f"{BANDS}",
        ),
        "training": (
            interval_curves(training, along="training step", limits=None),
            f"E over training beside what is learnt; {alone}. {BANDS}",
        ),
    }


def _ceiling(panels: Mapping[str, Mapping[str, Varied]]) -> float:
    """Return a little more than what is seen, one for all panels."""
    tops = [
        (measure.interval or (0.0, measure.value))[1]
        for lines in panels.values()
        for varied in lines.values()
        for measure in varied.measures
    ]
    return 1.05 * float(np.nanmax(tops))
