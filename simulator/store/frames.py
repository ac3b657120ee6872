"""What a run recorded as a table of pandas and as arrays with named dimensions (xarray)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store.schemas import DIMENSIONS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import xarray as xr

    from hubbub.simulator.store.reader import Run

NO_SYMBOL = -1
"""In the messages of steps without a lexicon, and nothing else: symbols and padding are 0 or more."""


def metric_frame(rows: pa.Table) -> pd.DataFrame:
    """Return metric rows as a DataFrame: step, name, value, and the dimensions that any of them has.

    Dimensions that are whole numbers and do not apply to all rows have pandas' type Int64, in which a value may be
    missing.
    """
    used = [name for name in DIMENSIONS if rows[name].null_count < len(rows)]
    chosen = rows.select(["step", "name", "value", *used])
    frame: pd.DataFrame = chosen.to_pandas()
    partial = {name: "Int64" for name in used if rows[name].null_count and str(rows[name].type) == "int64"}
    return frame.astype(partial)


def last_values(run: Run, *, most: int = 8) -> dict[str, str]:
    """Return the last values of the first metrics that describe the whole system, as text."""
    rows = metric_frame(run.metric_rows())
    rows = rows[rows[[name for name in DIMENSIONS if name in rows]].isna().all(axis=1)]
    last = rows.groupby("name", sort=False)["value"].last()
    return {str(name).replace("_", " "): f"{value:.4g}" for name, value in last.iloc[:most].items()}


def labelled(run: Run, *, lexicons: bool = True) -> xr.Dataset:
    """Return what a run recorded as arrays with named dimensions.

    See `Run.to_xarray`.
    """
    try:
        import xarray as xr
    except ImportError as error:
        raise ConfigurationError(
            "to_xarray: needs one more package: `pip install 'hubbub[xarray]'`; metrics() and lexicon() give the same"
        ) from error
    parts = [xr.Dataset(_metrics(run), coords=_coordinates(run))]
    if lexicons and run.lexicon_steps():
        parts.append(xr.Dataset(*_lexicons(run)))
    if len(run.series()):
        parts.append(xr.Dataset(_series(run)))
    fill = {"lexicon_message": NO_SYMBOL, "lexicon_length": 0}
    data: xr.Dataset = xr.merge(parts, join="outer", compat="no_conflicts", fill_value=_fill(parts, fill))
    data.attrs = {
        name: run.info[name] for name in ("name", "seed", "status", "step", "hubbub_version") if name in run.info
    }
    return data


def _fill(parts: list[xr.Dataset], fill: dict[str, int]) -> dict[str, Any]:
    """Return what stands at steps at which an array has no record: NaN where there is no other number for it."""
    return {str(name): fill.get(str(name), np.nan) for part in parts for name in part.data_vars}


def _metrics(run: Run) -> dict[str, Any]:
    """Return an array for each metric, over step and the dimensions that its rows have."""
    frame = metric_frame(run.metric_rows())
    used = [name for name in DIMENSIONS if name in frame]
    have = frame[used].notna().apply(lambda row: tuple(row.index[row]), axis=1) if used else None
    kinds = frame.assign(dimensions=have if have is not None else [()] * len(frame))
    arrays: dict[str, Any] = {}
    for (name, dimensions), rows in kinds.groupby(["name", "dimensions"], sort=False):
        other = f"{name}_by_{'_'.join(dimensions)}" if dimensions else f"{name}_overall"
        key = other if name in arrays else name
        by = ["step", *dimensions]
        values = rows.drop_duplicates(by, keep="last").set_index(by)["value"]
        arrays[key] = values.astype(float).to_xarray()
    return arrays


def _coordinates(run: Run) -> dict[str, Any]:
    """Return what is known of each agent and each network, as coordinates."""
    found: dict[str, Any] = {}
    tables = run.tables()
    if "agents.parquet" in tables:
        agents = run.agents()
        n = np.arange(len(agents.names))
        found |= {"agent": n, "agent_name": ("agent", list(agents.names))}
        found |= {f"agent_{name}": ("agent", list(values)) for name, values in agents.attributes.items()}
    if "networks.parquet" in tables:
        networks = run.table("networks.parquet").to_pydict()
        found["network"] = networks.pop("network")
        found |= {f"network_{name}": ("network", values) for name, values in networks.items()}
    if "copies.parquet" in tables:
        copies = run.table("copies.parquet").to_pydict()
        found["copy"] = copies.pop("copy")
        found |= {f"copy_{name}": ("copy", values) for name, values in copies.items()}
    return found


def _lexicons(run: Run) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return messages, their lengths and success of all recorded lexicons, and their coordinates."""
    steps = run.lexicon_steps()
    recorded = [run.lexicon(step).splits for step in steps]
    splits = list(recorded[0])
    of_split = [run.referents(split) for split in splits]
    messages = [np.concatenate([one[split].messages for split in splits], axis=1) for one in recorded]
    lengths = [np.concatenate([one[split].lengths for split in splits], axis=1) for one in recorded]
    success = [np.stack([one[split].success for split in splits]) for one in recorded]
    arrays = {
        "lexicon_message": (("step", "agent", "referent", "position"), np.stack(messages).astype(np.int16)),
        "lexicon_length": (("step", "agent", "referent"), np.stack(lengths).astype(np.int16)),
        "lexicon_success": (("step", "split", "speaker", "listener"), np.stack(success).astype(np.float32)),
    }
    agents = np.arange(messages[0].shape[0])
    coordinates: dict[str, Any] = {
        "step": steps,
        "split": splits,
        "agent": agents,
        "speaker": agents,
        "listener": agents,
        "referent": np.concatenate([recorded[0][split].referents for split in splits]),
        "referent_split": ("referent", np.repeat(splits, [len(recorded[0][split].referents) for split in splits])),
    }
    names = of_split[0][2]
    for at, name in enumerate(names):
        values = []
        for split, (numbers, attributes, _) in zip(splits, of_split, strict=True):
            place = {int(number): row for row, number in enumerate(numbers)}
            rows = [place[int(number)] for number in recorded[0][split].referents]
            values.append(attributes[rows, at])
        coordinates[f"referent_{name}"] = ("referent", np.concatenate(values))
    return arrays, coordinates


def _series(run: Run) -> dict[str, Any]:
    """Return the records of memories over their own steps and copies."""
    frame = run.series().to_pandas().rename(columns={"step": "series_step"}).set_index(["series_step", "copy"])
    return {f"series_{name}": values.to_xarray() for name, values in frame.items() if values.notna().any()}
