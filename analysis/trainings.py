"""The networks of a run in training: settings of each, and metrics over the steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.measure import Measure, over_seeds
from hubbub.simulator.errors import StoreError, complaint

if TYPE_CHECKING:
    import pyarrow as pa

    from hubbub.simulator.store import Run

OF_EACH_NETWORK = ("network", "seed")


@dataclass(frozen=True)
class Setting:
    """Networks that differ only in their seed.

    Attributes
    ----------
    values
        Values that differ between the settings of the run, by name; empty where there is only one setting.
    networks
        Numbers of the networks.
    """

    values: Mapping[str, Any]
    networks: tuple[int, ...]

    @property
    def label(self) -> str:
        """The values in one line."""
        return ", ".join(f"{name} {shown(value)}" for name, value in self.values.items())


def shown(value: Any) -> str:
    """Return a value of a setting as text."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def network_table(run: Run) -> pa.Table:
    """Return the settings of the S networks: network, seed, learning_rate, pruning, alpha, settings of the task."""
    return run.table("networks.parquet")


def network_settings(run: Run) -> list[Setting]:
    """Return the settings of a run, each with its networks, in the order of the networks."""
    rows = network_table(run).to_pylist()
    varied = [name for name in rows[0] if name not in OF_EACH_NETWORK and len({row[name] for row in rows}) > 1]
    groups: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in varied), []).append(row["network"])
    return [Setting(dict(zip(varied, values, strict=True)), tuple(of)) for values, of in groups.items()]


def network_metric_names(run: Run) -> list[str]:
    """Return the names of the metrics of single networks, in the order of their first record."""
    import pyarrow.compute as pc

    rows = run.metric_rows()
    names: list[str] = pc.unique(rows.filter(pc.is_valid(rows["network"]))["name"]).to_pylist()
    return names


def network_metric(run: Run, name: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the steps `[T]` and the values `[T, S]` of a metric of each network; NaN where a network has diverged.

    Raises
    ------
    StoreError
        No such metric was recorded; the message names the nearest one.
    """
    import pyarrow.compute as pc

    names = sorted(network_metric_names(run))
    if name not in names:
        raise StoreError(complaint("metric", expected=f"one of {', '.join(names)}", got=name, valid=names))
    rows = run.metric_rows()
    rows = rows.filter(pc.and_(pc.is_valid(rows["network"]), pc.equal(rows["name"], name)))
    steps, at = np.unique(rows["step"].to_numpy(), return_inverse=True)
    values = np.full((len(steps), len(network_table(run))), np.nan)
    values[at, rows["network"].to_numpy()] = rows["value"].to_numpy()
    return steps, values


def curves_of_networks(run: Run) -> dict[str, dict[str, tuple[list[int], list[Measure]]]]:
    """Return by metric and setting the recorded steps, and at each the mean over seeds.

    Metrics that were recorded once only are left out.
    """
    settings, curves = network_settings(run), {}
    for name in network_metric_names(run):
        steps, values = network_metric(run, name)
        if len(steps) > 1:
            curves[name] = {
                setting.label: (steps.tolist(), [over_seeds(row[list(setting.networks)].tolist()) for row in values])
                for setting in settings
            }
    return curves
