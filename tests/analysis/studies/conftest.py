"""A study on the disk, without training: runs whose metrics are given, or synthetic populations."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubbub.analysis.studies import StudyResult, open_study
from hubbub.simulator.store import RunWriter

Values = Callable[[dict[str, Any], int], dict[str, float]]
"""From the setting and the seed of a run to the last values of its metrics."""


def write_plain_run(path: Path, setting: dict[str, Any], seed: int, values: dict[str, float]) -> None:
    """Write a run of a kind of system that hubbub does not know, with metrics only."""
    configuration = {"system": "voters", "dynamics": setting, "seed": seed}
    with RunWriter.create(path, name="voters", seed=seed, configuration=configuration, versions={}) as writer:
        for step in (0, 10):
            rows = [{"name": name, "value": value * step / 10} for name, value in values.items()]
            writer.append_rows("metrics", step, rows)
        writer.set_status("finished", step=10)


def write_study(
    folder: Path,
    settings: list[dict[str, Any]],
    seeds: list[int],
    values: Values,
    *,
    headline: tuple[str, ...] = (),
    failed: tuple[str, ...] = (),
    write: Callable[[Path, dict[str, Any], int, dict[str, float]], None] = write_plain_run,
    **about: Any,
) -> StudyResult:
    rows = []
    vary = {path: list(dict.fromkeys(setting[path] for setting in settings)) for path in settings[0]}
    for number, setting in enumerate(settings):
        for seed in seeds:
            name = f"small-{number}-s{seed}"
            made = values(setting, seed)
            row = {"run": name, **setting, "seed": seed, "status": "finished", "step": 10, "seconds": 1.0}
            if name in failed:
                row |= {"status": "failed", "step": 0, **dict.fromkeys(headline), "problem": "training <diverged>"}
            else:
                write(folder / "runs" / name, setting, seed, made)
                row |= {**{one: made[one] for one in headline}, "problem": ""}
            rows.append(row)
    study = {"name": "small", "scenario": {"name": "voters"}, "vary": vary, "mode": "grid", "seeds": seeds, **about}
    (folder / "study.json").write_text(json.dumps({"schema_version": 1, "study": study}))
    pq.write_table(pa.Table.from_pylist(rows), folder / "study.parquet")
    return open_study(folder)


@pytest.fixture
def make_study(tmp_path: Path) -> Callable[..., StudyResult]:
    """Return a function that writes a study into a temporary folder and opens it."""
    (tmp_path / "study").mkdir()
    return lambda *given, **options: write_study(tmp_path / "study", *given, **options)
